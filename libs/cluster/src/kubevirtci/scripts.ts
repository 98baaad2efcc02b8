import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { KubevirtciCluster } from '@prow-deploy/environment';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';

/** The environment's cluster, as one of kubevirtci. */
export type KubevirtciOptions = ClusterOptions & { readonly spec: KubevirtciCluster };

/** What kubevirtci is driven by, below `cluster-up/`. */
export const SCRIPTS = ['up.sh', 'down.sh', 'kubeconfig.sh'] as const;
export type Script = (typeof SCRIPTS)[number];

/**
 * The folder of kubevirtci, by the variable KUBEVIRTCI_DIR.
 *
 * @throws {ClusterError} `start-failed` where it is not set, or holds no kubevirtci.
 */
export async function kubevirtciFolder({ environment }: ClusterOptions): Promise<string> {
  const folder = process.env['KUBEVIRTCI_DIR'] ?? '';
  const cannot = `Cannot use the kubevirtci cluster of ${environment}:`;
  if (folder === '') {
    throw new ClusterError(
      'start-failed',
      `${cannot} KUBEVIRTCI_DIR is not set. Set it to a clone of kubevirt/kubevirtci.`,
    );
  }
  const paths = SCRIPTS.map((script) => join(folder, 'cluster-up', script));
  const missing = await Promise.all(
    paths.map((path) =>
      access(path, constants.X_OK).then(
        () => [],
        () => [path],
      ),
    ),
  );
  if (missing.flat().length > 0) {
    throw new ClusterError(
      'start-failed',
      `${cannot} KUBEVIRTCI_DIR is ${folder}, which is no clone of kubevirt/kubevirtci: there is no ${missing.flat().join(', no ')} that can be run.`,
    );
  }
  return resolve(folder);
}

export interface RunScriptOptions {
  readonly folder: string;
  readonly script: Script;
  readonly spec: KubevirtciCluster;
  /** Ends it, and all that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Receives each line that it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface ScriptResult {
  readonly failed: boolean;
  /** Such as `exit code 1`. */
  readonly how: string;
  readonly stdout: string;
  /** The last lines of all that it printed. */
  readonly end: string;
}

const END_LINES = 20;
const STOP_WITHIN_MS = 10_000;

/** Runs a script of kubevirtci with what environment.yaml says. @throws the signal's reason */
export async function runScript(options: RunScriptOptions): Promise<ScriptResult> {
  const { folder, script, spec, signal, onLine } = options;
  const { execa } = await import('execa');
  signal?.throwIfAborted();
  const child = execa(join(folder, 'cluster-up', script), {
    cwd: folder,
    env: {
      // One of its providers, `external`, would hand out the user's own cluster.
      KUBECONFIG: undefined,
      ...(spec.kubernetesProvider && { KUBEVIRT_PROVIDER: spec.kubernetesProvider }),
      ...(spec.memory && { KUBEVIRT_MEMORY_SIZE: spec.memory }),
      ...(spec.nodes && { KUBEVIRT_NUM_NODES: String(spec.nodes) }),
    },
    // A group of its own: what the script started ends with it, and not at Ctrl-C before we say so.
    detached: true,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  const stop = (): void => {
    endGroup(child.pid, 'SIGTERM');
    setTimeout(() => {
      endGroup(child.pid, 'SIGKILL');
    }, STOP_WITHIN_MS).unref();
  };
  signal?.addEventListener('abort', stop);
  try {
    if (onLine) {
      const { createInterface } = await import('node:readline');
      createInterface({ input: child.all }).on('line', onLine);
    }
    const { failed, exitCode, signal: killedBy, all, stdout, shortMessage } = await child;
    signal?.throwIfAborted();
    const how =
      exitCode === undefined ? (killedBy ?? shortMessage ?? 'no reason') : `exit code ${exitCode}`;
    return { failed, how, stdout, end: all.trimEnd().split('\n').slice(-END_LINES).join('\n') };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
