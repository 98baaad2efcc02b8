import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readEnvironment, type Environment } from '@prow-deploy/environment';
import { boilerplateDirectory } from '../shape.ts';
import { processMask } from './process-mask.ts';
import type { SecretMask } from './secret-mask.ts';

/**
 * Teaches a mask all that stands in an environment's secrets folder, read by its kustomization or not. For a process
 * that meets these values without reading them here: a cluster tells them. Never throws: what cannot be read is no value.
 */
export async function learnSecrets(
  workspaceRoot: string,
  name: string,
  mask: SecretMask = processMask,
): Promise<void> {
  const [environment, files] = await Promise.all([
    readEnvironment({ workspaceRoot, name }).catch(() => undefined),
    readFolder(join(workspaceRoot, 'environments', name, 'secrets')),
    learnBoilerplate(workspaceRoot, mask),
  ]);
  if (environment !== undefined) learnNames(environment, mask);
  for (const [path, bytes] of files) mask.learn(`${name}: ${path}`, bytes);
}

/** Teaches the mask of this process values that were just read or made. */
export async function learnValues(
  environment: Environment,
  values: Iterable<readonly [name: string, value: Buffer]>,
): Promise<void> {
  learnNames(environment, processMask);
  await learnBoilerplate(environment.workspaceRoot, processMask);
  for (const [name, value] of values) processMask.learn(`${environment.name}: ${name}`, value);
}

// What is in git is no secret: what environments are called, and what the boilerplate holds.
function learnNames({ name, namespaces, cluster }: Environment, mask: SecretMask): void {
  const context = cluster.provider === 'kubeconfig' ? [cluster.context] : [];
  mask.learnPublic([name, namespaces.prow, namespaces.jobs, ...context].join('\n'));
}

async function learnBoilerplate(workspaceRoot: string, mask: SecretMask): Promise<void> {
  const files = await readFolder(boilerplateDirectory(workspaceRoot));
  for (const bytes of files.values()) mask.learnPublic(bytes.toString('utf8'));
}

async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(async ({ parentPath, name }): Promise<[string, Buffer] | undefined> => {
      const file = join(parentPath, name);
      const bytes = await readFile(file).catch(() => undefined);
      return bytes && [relative(folder, file), bytes];
    });
  return new Map((await Promise.all(files)).filter((file) => file !== undefined));
}
