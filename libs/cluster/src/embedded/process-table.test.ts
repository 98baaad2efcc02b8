import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { CLUSTER_VARIABLE, clusterProcesses, isRunning, processId } from './process-table.ts';

test('a process is found by the mark it carries, and is not taken for another with its pid', async () => {
  const folder = `/nowhere/${process.pid}`;
  const child = spawn('sleep', ['60'], {
    env: { PATH: process.env['PATH'], [CLUSTER_VARIABLE]: folder },
    stdio: 'ignore',
  });
  try {
    await once(child, 'spawn');
    const [found, ...others] = clusterProcesses(folder);
    expect(others).toEqual([]);
    expect(found).toEqual(processId(child.pid ?? 0));
    if (found === undefined) {
      throw new Error('not found');
    }
    expect(isRunning(found)).toBe(true);
    expect(isRunning({ ...found, startTime: '1' })).toBe(false);
    expect(isRunning({ ...found, bootId: 'another boot' })).toBe(false);
    expect(clusterProcesses(`${folder}0`)).toEqual([]);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(isRunning(found)).toBe(false);
  } finally {
    child.kill('SIGKILL');
  }
});
