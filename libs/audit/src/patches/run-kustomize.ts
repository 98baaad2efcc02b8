import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { KustomizeError, build } from '@prow-deploy/kustomize';
import { AuditError } from '../audit-error.ts';
import type { Tree } from '../load/tree.ts';

/** How long kustomize may take, in milliseconds. */
const DEADLINE = 60_000;

export interface RunKustomizeOptions {
  /** Absolute path of the kustomize executable. */
  readonly kustomize: string;
  /** Folder to build, inside the tree's root. Default: the tree's top. */
  readonly directory?: string;
  /** Stops kustomize. */
  readonly signal?: AbortSignal;
}

/**
 * Runs kustomize on a private copy of exactly the files that were read and checked, so that it can neither fetch nor
 * follow anything else, nor see a secret.
 *
 * @throws {AuditError} `unbuildable` with kustomize's message.
 */
export async function runKustomize(tree: Tree, options: RunKustomizeOptions): Promise<string> {
  const { kustomize, directory = tree.top.directory, signal } = options;
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'prow-deploy-audit-')));
  try {
    const folders = new Set([...tree.files.keys()].map((path) => dirname(path)));
    await Promise.all([...folders].map((folder) => mkdir(join(copy, folder), { recursive: true })));
    await Promise.all(
      [...tree.files].map(([path, bytes]) => writeFile(join(copy, path), bytes, { mode: 0o600 })),
    );
    const deadline = AbortSignal.timeout(DEADLINE);
    const { manifest } = await build({
      directory: join(copy, relative(tree.root, directory)),
      root: copy,
      kustomize,
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return manifest;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KustomizeError) {
      const message = error.message.replaceAll(copy, tree.root);
      throw new AuditError('unbuildable', message, { cause: error });
    }
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new AuditError(
        'unbuildable',
        `Cannot audit ${tree.top.file}: kustomize takes longer than ${DEADLINE / 1000} s.`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
