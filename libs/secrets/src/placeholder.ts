import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, KustomizationTree } from '@prow-deploy/environment';
import { parseEnvFile } from './env-file.ts';
import { secretFiles } from './secret-files.ts';
import { boilerplateDirectory } from './shape.ts';

/** What a render holds in place of a secret value: it names the file below `secrets/`, and the key of an env file. */
export function placeholder(path: string, key?: string): string {
  return `<<SECRET ${path}${key === undefined ? '' : `#${key}`}>>`;
}

/** The file and key that a placeholder names; undefined where the text is no placeholder. */
export function parsePlaceholder(
  text: string,
): { readonly path: string; readonly key?: string } | undefined {
  const match = /^<<SECRET ([^#>]+)(?:#([^>]+))?>>$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { path: match[1], ...(match[2] === undefined ? {} : { key: match[2] }) };
}

/**
 * The files that stand in for the environment's secrets while it is rendered: path below the environment's folder →
 * text. No secret is read for it. The keys of an env file are those of the boilerplate.
 *
 * @throws {SecretsError} see {@link secretFiles}
 */
export async function placeholderFiles(
  environment: Environment,
  tree?: Pick<KustomizationTree, 'kustomizations'>,
): Promise<Map<string, string>> {
  const files = await secretFiles(environment, tree);
  const texts = files.map(async ({ path, format }): Promise<[string, string]> => {
    if (format !== 'env') return [`secrets/${path}`, placeholder(path)];
    const shape = await readFile(
      join(boilerplateDirectory(environment.workspaceRoot), path),
      'utf8',
    );
    const lines = parseEnvFile(shape).map(({ key }) => `${key}=${placeholder(path, key)}\n`);
    return [`secrets/${path}`, lines.join('')];
  });
  return new Map(await Promise.all(texts));
}
