import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type YamlFile, readYamlFile } from '@prow-deploy/environment';
import * as v from 'valibot';
import { SecretsError } from '../errors.ts';
import { readEnvFile } from '../forms/env-file.ts';
import { PRESENCES, SECRET_FORMATS, type SecretFileShape } from './secret-file-shape.ts';

/** File of the boilerplate that describes its other files. */
export const SHAPE_FILE = 'shape.yaml';

const NO_SECRETS = new Set(['README.md', SHAPE_FILE]);

/** Whether a file of the boilerplate is there for people or programs, and no secret. */
export function isOfBoilerplate(path: string): boolean {
  return NO_SECRETS.has(path);
}

// Segments of plain characters, none of them `.` or `..`: a path never leaves the folder that it is put below.
const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Folder that holds the shape of every secret, with instructions and without values. */
export function boilerplateDirectory(workspaceRoot: string): string {
  return join(workspaceRoot, 'kustom-base', 'secrets-boilerplate');
}

/**
 * Reads the shape of every secret file: path below `secrets/` → shape.
 *
 * @throws {SecretsError} `invalid-shape`, naming file and line: a wrong key, a file that is described and not there, or
 *   there and not described.
 */
export async function readShape(
  workspaceRoot: string,
): Promise<ReadonlyMap<string, SecretFileShape>> {
  const directory = boilerplateDirectory(workspaceRoot);
  const [source, present] = await Promise.all([
    readYamlFile(join(directory, SHAPE_FILE), workspaceRoot),
    filesBelow(directory),
  ]);
  const result = v.safeParse(schema(), source.documents[0]?.toJS());
  const problems = [
    ...source.errors,
    ...(result.issues ?? []).map(({ path = [], message }) => {
      const keys = (path as { key: unknown }[]).map(({ key }) => key);
      return `${source.where(keys)}: ${keys.join('.')}: ${message}`;
    }),
    ...(result.success ? differences(source, Object.keys(result.output), present) : []),
  ];
  if (!result.success || problems.length > 0) refuse(source, problems);
  const shapes = Object.entries(result.output).map(async ([path, shape]) => {
    if (shape.format !== 'env') return { path, ...shape };
    const { entries } = readEnvFile(await readFile(join(directory, path), 'utf8'));
    if (entries.length === 0) refuse(source, [`${source.where([path])}: ${path} has no key.`]);
    return { path, ...shape, keys: entries.map(({ key }) => key) };
  });
  return new Map((await Promise.all(shapes)).map((shape) => [shape.path, shape]));
}

function refuse({ file }: YamlFile, problems: readonly string[]): never {
  throw new SecretsError('invalid-shape', `Cannot use ${file}: ${problems.join('\n  ')}`);
}

function schema() {
  const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
  return v.record(
    v.pipe(v.string(), v.regex(PATH, 'is no path such as hmac-token/hmac')),
    v.strictObject({
      description: text,
      readBy: v.pipe(v.array(text), v.minLength(1, 'must name a program')),
      permission: v.exactOptional(text),
      format: v.picklist(SECRET_FORMATS),
      bytes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      exact: v.exactOptional(v.boolean(), false),
      presence: v.exactOptional(v.picklist(PRESENCES), 'required'),
      generate: v.string(),
    }),
  );
}

function differences(
  source: YamlFile,
  described: readonly string[],
  present: readonly string[],
): string[] {
  return [
    ...described
      .filter((path) => !present.includes(path))
      .map((path) => `${source.where([path])}: ${path} is described, and there is no such file.`),
    ...present
      .filter((path) => !isOfBoilerplate(path) && !described.includes(path))
      .map((path) => `${source.file}: ${path} is there, and nothing describes it.`),
  ];
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}
