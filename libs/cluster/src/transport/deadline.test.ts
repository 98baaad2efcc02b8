import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { deadlineIn } from './deadline.ts';

test('a deadline ends at its time, and says that it was the time', async () => {
  const deadline = deadlineIn(20, []);
  expect(deadline.signal.aborted).toBe(false);
  await sleep(60);
  expect(deadline.signal.aborted).toBe(true);
  expect(deadline.passed()).toBe(true);
});

test('a signal brings it forward with its own reason, also one that is aborted already', () => {
  const controller = new AbortController();
  const deadline = deadlineIn(10_000, [undefined, controller.signal]);
  controller.abort(new Error('Ctrl-C'));
  expect(deadline.signal.reason).toEqual(new Error('Ctrl-C'));
  expect(deadline.passed()).toBe(false);
  const late = deadlineIn(10_000, [controller.signal]);
  expect(late.signal.reason).toEqual(new Error('Ctrl-C'));
  deadline.clear();
  late.clear();
});

test('one that is cleared ends no more, and no number of them is a leak to Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const controller = new AbortController();
  const deadlines = Array.from({ length: 50 }, () => deadlineIn(20, [controller.signal]));
  for (const deadline of deadlines) deadline.clear();
  await sleep(60);
  controller.abort(new Error('Ctrl-C'));
  process.off('warning', note);
  expect(deadlines.some(({ signal }) => signal.aborted)).toBe(false);
  expect(warnings).toEqual([]);
});
