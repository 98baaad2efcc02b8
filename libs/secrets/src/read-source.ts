import type { Environment } from '@prow-deploy/environment';
import { checkValue, type ValueFault } from './forms/check-value.ts';
import { listFiles } from './folder-files.ts';
import { processMask } from './mask/process-mask.ts';
import type { SecretFileShape } from './shape/secret-file-shape.ts';
import { isOfBoilerplate, readShape } from './shape/read-shape.ts';
import type { SecretSource } from './sources/source.ts';

export interface ReadSourceOptions {
  readonly source: SecretSource;
  /** The files that the environment reads. */
  readonly files: readonly SecretFileShape[];
}

/** What a source has for one secret file. */
export interface SourceValue {
  readonly shape: SecretFileShape;
  /** The bytes to copy, where they can be used. */
  readonly bytes?: Buffer;
  readonly changedAt?: Date;
  /** Why they cannot. */
  readonly fault?: ValueFault | 'missing' | 'unreadable';
  /** The same in words that follow the name of the file. Never holds anything of the value. */
  readonly says?: string;
}

/** All values of a source, and all that is wrong with it, one line each. */
export async function readSource(
  environment: Environment,
  { source, files }: ReadSourceOptions,
): Promise<{ values: ReadonlyMap<string, Buffer>; problems: readonly string[] }> {
  const [found, undeclared] = await Promise.all([
    Promise.all(files.map((shape) => readSourceValue(source, shape))),
    undeclaredFiles(environment, source),
  ]);
  const problems = found.flatMap(({ shape, says }) =>
    says === undefined ? [] : [`${shape.path} ${says}: ${instructions(shape)}`],
  );
  const values = found.flatMap(({ shape, bytes }): [string, Buffer][] =>
    bytes ? [[shape.path, bytes]] : [],
  );
  return {
    values: new Map(values),
    problems: [
      ...problems,
      ...undeclared.map(
        (path) =>
          `${path} is a file that nobody declares: remove it, or describe it in the boilerplate`,
      ),
    ],
  };
}

/** Reads and checks what a source has for one file. */
export async function readSourceValue(
  source: SecretSource,
  shape: SecretFileShape,
): Promise<SourceValue> {
  const found = await source.read(shape);
  if (found.state === 'missing' && shape.presence === 'optional') {
    return { shape, bytes: emptyValue(shape) };
  }
  if (found.state !== 'read') return { shape, fault: found.state, says: found.says };
  const { bytes, changedAt } = found;
  processMask.learn(shape.path, bytes);
  const problem = checkValue(shape, bytes);
  return problem ? { shape, changedAt, ...problem } : { shape, bytes, changedAt };
}

// An env file without values still has its keys: a render has placeholders for them.
function emptyValue({ keys = [] }: SecretFileShape): Buffer {
  return Buffer.from(keys.map((key) => `${key}=\n`).join(''), 'utf8');
}

function instructions({ description, permission }: SecretFileShape): string {
  return permission === undefined ? description : `${description} (${permission})`;
}

/** Files of a source that no shape describes; hidden ones, and what the boilerplate has for people, aside. */
export async function undeclaredFiles(
  { workspaceRoot }: Environment,
  { folder }: SecretSource,
): Promise<string[]> {
  if (folder === undefined) return [];
  const [shapes, paths] = await Promise.all([readShape(workspaceRoot), listFiles(folder)]);
  const declared = [...shapes.keys()];
  return paths.filter(
    (path) =>
      !path.split('/').some((segment) => segment.startsWith('.')) &&
      !isOfBoilerplate(path) &&
      // A link to a folder stands for what is below it.
      !declared.some((known) => known === path || known.startsWith(`${path}/`)),
  );
}
