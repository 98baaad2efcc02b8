import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

interface KubeconfigPathsOptions {
  /** What the environment names. Default: `KUBECONFIG`, which may name several, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** What a relative path is relative to. */
  readonly workspaceRoot: string;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The kubeconfig files to read, in the order in which the first one to set a name wins. */
export function kubeconfigPaths(options: KubeconfigPathsOptions): readonly string[] {
  const { kubeconfig, workspaceRoot, env = process.env } = options;
  if (kubeconfig !== undefined) {
    return [resolve(workspaceRoot, expandHome(kubeconfig))];
  }
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) {
    return [...new Set(named.map((path) => resolve(path)))];
  }
  return [join(homedir(), '.kube', 'config')];
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
