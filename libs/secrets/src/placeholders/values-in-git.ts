import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import {
  type Environment,
  type Kustomization,
  type KustomizationTree,
  findKustomization,
} from '@prow-deploy/environment';
import { readEnvFile } from '../forms/env-file.ts';
import { secretsDirectory } from '../secret-files.ts';
import { type GeneratorInput, generatorInputs, pathBelow } from './generator-inputs.ts';
import { placeholder } from './placeholder.ts';

/** A file or a literal that a `secretGenerator` takes from git itself. */
export interface ValueInGit {
  readonly placeholder: string;
  readonly bytes: Buffer;
  /** The file that the value is in, as an absolute path. */
  readonly file: string;
  readonly input: GeneratorInput;
}

/**
 * The values of Secrets that the kustomizations themselves hold: literals, and files beside `secrets/`. A file that is
 * not there is left to kustomize, which says so.
 */
export async function valuesInGit(
  environment: Environment,
  { kustomizations }: Pick<KustomizationTree, 'kustomizations'>,
): Promise<ValueInGit[]> {
  const values = kustomizations.flatMap((kustomization) =>
    generatorInputs(kustomization)
      .filter(
        (input) =>
          input.kind === 'literal' ||
          pathBelow(secretsDirectory(environment), input.path) === undefined,
      )
      .map((input) => valuesOf(environment, kustomization, input)),
  );
  return (await Promise.all(values)).flat();
}

async function valuesOf(
  { name: environment, workspaceRoot }: Environment,
  { directory }: Kustomization,
  input: GeneratorInput,
): Promise<ValueInGit[]> {
  const shown = (path: string): string => `./${relative(workspaceRoot, path)}`;
  if (input.kind === 'literal') {
    const file = findKustomization(directory) ?? directory;
    const source = `${shown(file)}:${input.generator}`;
    const name = placeholder({ environment, source, key: input.key });
    return [{ placeholder: name, bytes: Buffer.from(input.value, 'utf8'), file, input }];
  }
  const { path: file, kind } = input;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return [];
  const source = shown(file);
  if (kind === 'file') {
    return [{ placeholder: placeholder({ environment, source }), bytes, file, input }];
  }
  return readEnvFile(bytes.toString('utf8')).entries.map(({ key, value }) => ({
    placeholder: placeholder({ environment, source, key }),
    bytes: Buffer.from(value, 'utf8'),
    file,
    input,
  }));
}
