import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Cluster } from './cluster.ts';

/**
 * How a person starts kubectl for this cluster: the kubectl of PATH, else that of the toolchain, which is installed where
 * it is missing.
 */
export async function kubectlCommand({
  kubeconfig,
  context,
}: Pick<Cluster, 'kubeconfig' | 'context'>): Promise<string> {
  return `${await kubectlProgram()} --kubeconfig ${kubeconfig} --context ${context}`;
}

/** The kubectl of PATH, else the absolute path of the toolchain's. */
export async function kubectlProgram(): Promise<string> {
  return (await isOnPath('kubectl')) ? 'kubectl' : await pinnedKubectl();
}

async function pinnedKubectl(): Promise<string> {
  const { ensureTool } = await import('@prow-deploy/toolchain');
  return ensureTool('kubectl');
}

async function isOnPath(name: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
