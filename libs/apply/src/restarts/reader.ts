import type { ObjectReference } from '../object-reference.ts';
import type { StartPart } from './start-parts.ts';

/** How the content of a ConfigMap or Secret comes to a container. */
export const READS_VIA = [
  /** Files, which the kubelet keeps up to date. */
  'volume',
  /** One file or folder of a volume, which the kubelet never updates. */
  'subPath',
  /** Variables, which a process gets once. */
  'env',
] as const;
export type ReadsVia = (typeof READS_VIA)[number];

/** What a changed ConfigMap or Secret does to who reads it, the strongest first. */
export const ON_CHANGE = [
  /** It notices nothing by itself, so its pods are replaced. */
  'restarts',
  /** It notices nothing, and nothing replaces its pods: somebody has to. */
  'stale',
  /** It takes the change up by itself. */
  'reloads',
] as const;
export type OnChange = (typeof ON_CHANGE)[number];

/** A workload that reads a ConfigMap or Secret. */
export interface Reader {
  readonly workload: ObjectReference;
  /** The ConfigMap or Secret. */
  readonly source: ObjectReference;
  /** The keys that it reads. Absent: all of them, but those of `except`. */
  readonly keys?: readonly string[];
  /** Where `keys` is absent: keys that another reader of the same workload tells about. */
  readonly except?: readonly string[];
  /** Only these parts of the values count: the rest is taken up by itself. Absent: the values as a whole. */
  readonly parts?: readonly StartPart[];
  readonly via: ReadsVia;
  readonly onChange: OnChange;
  /** One clause, such as `deck reads --cookie-secret at start only`. */
  readonly because: string;
}
