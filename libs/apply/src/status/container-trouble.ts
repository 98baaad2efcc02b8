import { items } from '../fields.ts';
import type { StatusInput } from './status-rule.ts';

/** What is wrong with a container of a pod. */
export interface ContainerTrouble {
  readonly container: string;
  /** Such as `container deck keeps ending: exit code 1 (Error), 4 restarts`. */
  readonly text: string;
  /** It is started and ends, again and again. */
  readonly crashLoops: boolean;
  /** Where it ended by itself: of which run, and what it wrote to its termination message. */
  readonly ended?: {
    readonly previous: boolean;
    readonly restarts: number;
    readonly message: string;
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: Ended;
}

interface Ended {
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
}

// How every container begins.
const BEGINNINGS = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * What is wrong with a pod's containers: of the first that fails, init containers first; `undefined` where all are well
 * or on their way. The texts are those of the kubelet and of the container: not masked, of any length.
 */
export function containerTrouble(status: StatusInput['status']): ContainerTrouble | undefined {
  const all = ['initContainerStatuses', 'containerStatuses'].flatMap(
    (field) => items(status[field]) as unknown as ContainerStatus[],
  );
  return all.map(troubleOf).find((trouble) => trouble !== undefined);
}

function troubleOf(container: ContainerStatus): ContainerTrouble | undefined {
  const { name, ready = false, restartCount: restarts = 0, state = {}, lastState = {} } = container;
  const { waiting, terminated } = state;
  const last = lastState.terminated;
  const shared = { container: name, crashLoops: false };

  if (waiting !== undefined) {
    const { reason = '', message = '' } = waiting;
    if (reason === 'CrashLoopBackOff') {
      return {
        ...shared,
        text: `container ${name} keeps ending: ${describeEnd(last)}${describeRestarts(restarts)}`,
        crashLoops: true,
        ended: { previous: true, restarts, message: last?.message ?? '' },
      };
    }
    if (reason === '' || BEGINNINGS.has(reason)) return undefined;
    const why = message === '' ? reason : `${reason}: ${message}`;
    return { ...shared, text: `container ${name} is waiting: ${why}` };
  }
  if (terminated !== undefined) {
    // An init container that is done.
    if (terminated.exitCode === 0) return undefined;
    return {
      ...shared,
      text: `container ${name} ended: ${describeEnd(terminated)}${describeRestarts(restarts)}`,
      ended: { previous: false, restarts, message: terminated.message ?? '' },
    };
  }
  if (state.running === undefined || ready || last === undefined || last.exitCode === 0) {
    return undefined;
  }
  return {
    ...shared,
    text: `container ${name} was started again after it ended: ${describeEnd(last)}${describeRestarts(restarts)}`,
    ended: { previous: true, restarts, message: last.message ?? '' },
  };
}

function describeEnd(ended: Ended | undefined): string {
  if (ended === undefined) return 'it does not say why';
  const { exitCode, signal, reason = '' } = ended;
  const how = signal ? `signal ${signal}` : `exit code ${exitCode ?? 'unknown'}`;
  return reason === '' ? how : `${how} (${reason})`;
}

function describeRestarts(restarts: number): string {
  if (restarts === 0) return '';
  return restarts === 1 ? ', 1 restart' : `, ${restarts} restarts`;
}
