// Ratios against a peer that is measured in the same run, turn by turn: this machine's speed and load cancel out.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { execa } from 'execa';

export const root = join(import.meta.dirname, '../..');

export const note = (line) => process.stderr.write(`${line}\n`);

/** How long a command line, or a function of this process, takes, in milliseconds. */
export async function run(work) {
  const start = performance.now();
  if (typeof work === 'function') await work();
  else await execa(work[0], work.slice(1), { cwd: root, env: { NX_TUI: 'false' } });
  return performance.now() - start;
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/**
 * Runs both in turn; the first turn warms up and does not count, unless there is but one. `ours` and `peer` are work, or
 * take the number of the turn and give it. `before` is done before each piece of work, and is not measured.
 */
export async function compare({ what, ours, peer, peerName, atMost, rounds, before }) {
  const times = { ours: [], peer: [] };
  const first = rounds > 1 ? 0 : 1;
  for (let round = first; round <= rounds; round += 1) {
    note(`${what}: round ${round} of ${rounds}`);
    for (const [who, work] of [
      ['ours', ours],
      ['peer', peer],
    ]) {
      await before?.();
      const ready = typeof work === 'function' && work.length > 0 ? await work(round) : work;
      const took = await run(ready);
      if (round > 0) times[who].push(took);
    }
  }
  const [us, them] = [median(times.ours), median(times.peer)];
  note(`${what}: ${(us / them).toFixed(2)}`);
  return { what, peer: peerName, ratio: us / them, atMost, oursMs: us, peerMs: them };
}
