import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClusterOptions } from '../cluster.ts';

/**
 * A process that starts the cluster and stays, as the leader of a session of its own, like a terminal's shell. `within`
 * is a command that runs the one that follows it, such as `unshare --net`.
 */
export function startTerminal(
  options: ClusterOptions,
  within: readonly string[] = [],
): ChildProcess {
  const source = JSON.stringify(fileURLToPath(new URL('../cluster-up.ts', import.meta.url)));
  const script = `
    const jiti = require('jiti').createJiti(${source});
    jiti.import(${source})
      .then(({ clusterUp }) => clusterUp(${JSON.stringify(options)}))
      .then(() => { console.log('up'); setInterval(() => {}, 1000); });
  `;
  const [command, ...rest] = [...within, process.execPath, '-e', script];
  return spawn(command, rest, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves once the cluster is up; rejects when the process ends before. */
export function isUp(terminal: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    terminal.stdout?.once('data', () => {
      resolve();
    });
    terminal.once('exit', (status) => {
      reject(new Error(`ended with status ${String(status)}`));
    });
  });
}
