import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readEnvironment, type Environment } from '@prow-deploy/environment';
import { secretsDirectory } from '../secret-files.ts';
import { boilerplateDirectory } from '../shape.ts';
import { processMask } from './process-mask.ts';
import type { SecretMask } from './secret-mask.ts';

/**
 * Teaches a mask all that stands in the environment's secrets folder, read by its kustomization or not. For a process
 * that meets these values without reading them here: a cluster tells them. Never throws: what cannot be read is no value.
 */
export async function learnSecrets(
  environment: Environment,
  mask: SecretMask = processMask,
): Promise<void> {
  const [files] = await Promise.all([
    readFolder(secretsDirectory(environment)),
    learnPublic(environment, mask),
  ]);
  for (const [path, bytes] of files) mask.learn(`${environment.name}: ${path}`, bytes);
}

/** Teaches the mask of this process values that were just read or made. */
export async function learnValues(
  environment: Environment,
  values: Iterable<readonly [name: string, value: Buffer]>,
): Promise<void> {
  await learnPublic(environment, processMask);
  for (const [name, value] of values) processMask.learn(`${environment.name}: ${name}`, value);
}

/** {@link learnSecrets} by the environment's name; an environment that cannot be read has taught nothing. */
export async function learnSecretsOf(workspaceRoot: string, name: string): Promise<void> {
  const environment = await readEnvironment({ workspaceRoot, name }).catch(() => undefined);
  if (environment !== undefined) await learnSecrets(environment);
}

// What the boilerplate holds, and what environments are called, is in git, and so is no secret.
async function learnPublic(environment: Environment, mask: SecretMask): Promise<void> {
  const { name, namespaces, cluster, workspaceRoot } = environment;
  const context = cluster.provider === 'kubeconfig' ? [cluster.context] : [];
  mask.learnPublic([name, namespaces.prow, namespaces.jobs, ...context].join('\n'));
  const boilerplate = await readFolder(boilerplateDirectory(workspaceRoot));
  for (const bytes of boilerplate.values()) mask.learnPublic(bytes.toString('utf8'));
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
