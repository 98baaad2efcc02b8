import { type Level, type Tree, listOf } from '../load/tree.ts';
import { parseYaml } from '../load/parse-yaml.ts';
import { isJsonObject } from '../load/tree.ts';
import { usedLevels } from './follow.ts';
import { runKustomize } from './run-kustomize.ts';
import { type SimObject, idOf, newObject, rememberId, sameId } from './sim-object.ts';
import type { SimulateOptions } from './simulate.ts';

// What these do is up to programs and settings of their own; kustomize is asked what comes out.
const OPAQUE_FIELDS = [
  'generators',
  'transformers',
  'helmCharts',
  'helmChartInflationGenerator',
  'configurations',
  'crds',
];

/**
 * Asks kustomize for the objects of every kustomization that cannot be followed by its own fields, for those above it.
 * Undefined where there is none, as is usual.
 */
export async function opaqueLevels(
  tree: Tree,
  options: { readonly kustomize: string; readonly signal?: AbortSignal },
): Promise<SimulateOptions['known'] | undefined> {
  const opaque = usedLevels(tree.top).filter(
    (level) =>
      level !== tree.top &&
      !level.component &&
      OPAQUE_FIELDS.some((field) => listOf(level.content[field]).length > 0),
  );
  if (opaque.length === 0) return undefined;
  const built = new Map<Level, readonly SimObject[]>(
    await Promise.all(
      opaque.map(async (level): Promise<[Level, SimObject[]]> => {
        const manifest = await runKustomize(tree, { ...options, directory: level.directory });
        const values = parseYaml(manifest, level.file).documents.filter(isJsonObject);
        return [level, values.map((value, index) => newObject(`${level.file}:${index}`, value))];
      }),
    ),
  );
  return (level, followed) => {
    const real = built.get(level);
    return real ? reconcile(followed, real) : followed;
  };
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
