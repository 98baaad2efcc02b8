import type { ToolName } from '@prow-deploy/toolchain';
import type { ClusterOptions } from '../cluster.ts';

const NAMES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
  'kwokctl',
] as const;

/** What an embedded cluster is made of. */
export interface EmbeddedTools {
  /** Absolute paths, by the names of the binaries. */
  readonly binaries: Readonly<Record<(typeof NAMES)[number], string>>;
  /** Such as `v1.36.3`. */
  readonly kubernetesVersion: string;
}

/**
 * The binaries, from the toolchain: at once where they were used before, else after a download or a build of minutes.
 *
 * @throws {ToolchainError}
 */
export async function embeddedTools(
  options: Pick<ClusterOptions, 'signal' | 'onProgress'>,
): Promise<EmbeddedTools> {
  const binaries = await toolsWithProgress(NAMES, options);
  const { toolVersion } = await import('@prow-deploy/toolchain');
  return { binaries, kubernetesVersion: toolVersion('kube-apiserver') };
}

/** Tools by their names; what takes long is told line by line. @throws {ToolchainError} */
export async function toolsWithProgress<Name extends ToolName>(
  names: readonly Name[],
  { signal, onProgress }: Pick<ClusterOptions, 'signal' | 'onProgress'>,
): Promise<Readonly<Record<Name, string>>> {
  const { ensureTools, printProgress } = await import('@prow-deploy/toolchain');
  return await ensureTools(names, {
    signal,
    onProgress: printProgress({
      write: (line) => {
        onProgress?.(line.trimEnd());
      },
    }),
  });
}
