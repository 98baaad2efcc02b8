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
export async function embeddedTools({
  signal,
  onProgress,
}: Pick<ClusterOptions, 'signal' | 'onProgress'>): Promise<EmbeddedTools> {
  const { ensureTools, printProgress, toolVersion } = await import('@prow-deploy/toolchain');
  const binaries = await ensureTools(NAMES, {
    signal,
    onProgress: printProgress({
      write: (line) => {
        onProgress?.(line.trimEnd());
      },
    }),
  });
  return { binaries, kubernetesVersion: toolVersion('kube-apiserver') };
}
