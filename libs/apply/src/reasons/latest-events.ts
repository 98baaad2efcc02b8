import { fields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';

/** What a component of the cluster says about an object; of an Event of v1. */
export interface LatestEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** When it was said last, in milliseconds since 1970. */
  readonly at: number;
}

/** The latest event about each object, by the object's uid. */
export function latestEvents(events: readonly KubernetesObject[]): Map<string, LatestEvent> {
  const latest = new Map<string, LatestEvent>();
  for (const event of events) {
    const { uid } = fields(event['involvedObject']);
    if (typeof uid !== 'string') continue;
    const { type, reason, message } = event as Partial<Record<string, string>>;
    const known = latest.get(uid);
    const at = timeOf(event);
    if (known !== undefined && known.at > at) continue;
    latest.set(uid, { type: type ?? '', reason: reason ?? '', message: message ?? '', at });
  }
  return latest;
}

// Components write one of these fields or another.
function timeOf(event: KubernetesObject): number {
  const times = [
    fields(event['series'])['lastObservedTime'],
    event['lastTimestamp'],
    event['eventTime'],
    event.metadata.creationTimestamp,
  ].map((time) => (typeof time === 'string' ? Date.parse(time) : NaN));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}
