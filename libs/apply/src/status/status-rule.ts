import type { KubernetesObject } from '../kubernetes-object.ts';
import type { ObjectStatus } from './object-status.ts';

/** What a rule for one kind looks at; absent parts are empty. */
export interface StatusInput {
  readonly metadata: KubernetesObject['metadata'];
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
  /** When it is looked at, in milliseconds since 1970. */
  readonly now: number;
}

/** The state of an object of one kind, which exists and is not being deleted. */
export type StatusRule = (object: StatusInput) => ObjectStatus;
