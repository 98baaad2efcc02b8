import { stringify } from 'yaml';
import { parseYaml } from '../load/parse-yaml.ts';
import {
  type JsonObject,
  type Level,
  type Tree,
  isJsonObject,
  listOf,
  textOf,
} from '../load/tree.ts';
import { usedLevels } from './follow.ts';
import { runKustomize } from './run-kustomize.ts';
import {
  type SimObject,
  idOf,
  metadataOf,
  newObject,
  rememberId,
  sameId,
  withField,
} from './sim-object.ts';
import type { SimulateOptions } from './simulate.ts';

/** What these fields do is up to programs and settings of their own; kustomize is asked what comes out. */
export const OPAQUE_FIELDS = [
  'transformers',
  'helmCharts',
  'helmChartInflationGenerator',
  'configurations',
  'crds',
] as const;

/** What cannot be followed, as kustomize has it. */
export type Opaque = Pick<SimulateOptions, 'known' | 'plugins'>;

/**
 * Asks kustomize for what cannot be followed: the objects that `generators` give, and those of every kustomization below
 * that has a field of its own kind. There is nothing to ask where there is none of them, as is usual.
 */
export async function opaqueLevels(tree: Tree, options: RunOptions): Promise<Opaque> {
  const levels = usedLevels(tree.top);
  const generating = levels.filter(({ content }) => listOf(content['generators']).length > 0);
  const opaque = levels.filter(
    (level) =>
      level !== tree.top &&
      !level.component &&
      OPAQUE_FIELDS.some((field) => listOf(level.content[field]).length > 0),
  );
  const [plugins, built] = await Promise.all([
    Promise.all(
      generating.map(async (level) => [level, await pluginObjects(tree, level, options)] as const),
    ),
    Promise.all(
      opaque.map(async (level) => [level, await levelObjects(tree, level, options)] as const),
    ),
  ]);
  return {
    ...(plugins.length > 0 ? { plugins: fromMap(new Map(plugins)) } : {}),
    ...(built.length > 0 ? { known: fromBuilt(new Map(built)) } : {}),
  };
}

function fromMap(plugins: ReadonlyMap<Level, readonly SimObject[]>): Opaque['plugins'] & object {
  return (level) => plugins.get(level) ?? [];
}

function fromBuilt(built: ReadonlyMap<Level, readonly SimObject[]>): Opaque['known'] & object {
  return (level, followed) => {
    const real = built.get(level);
    return real ? reconcile(followed, real) : followed;
  };
}

interface RunOptions {
  readonly kustomize: string;
  readonly signal?: AbortSignal;
}

// The kustomization with nothing but its generators.
async function pluginObjects(
  tree: Tree,
  level: Level,
  options: RunOptions,
): Promise<readonly SimObject[]> {
  const content = { generators: level.content['generators'] ?? [] };
  const values = await builtAs(tree, level, content, options);
  return values.map((value, index) => {
    const key = `${level.file}:generators.${index}`;
    // The hash of the content comes last, after all patches.
    const metadata = metadataOf(value);
    const name = textOf(metadata['name']);
    const plain = name.replace(/-[a-z0-9]{10}$/, '');
    const kind = textOf(value['kind']);
    if (plain === name || (kind !== 'ConfigMap' && kind !== 'Secret')) return newObject(key, value);
    return newObject(key, withField(value, 'metadata', withField(metadata, 'name', plain)), true);
  });
}

async function levelObjects(
  tree: Tree,
  level: Level,
  options: RunOptions,
): Promise<readonly SimObject[]> {
  const values = await builtAs(tree, level, level.content, options);
  return values.map((value, index) => newObject(`${level.file}:${index}`, value));
}

// What kustomize builds of a level with this content, in the order in which objects come in.
async function builtAs(
  tree: Tree,
  level: Level,
  content: JsonObject,
  options: RunOptions,
): Promise<JsonObject[]> {
  const files = new Map(tree.files);
  files.set(level.file, Buffer.from(stringify({ ...content, sortOptions: { order: 'fifo' } })));
  const manifest = await runKustomize(
    { ...tree, files },
    { ...options, directory: level.directory },
  );
  return parseYaml(manifest, level.file).documents.filter(isJsonObject);
}

// The value is kustomize's; the names that the object had are known where both have the same objects in the same order.
function reconcile(
  followed: readonly SimObject[],
  real: readonly SimObject[],
): readonly SimObject[] {
  const parallel =
    followed.length === real.length &&
    followed.every(({ value }, index) => value['kind'] === real[index]?.value['kind']);
  if (!parallel) return real;
  return followed.map((object, index) => {
    const value = real[index]?.value ?? object.value;
    const renamed = !sameId(idOf(value), idOf(object.value));
    return { ...(renamed ? rememberId(object) : object), value };
  });
}
