import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/** Starts Node on CommonJS code, with our sources loaded through swc as Nx does; `source(name)` is a path of one. */
export function startNode(code: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const workspace = join(PACKAGE_ROOT, '..', '..');
  return spawn(process.execPath, ['-r', '@swc-node/register', '-e', code], {
    cwd: workspace,
    env: {
      ...process.env,
      SWC_NODE_PROJECT: join(workspace, 'tsconfig.base.json'),
      TS_NODE_COMPILER_OPTIONS: '{"module":"commonjs"}',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A call of `require` for one of our sources, as text. */
export function requireSource(name: string): string {
  return `require(${JSON.stringify(join(PACKAGE_ROOT, 'src', name))})`;
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
