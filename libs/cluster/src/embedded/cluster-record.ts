import { readFile } from 'node:fs/promises';
import { isRunning, type ProcessId } from './process-table.ts';
import { writePrivately } from './write-privately.ts';

/** By the names that kwokctl gives their logs and pid files. */
export const CONTROL_PLANE = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

/** What a cluster of ours is made of; the processes of a node by the names of their logs. */
export const COMPONENTS = {
  embedded: [...CONTROL_PLANE, 'kwok-controller'],
  node: [...CONTROL_PLANE, 'namespaces', 'containerd', 'kubelet', 'kube-proxy', 'coredns'],
} as const;

/** The providers whose clusters are started and stopped here. */
export type LocalProvider = keyof typeof COMPONENTS;
export type Component = (typeof COMPONENTS)[LocalProvider][number];

/** What is remembered of a cluster; written once all of it runs. */
export interface ClusterRecord {
  readonly version: 2;
  readonly provider: LocalProvider;
  /** One for each of the provider's components. */
  readonly processes: Readonly<Partial<Record<Component, ProcessId>>>;
}

/** `undefined` when there is none, or it is not a whole one. */
export async function readRecord(path: string): Promise<ClusterRecord | undefined> {
  let record: Partial<ClusterRecord>;
  try {
    record = JSON.parse(await readFile(path, 'utf8')) as Partial<ClusterRecord>;
  } catch {
    return undefined;
  }
  const { version, provider, processes = {} } = record;
  const whole =
    version === 2 &&
    provider !== undefined &&
    Object.hasOwn(COMPONENTS, provider) &&
    COMPONENTS[provider].every((name) => typeof processes[name] === 'object');
  return whole ? (record as ClusterRecord) : undefined;
}

export async function writeRecord(path: string, record: ClusterRecord): Promise<void> {
  await writePrivately(path, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The first component that does not run (any more). */
export function endedComponent({ provider, processes }: ClusterRecord): Component | undefined {
  return COMPONENTS[provider].find((name) => {
    const process = processes[name];
    return process === undefined || !isRunning(process);
  });
}
