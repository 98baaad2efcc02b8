import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ClusterError } from '../cluster-error.ts';
import type {
  Kubeconfig,
  KubeconfigClusterEntry,
  KubeconfigContextEntry,
  KubeconfigUserEntry,
} from './kubeconfig.ts';

/**
 * Reads kubeconfig files and merges them as kubectl does: files that do not exist are passed over, the first file to
 * name an entry wins with the whole entry, relative paths are relative to the file that has them.
 *
 * @throws {ClusterError} `kubeconfig-absent` when none exists, `kubeconfig-invalid` when one is not a kubeconfig.
 */
export async function readKubeconfig(paths: readonly string[]): Promise<Kubeconfig> {
  const clusters = new Map<string, KubeconfigClusterEntry>();
  const users = new Map<string, KubeconfigUserEntry>();
  const contexts = new Map<string, KubeconfigContextEntry>();
  let found = false;
  for (const path of paths) {
    const text = await readIfPresent(path);
    if (text === undefined) {
      continue;
    }
    found = true;
    const document = await parse(text, path);
    const folder = dirname(path);
    for (const [name, entry] of namedEntries(document, 'clusters', 'cluster', path)) {
      addFirst(clusters, name, clusterWithPaths(entry, folder));
    }
    for (const [name, entry] of namedEntries(document, 'users', 'user', path)) {
      addFirst(users, name, userWithPaths(entry, folder));
    }
    for (const [name, entry] of namedEntries(document, 'contexts', 'context', path)) {
      addFirst(contexts, name, entry);
    }
  }
  if (!found) {
    throw new ClusterError(
      'kubeconfig-absent',
      `Cannot read the kubeconfig: ${paths.join(' and ')} ${paths.length > 1 ? 'do' : 'does'} not exist. ` +
        'Put it there, name another file in environment.yaml (cluster.kubeconfig), or set KUBECONFIG.',
    );
  }
  return { clusters, users, contexts };
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw new ClusterError(
      'kubeconfig-invalid',
      `Cannot read the kubeconfig ${path}: ${(error as Error).message}. Make it readable for this user.`,
      { cause: error },
    );
  }
}

// A kubeconfig holds credentials, and parsers quote what they stumble over: no parser message is passed on.
async function parse(text: string, path: string): Promise<Record<string, unknown>> {
  let document: unknown;
  try {
    document = text.trimStart().startsWith('{') ? JSON.parse(text) : await parseYaml(text);
  } catch {
    throw invalid(path, 'it is not YAML');
  }
  if (document === null || document === undefined) {
    return {};
  }
  if (!isRecord(document)) {
    throw invalid(path, 'it is not a mapping');
  }
  return document;
}

async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import('yaml');
  return yaml.parse(text, { logLevel: 'error' }) as unknown;
}

function* namedEntries(
  document: Record<string, unknown>,
  list: string,
  key: string,
  path: string,
): Generator<[string, Record<string, unknown>]> {
  const items = document[list] ?? [];
  if (!Array.isArray(items)) {
    throw invalid(path, `its "${list}" is not a list`);
  }
  for (const item of items as unknown[]) {
    if (!isRecord(item) || typeof item['name'] !== 'string') {
      throw invalid(path, `an entry of its "${list}" has no name`);
    }
    const entry = item[key] ?? {};
    if (!isRecord(entry)) {
      throw invalid(
        path,
        `"${key}" of ${JSON.stringify(item['name'])} in its "${list}" is not a mapping`,
      );
    }
    yield [item['name'], entry];
  }
}

function clusterWithPaths(entry: Record<string, unknown>, folder: string): KubeconfigClusterEntry {
  return { ...entry, ...absolute(entry, folder, ['certificate-authority']) };
}

function userWithPaths(entry: Record<string, unknown>, folder: string): KubeconfigUserEntry {
  const files = absolute(entry, folder, ['client-certificate', 'client-key', 'tokenFile']);
  const exec = entry['exec'];
  // A command with a slash in it is relative to the kubeconfig, one without is looked for in PATH.
  return isRecord(exec) && typeof exec['command'] === 'string' && exec['command'].includes('/')
    ? { ...entry, ...files, exec: { ...exec, command: resolve(folder, exec['command']) } }
    : { ...entry, ...files };
}

function absolute(
  entry: Record<string, unknown>,
  folder: string,
  keys: readonly string[],
): Record<string, string> {
  const paths: Record<string, string> = {};
  for (const key of keys) {
    const path = entry[key];
    if (typeof path === 'string' && path !== '') {
      paths[key] = resolve(folder, path);
    }
  }
  return paths;
}

function addFirst<T>(entries: Map<string, T>, name: string, entry: T): void {
  if (!entries.has(name)) {
    entries.set(name, entry);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, why: string): ClusterError {
  return new ClusterError(
    'kubeconfig-invalid',
    `Cannot use the kubeconfig ${path}: ${why}. Compare it with "kubectl config view --kubeconfig ${path}".`,
  );
}
