import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields } from '../fields.ts';
import { containerTrouble } from '../status/container-trouble.ts';
import { status } from '../status/status.ts';
import type { LatestEvent } from './latest-events.ts';

/** What keeps an object from settling, beside what its own status says. */
export interface Reason {
  /** Such as `pod deck-1: container deck is waiting: ErrImagePull: not found`; neither masked nor shortened. */
  readonly text: string;
  /** Something fails, rather than takes its time. */
  readonly failing: boolean;
  /** The container that ended by itself, whose last words tell more. */
  readonly ended?: EndedContainer | undefined;
}

/** One run of a container that has ended. */
export interface EndedContainer {
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  /** It is not the run that the pod's status is about, but the one before. */
  readonly previous: boolean;
  readonly restarts: number;
  /** What it left behind for whoever looks at its status; may be empty. */
  readonly message: string;
}

/** Latest events by the uid of what they are about. */
export type Events = ReadonlyMap<string, LatestEvent>;

/** What the pods of a workload, the youngest first, and the events about it and them say. */
export function workloadReason(
  workload: KubernetesObject,
  pods: readonly KubernetesObject[],
  events: Events,
): Reason | undefined {
  const found = pods.map((pod) => podReason(pod, events)).filter((reason) => reason !== undefined);
  const failing = found.find((reason) => reason.failing);
  if (failing !== undefined) return failing;
  // That no pod could be made says nothing any more once one was.
  const made = Date.parse(pods[0]?.metadata.creationTimestamp ?? '') || 0;
  const event = eventAbout(workload, events);
  if (event?.type === 'Warning' && event.at >= made) {
    return { text: describeEvent(event), failing: true };
  }
  return found[0];
}

/** What is wrong with a pod of a workload; `undefined` where it is well. */
export function podReason(pod: KubernetesObject, events: Events): Reason | undefined {
  const state = status({ ...pod, apiVersion: 'v1', kind: 'Pod' });
  if (state.status === 'Current') return undefined;
  const warning = state.failing === true ? undefined : lastWarning(pod, events);
  const more = warning === undefined ? '' : `, last warning ${describeEvent(warning)}`;
  return {
    text: `pod ${pod.metadata.name}: ${state.reason}${more}`,
    failing: state.failing === true || warning !== undefined,
    ended: endedContainer(pod),
  };
}

/** What the events say of a pod that is itself waited for, and the container of it that has ended. */
export function ownPodReason(pod: KubernetesObject, events: Events): Reason | undefined {
  const { failing = false } = status(pod);
  const warning = failing ? undefined : lastWarning(pod, events);
  const ended = endedContainer(pod);
  if (warning === undefined && ended === undefined) return undefined;
  const text = warning === undefined ? '' : `last warning ${describeEvent(warning)}`;
  return { text, failing: failing || warning !== undefined, ended };
}

/** What the events say of a claim that is not bound. */
export function claimReason(claim: KubernetesObject, events: Events): Reason | undefined {
  const event = eventAbout(claim, events);
  if (event === undefined) return undefined;
  // That there is no volume is said as if all were well.
  const failing = event.type === 'Warning' || event.reason === 'FailedBinding';
  return { text: describeEvent(event), failing };
}

function lastWarning(pod: KubernetesObject, events: Events): LatestEvent | undefined {
  const event = eventAbout(pod, events);
  if (event?.type !== 'Warning') return undefined;
  // It found its node since.
  const isPast =
    event.reason === 'FailedScheduling' && fields(pod['spec'])['nodeName'] !== undefined;
  return isPast ? undefined : event;
}

function eventAbout({ metadata }: KubernetesObject, events: Events): LatestEvent | undefined {
  return metadata.uid === undefined ? undefined : events.get(metadata.uid);
}

function describeEvent({ reason, message }: LatestEvent): string {
  const said = message.trim().replace(/\.$/, '');
  return said === '' ? reason : `${reason}: ${said}`;
}

function endedContainer(pod: KubernetesObject): EndedContainer | undefined {
  const { container, ended } = containerTrouble(fields(pod['status'])) ?? {};
  if (container === undefined || ended === undefined) return undefined;
  const { name, uid = '' } = pod.metadata;
  return { pod: name, podUid: uid, container, ...ended };
}
