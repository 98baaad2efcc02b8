import { readFile } from 'node:fs/promises';
import { isRunning, type ProcessId } from './process-table.ts';
import { writePrivately } from './write-privately.ts';

/** The components of the control plane, by the names that kwokctl gives their logs and pid files. */
export const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok-controller',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** What is remembered of an embedded cluster; written once all of it runs. */
export interface ClusterRecord {
  readonly version: 1;
  readonly processes: Readonly<Record<Component, ProcessId>>;
}

/** `undefined` when there is none, or it is not a whole one. */
export async function readRecord(path: string): Promise<ClusterRecord | undefined> {
  let record: Partial<ClusterRecord>;
  try {
    record = JSON.parse(await readFile(path, 'utf8')) as Partial<ClusterRecord>;
  } catch {
    return undefined;
  }
  const whole =
    record.version === 1 &&
    COMPONENTS.every((name) => typeof record.processes?.[name] === 'object');
  return whole ? (record as ClusterRecord) : undefined;
}

export async function writeRecord(path: string, record: ClusterRecord): Promise<void> {
  await writePrivately(path, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The first component that does not run (any more). */
export function endedComponent({ processes }: ClusterRecord): Component | undefined {
  return COMPONENTS.find((name) => !isRunning(processes[name]));
}
