import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Absolute paths of the binaries that an embedded cluster is made of. */
export type EmbeddedTools = Readonly<Record<(typeof NAMES)[number], string>>;

/** The binaries, until the toolchain provides them, from a folder of the machine. */
export function embeddedTools({ signal }: ClusterOptions): Promise<EmbeddedTools> {
  signal?.throwIfAborted();
  return Promise.resolve(
    Object.fromEntries(NAMES.map((name) => [name, join(tmpdir(), 'tools', name)])) as EmbeddedTools,
  );
}
