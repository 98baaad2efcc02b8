import type { ClusterOptions } from '../cluster.ts';
import {
  type EmbeddedTools,
  embeddedTools,
  toolsWithProgress,
} from '../embedded/embedded-tools.ts';

const NAMES = [
  'kubelet',
  'kube-proxy',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'coredns',
  'pause',
] as const;

/** What a cluster with a node is made of: the control plane of an embedded one, and these. */
export interface NodeTools extends EmbeddedTools {
  /** Absolute paths, by the names of the binaries. */
  readonly nodeBinaries: Readonly<Record<(typeof NAMES)[number], string>>;
}

/** As {@link embeddedTools}. @throws {ToolchainError} */
export async function nodeTools(
  options: Pick<ClusterOptions, 'signal' | 'onProgress'>,
): Promise<NodeTools> {
  const controlPlane = await embeddedTools(options);
  return { ...controlPlane, nodeBinaries: await toolsWithProgress(NAMES, options) };
}
