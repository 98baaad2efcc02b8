import { randomUUID } from 'node:crypto';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { ClusterIdentity, Environment } from './environment.ts';
import { EnvironmentError } from './errors.ts';
import { checkEnvironment, ENVIRONMENT_FILE } from './read-environment.ts';
import { parseYamlFile } from './yaml-file.ts';

/**
 * Writes the identity of an environment's cluster into its environment.yaml, whole or not at all. Comments and the order
 * of keys stay as they are.
 *
 * @throws {EnvironmentError} `invalid-environment` where the file has no place for it: nothing was written.
 */
export async function writeIdentity(
  environment: Pick<Environment, 'directory' | 'workspaceRoot'>,
  identity: ClusterIdentity,
): Promise<void> {
  const { directory, workspaceRoot } = environment;
  const shown = relative(workspaceRoot, join(directory, ENVIRONMENT_FILE));
  const file = await realpath(join(directory, ENVIRONMENT_FILE));
  const text = withIdentity(await readFile(file, 'utf8'), shown, identity);
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(fresh, text, { mode: (await stat(file)).mode });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** The text of an environment.yaml with another identity of its cluster; `file` is the path to show. */
export function withIdentity(text: string, file: string, identity: ClusterIdentity): string {
  const before = checkEnvironment(parseYamlFile(text, file));
  const document = parseDocument(text);
  for (const key of ['uid', 'server', 'caSha256'] as const) {
    document.setIn(['cluster', 'identity', key], identity[key]);
  }
  const plain = document.toString({ lineWidth: 0, singleQuote: true });
  const written = text.includes('\r\n') ? plain.replaceAll('\n', '\r\n') : plain;
  const after = checkEnvironment(parseYamlFile(written, file));
  if (!isDeepStrictEqual(after, { ...before, cluster: { ...before.cluster, identity } })) {
    throw new EnvironmentError(
      'invalid-environment',
      `Cannot write the identity of the cluster into ${file}: more than that would change. Write it by hand, below "cluster".`,
    );
  }
  return written;
}
