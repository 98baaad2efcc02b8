/** The states of kstatus, sigs.k8s.io/cli-utils/pkg/kstatus. */
export const OBJECT_STATUSES = [
  /** The cluster has done what the object asks for. */
  'Current',
  /** It is on its way. */
  'InProgress',
  /** It gave up, or says that it cannot. */
  'Failed',
  /** It is being deleted. */
  'Terminating',
  /** It is not there. */
  'NotFound',
] as const;

/** The state of one object, and why it is not `Current` yet. */
export interface ObjectStatus {
  readonly status: (typeof OBJECT_STATUSES)[number];
  /** One short sentence without a full stop, such as `0 of 1 available`. */
  readonly reason: string;
  /** The reason is that something fails, and not only that it takes its time. Default: `false`. */
  readonly failing?: boolean | undefined;
}

export function current(reason: string): ObjectStatus {
  return { status: 'Current', reason };
}

export function inProgress(reason: string): ObjectStatus {
  return { status: 'InProgress', reason };
}

/** On its way, but something fails that may yet come right, such as an image that cannot be pulled. */
export function failing(reason: string): ObjectStatus {
  return { status: 'InProgress', reason, failing: true };
}

export function failed(reason: string): ObjectStatus {
  return { status: 'Failed', reason, failing: true };
}
