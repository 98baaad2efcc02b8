import { relative, resolve, sep } from 'node:path';
import type { Kustomization } from '@prow-deploy/environment';

/** One input of a `secretGenerator`. */
export type GeneratorInput =
  | { readonly kind: 'file' | 'env'; readonly path: string; readonly at: InputPlace }
  | {
      readonly kind: 'literal';
      /** Name of the generator, with its namespace where it gives one. */
      readonly generator: string;
      readonly key: string;
      readonly value: string;
      readonly at: InputPlace;
    };

/** The way to an input in its kustomization file. */
export type InputPlace = readonly (string | number)[];

interface SecretGenerator {
  readonly name?: string;
  readonly namespace?: string;
  readonly files?: readonly string[] | null;
  readonly envs?: readonly string[] | null;
  readonly env?: string | null;
  readonly literals?: readonly string[] | null;
}

/** What the `secretGenerator` entries of a kustomization read: files by their absolute paths, literals as they are. */
export function generatorInputs({ directory, content }: Kustomization): GeneratorInput[] {
  const generators = content['secretGenerator'] as (SecretGenerator | null)[] | null | undefined;
  return (generators ?? []).flatMap((generator, index) => {
    const { name = '', namespace, files, envs, env, literals } = generator ?? {};
    const at = (...rest: InputPlace): InputPlace => ['secretGenerator', index, ...rest];
    const path = (reference: string): string => resolve(directory, reference);
    return [
      ...(files ?? []).map((file, item): GeneratorInput => {
        const from = file.slice(file.indexOf('=') + 1);
        return { kind: 'file', path: path(from), at: at('files', item) };
      }),
      ...(envs ?? []).map((file, item): GeneratorInput => {
        return { kind: 'env', path: path(file), at: at('envs', item) };
      }),
      ...(env ? [{ kind: 'env' as const, path: path(env), at: at('env') }] : []),
      ...(literals ?? []).flatMap((literal, item): GeneratorInput[] => {
        const [, key, value] = /^([^=]+)=(.*)$/s.exec(literal) ?? [];
        if (key === undefined || value === undefined) return [];
        const owner = namespace === undefined ? name : `${namespace}/${name}`;
        const input = { generator: owner, key, value: withoutQuotes(value) };
        return [{ kind: 'literal', ...input, at: at('literals', item) }];
      }),
    ];
  });
}

// As kustomize does: quotes go where they are at both ends.
function withoutQuotes(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
}

/** The path of a file below the environment's `secrets/`; undefined for a file elsewhere. */
export function pathBelow(folder: string, path: string): string | undefined {
  const below = relative(folder, path);
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? undefined : below;
}

/** Paths below the folder `secrets` that one kustomization's `secretGenerator` reads, each with its place in the file. */
export function generatedFrom(
  kustomization: Kustomization,
  secrets: string,
): { readonly path: string; readonly at: InputPlace }[] {
  return generatorInputs(kustomization).flatMap((input) => {
    if (input.kind === 'literal') return [];
    const path = pathBelow(secrets, input.path);
    return path === undefined ? [] : [{ path, at: input.at }];
  });
}
