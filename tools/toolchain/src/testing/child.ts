import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/**
 * Starts Node on CommonJS code that gets at our sources as the Nx plugin does: `load('main.ts')` is a module of `src/`,
 * and `loaded()` lists the files that were loaded so far.
 */
export function startNode(code: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const source = JSON.stringify(join(PACKAGE_ROOT, 'src', '/'));
  const preamble = `
    const jiti = require('jiti').createJiti(${source});
    const load = (name) => jiti(${source} + name);
    const loaded = () => Object.keys(jiti.cache);`;
  return spawn(process.execPath, ['-e', preamble + code], {
    cwd: PACKAGE_ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => (stdout += String(data)));
  child.stderr?.on('data', (data) => (stderr += String(data)));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}
