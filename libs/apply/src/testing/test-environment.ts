import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';

/** A protected environment in a workspace of its own, in a temporary folder. */
export interface TestEnvironment {
  readonly environment: Environment;
  /** Writes a file of the workspace. */
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes the folder of an environment, and nothing in it. */
export async function createTestEnvironment(name = 'production'): Promise<TestEnvironment> {
  const workspaceRoot = await realpath(await mkdtemp(join(tmpdir(), 'environment-')));
  const directory = join(workspaceRoot, 'environments', name);
  await mkdir(directory, { recursive: true });
  return {
    environment: {
      name,
      directory,
      workspaceRoot,
      configVersion: '1',
      namespaces: { prow: 'prow', jobs: 'jobs' },
      secrets: { source: 'generated' },
      cluster: { provider: 'kubeconfig', context: 'prow' },
      protection: 'confirm',
    },
    write: async (file, text) => {
      const path = join(workspaceRoot, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    remove: () => rm(workspaceRoot, { recursive: true, force: true }),
  };
}
