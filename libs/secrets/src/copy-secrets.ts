import { chmod, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { type KeyedDigest, keyedDigest } from './digest.ts';
import { SecretsError } from './errors.ts';
import { learnValues } from './mask/learn-secrets.ts';
import { generate } from './generate.ts';
import { secretFiles, secretsDirectory } from './secret-files.ts';
import { checkValue } from './secret-values.ts';
import { boilerplateDirectory, type SecretFileShape } from './shape.ts';

export interface CopySecretsResult {
  /** Paths below `secrets/` that were written. */
  readonly written: readonly string[];
  /** Paths below `secrets/` that already held the right bytes. */
  readonly unchanged: readonly string[];
  /** Where the values came from, for people. */
  readonly source: string;
  /** See {@link secretsState}, after the copy. */
  readonly state: string;
}

/**
 * Brings the environment's secret files to `environments/<name>/secrets`, mode 0600: copied from the folder that
 * environment.yaml names, or made up once where it says `generated`. All sources are checked before the first file is
 * written.
 *
 * @throws {SecretsError} `missing-source` that names every file to provide.
 */
export async function copySecrets(environment: Environment): Promise<CopySecretsResult> {
  const directory = secretsDirectory(environment);
  const files = await secretFiles(environment);
  const values = await readSource(environment, files);
  await learnValues(environment, values);
  const written: string[] = [];
  const unchanged: string[] = [];
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  for (const { path } of files) {
    const target = join(directory, path);
    const bytes = values.get(path);
    const present = await readFile(target).catch(() => undefined);
    if (!bytes || (present && present.equals(bytes))) {
      await chmod(target, 0o600);
      unchanged.push(path);
      continue;
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const fresh = `${target}.${process.pid}.tmp`;
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, target);
    written.push(path);
  }
  return {
    written,
    unchanged,
    source: describeSource(environment),
    state: await secretsState(environment),
  };
}

/**
 * Keyed digest over the environment's secret files and the same files of their source: equal states mean that nothing was
 * rotated, edited, added or removed on either side. Which files there have to be is not its business.
 */
export async function secretsState(environment: Environment): Promise<string> {
  const digest = await keyedDigest();
  const paths = await presentFiles(environment);
  const source = sourceFolder(environment);
  return digest([
    await digestFiles(digest, secretsDirectory(environment), paths),
    source === undefined ? 'generated' : await digestFiles(digest, source, paths),
  ]);
}

/** Keyed digest over the environment's own secret files: what apply puts into the cluster. */
export async function secretsDigest(environment: Environment): Promise<string> {
  const paths = await presentFiles(environment);
  return digestFiles(await keyedDigest(), secretsDirectory(environment), paths);
}

async function presentFiles(environment: Environment): Promise<string[]> {
  const root = secretsDirectory(environment);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .flatMap((entry) =>
      entry.isFile() ? [relative(root, join(entry.parentPath, entry.name))] : [],
    )
    .sort();
}

async function digestFiles(
  digest: KeyedDigest,
  folder: string,
  paths: readonly string[],
): Promise<string> {
  const parts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path)).catch(() => '(absent)')]),
  );
  return digest(parts.flat());
}

// The bytes to write; a generated value that is there already is kept, so it is not in the result.
async function readSource(
  environment: Environment,
  files: readonly SecretFileShape[],
): Promise<Map<string, Buffer>> {
  const folder = sourceFolder(environment);
  const values = new Map<string, Buffer>();
  const problems: string[] = [];
  for (const shape of files) {
    const from = join(folder ?? secretsDirectory(environment), shape.path);
    const bytes = await readFile(from).catch(() => undefined);
    const problem = bytes ? checkValue(shape, bytes) : 'is missing';
    if (folder && problem) problems.push(`${shape.path} ${problem}: ${shape.description}`);
    else if (folder && bytes) values.set(shape.path, bytes);
    else if (problem) values.set(shape.path, Buffer.from(generate(shape.generate), 'utf8'));
  }
  if (folder && problems.length > 0) {
    const where = describeSource(environment);
    const boilerplate = relative(
      environment.workspaceRoot,
      boilerplateDirectory(environment.workspaceRoot),
    );
    const remedy = existsSync(folder)
      ? `Fill in:\n  ${problems.join('\n  ')}`
      : `It is not there. Begin with a copy of the boilerplate, then fill it in:\n  mkdir -p ${dirname(where)} && cp -r ${boilerplate} ${where}`;
    throw new SecretsError(
      'missing-source',
      `Cannot copy the secrets of ${environment.name} from ${where}: ${problems.length} of ${files.length} files are not filled in. ${remedy}`,
    );
  }
  return values;
}

function sourceFolder({ secrets, workspaceRoot }: Environment): string | undefined {
  return secrets.source === 'folder'
    ? resolve(workspaceRoot, secrets.path.replace(/^~(?=$|\/)/, homedir()))
    : undefined;
}

function describeSource(environment: Environment): string {
  const folder = sourceFolder(environment);
  if (!folder) return 'throw-away values, made once for this clone';
  const below = relative(homedir(), folder);
  return below.startsWith('..') ? folder : `~/${below}`;
}
