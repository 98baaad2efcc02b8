import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { parseEnvFile } from './env-file.ts';
import { SecretsError } from './errors.ts';
import { learnValues } from './mask/learn-secrets.ts';
import { placeholder } from './placeholder.ts';
import { secretFiles, secretsDirectory } from './secret-files.ts';
import type { SecretFileShape } from './shape.ts';

/** What marks a value of the boilerplate that nobody has filled in yet. */
export const BOILERPLATE_MARKER = '<<FILL';

/** Secret values of one environment, in memory only: placeholder → bytes. */
export type SecretValues = ReadonlyMap<string, Buffer>;

/**
 * Reads the environment's secret files and checks that each value is there and filled in.
 *
 * @throws {SecretsError} `unusable-value` that names every file to fill; values are never shown.
 */
export async function readSecretValues(environment: Environment): Promise<SecretValues> {
  const { name, workspaceRoot } = environment;
  const directory = secretsDirectory(environment);
  const files = await secretFiles(environment);
  const problems: string[] = [];
  const entries = await Promise.all(
    files.map(async (shape): Promise<[string, Buffer][]> => {
      const file = join(directory, shape.path);
      const bytes = await readFile(file).catch(() => undefined);
      const problem = bytes ? checkValue(shape, bytes) : 'is missing';
      if (problem) problems.push(`${relative(workspaceRoot, file)} ${problem}`);
      if (!bytes || problem) return [];
      if (shape.format !== 'env') return [[placeholder(shape.path), bytes]];
      return parseEnvFile(bytes.toString('utf8')).map(({ key, value }) => [
        placeholder(shape.path, key),
        Buffer.from(value, 'utf8'),
      ]);
    }),
  );
  if (problems.length > 0) {
    throw new SecretsError(
      'unusable-value',
      `Cannot use the secrets of ${name}: ${problems.length} of ${files.length} files are not filled in. Run nx run ${name}:copy-secrets, or correct:\n  ${problems.sort().join('\n  ')}`,
    );
  }
  const values = new Map(entries.flat());
  await learnValues(environment, values);
  return values;
}

/** Why a value cannot be used; undefined where it can. */
export function checkValue(shape: SecretFileShape, bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  if (text.includes(BOILERPLATE_MARKER)) return "still holds the boilerplate's text";
  if (shape.format === 'env') {
    const entries = parseEnvFile(text);
    if (entries.length === 0) return 'has no KEY=value line';
    const empty = entries.find(({ value }) => value === '');
    if (empty && !shape.mayBeEmpty) return `has no value for ${empty.key}`;
    return undefined;
  }
  return text.trim() === '' && !shape.mayBeEmpty ? 'is empty' : undefined;
}
