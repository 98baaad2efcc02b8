import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment, type Environment } from '@prow-deploy/environment';
import { type FolderFile, readFiles } from '../folder-files.ts';
import { isSecretsFolder } from '../secrets-folder.ts';
import { boilerplateDirectory } from '../shape/read-shape.ts';
import { processMask } from './process-mask.ts';
import type { SecretMask } from './secret-mask.ts';

/**
 * Teaches a mask all that stands in an environment's secrets folder, read by its kustomization or not, and in what stands
 * beside it while it is copied. For a process
 * that meets these values without reading them here: a cluster tells them. Never throws: what cannot be read is no value.
 */
export async function learnSecrets(
  workspaceRoot: string,
  name: string,
  mask: SecretMask = processMask,
): Promise<void> {
  const [environment, files] = await Promise.all([
    readEnvironment({ workspaceRoot, name }).catch(() => undefined),
    readSecretsFolders(join(workspaceRoot, 'environments', name)),
    learnBoilerplate(workspaceRoot, mask),
  ]);
  if (environment !== undefined) learnNames(environment, mask);
  for (const [path, { bytes }] of files) mask.learn(`${name}: ${path}`, bytes);
}

async function readSecretsFolders(directory: string): Promise<[string, FolderFile][]> {
  const names = (await readdir(directory).catch(() => [])).filter(isSecretsFolder);
  const folders = await Promise.all(names.map((name) => readFiles(join(directory, name))));
  return folders.flatMap((files) => [...files]);
}

// What is in git is no secret: what environments are called, and what the boilerplate holds.
function learnNames({ name, namespaces, cluster }: Environment, mask: SecretMask): void {
  const context = cluster.provider === 'kubeconfig' ? [cluster.context] : [];
  mask.learnPublic([name, namespaces.prow, namespaces.jobs, ...context].join('\n'));
}

async function learnBoilerplate(workspaceRoot: string, mask: SecretMask): Promise<void> {
  const files = await readFiles(boilerplateDirectory(workspaceRoot));
  for (const { bytes } of files.values()) mask.learnPublic(bytes.toString('utf8'));
}
