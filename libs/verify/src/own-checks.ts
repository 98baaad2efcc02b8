import { access, constants, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Cluster } from '@prow-deploy/cluster';
import type { Check, Findings } from './verify-report.ts';

export interface OwnChecksOptions {
  /** Folders with checks, see {@link runOwnChecks}. */
  readonly directories: readonly string[];
  readonly cluster: Pick<Cluster, 'environment' | 'kubeconfig' | 'context'>;
  readonly prow: string;
  readonly jobs: string;
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

/** How long one of them may take. */
const DEADLINE_MS = 5 * 60_000;
const QUOTED = 400;

/**
 * Runs a user's own checks, one after the other, by name: every executable file of the folders, and every `test_*.py` by
 * pytest, as testinfra is run. They find the cluster in KUBECONFIG and KUBE_CONTEXT, the namespaces in PROW_NAMESPACE and
 * JOBS_NAMESPACE, and the environment's name in PROW_ENVIRONMENT. Exit code 0 passes; of any other, the last line that was
 * written is the reason.
 */
export async function runOwnChecks(options: OwnChecksOptions): Promise<Findings> {
  const { directories, cluster, prow, jobs, mask, signal } = options;
  const found = await Promise.all(directories.map(checksIn));
  const passed: Check[] = [];
  const failed: Check[] = [];
  for (const one of found.flat()) {
    if ('reason' in one) {
      failed.push({ check: 'own-check', ...one });
      continue;
    }
    const { execa } = await import('execa');
    const [command = '', ...args] = one.command;
    const result = await execa(command, args, {
      env: {
        KUBECONFIG: cluster.kubeconfig,
        KUBE_CONTEXT: cluster.context,
        PROW_ENVIRONMENT: cluster.environment,
        PROW_NAMESPACE: prow,
        JOBS_NAMESPACE: jobs,
      },
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: DEADLINE_MS,
      cancelSignal: signal,
      forceKillAfterDelay: 5000,
    });
    signal.throwIfAborted();
    if (!result.failed) {
      passed.push({ check: 'own-check', object: one.object });
      continue;
    }
    const last = mask(result.all).trim().split('\n').at(-1)?.slice(0, QUOTED) ?? '';
    const how = result.timedOut
      ? `it took over ${DEADLINE_MS / 1000} s`
      : result.exitCode === undefined
        ? result.shortMessage
        : `exit code ${result.exitCode}`;
    failed.push({
      check: 'own-check',
      object: one.object,
      reason: last === '' ? how : `${last} (${how})`,
    });
  }
  return { passed, failed };
}

type OwnCheck =
  | { readonly object: string; readonly command: readonly string[] }
  | { readonly object: string; readonly reason: string };

async function checksIn(directory: string): Promise<readonly OwnCheck[]> {
  const folder = resolve(directory);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    return (error as Error).message;
  });
  if (typeof entries === 'string') {
    return [{ object: directory, reason: `the folder of checks cannot be read: ${entries}` }];
  }
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  const checks = await Promise.all(
    names.map(async (name): Promise<OwnCheck[]> => {
      const path = join(folder, name);
      if (/^test_.*\.py$/.test(name)) {
        return [{ object: path, command: ['python3', '-m', 'pytest', '--quiet', path] }];
      }
      const isExecutable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      return isExecutable ? [{ object: path, command: [path] }] : [];
    }),
  );
  const all = checks.flat();
  return all.length > 0
    ? all
    : [{ object: directory, reason: 'the folder has no executable file and no test_*.py' }];
}
