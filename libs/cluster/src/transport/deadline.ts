import { setMaxListeners } from 'node:events';

/** Ends at a time, or with other signals; cheaper than `AbortSignal.any` where each of many requests has its own. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly passed: () => boolean;
  /** Must be called once that is done which has the deadline. */
  readonly clear: () => void;
}

/** A deadline in so many milliseconds, which any of the signals brings forward, with its reason. */
export function deadlineIn(ms: number, signals: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  let hasPassed = false;
  const timer = setTimeout(() => {
    hasPassed = !controller.signal.aborted;
    controller.abort(new Error(`No answer within ${ms} ms.`));
  }, ms);
  timer.unref();
  const given = signals.filter((signal) => signal !== undefined);
  const abort = () => {
    controller.abort(given.find((signal) => signal.aborted)?.reason);
  };
  if (given.some((signal) => signal.aborted)) abort();
  for (const signal of given) {
    // As many as there are requests under way: that is no leak.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort);
  }
  return {
    signal: controller.signal,
    passed: () => hasPassed,
    clear: () => {
      clearTimeout(timer);
      for (const signal of given) signal.removeEventListener('abort', abort);
    },
  };
}
