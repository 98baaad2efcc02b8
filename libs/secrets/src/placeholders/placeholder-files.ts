import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import {
  type Environment,
  type KustomizationTree,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { isScalar, parseDocument } from 'yaml';
import { secretsDirectory } from '../secret-files.ts';
import { readShape } from '../shape/read-shape.ts';
import { generatedFrom } from './generator-inputs.ts';
import { placeholder } from './placeholder.ts';
import { type ValueInGit, valuesInGit } from './values-in-git.ts';

/**
 * The files that stand in for the environment's secrets while it is rendered: path below the environment's folder →
 * text. No secret is read for it. The keys of an env file are those of the boilerplate. A file that the boilerplate does
 * not describe gets a placeholder too (an env file no key): the audit names it, with its line.
 */
export async function placeholderFiles(
  environment: Environment,
  tree: Pick<KustomizationTree, 'kustomizations'> = treeOf(environment),
): Promise<Map<string, string>> {
  const { name, workspaceRoot } = environment;
  const shapes = await readShape(workspaceRoot);
  const secrets = secretsDirectory(environment);
  const files = new Map<string, string>();
  for (const kustomization of tree.kustomizations) {
    for (const { path, at } of generatedFrom(kustomization, secrets)) {
      const shape = shapes.get(path);
      const isEnv = shape ? shape.format === 'env' : String(at[2]).startsWith('env');
      const lines = (shape?.keys ?? []).map(
        (key) => `${key}=${placeholder({ environment: name, source: path, key })}\n`,
      );
      files.set(
        `secrets/${path}`,
        isEnv ? lines.join('') : placeholder({ environment: name, source: path }),
      );
    }
  }
  return files;
}

/**
 * All files that a build sees in another form, so that it holds no value of any Secret: those of {@link placeholderFiles},
 * and the files in git that a `secretGenerator` takes values from: path from the workspace root → text.
 */
export async function placeholderOverlay(
  environment: Environment,
  tree: Pick<KustomizationTree, 'kustomizations'> = treeOf(environment),
): Promise<Map<string, string>> {
  const { workspaceRoot, directory } = environment;
  const [secrets, values] = await Promise.all([
    placeholderFiles(environment, tree),
    valuesInGit(environment, tree),
  ]);
  const here = relative(workspaceRoot, directory);
  const overlay = new Map([...secrets].map(([path, text]) => [`${here}/${path}`, text]));
  for (const file of new Set(values.map((value) => value.file))) {
    const own = values.filter((value) => value.file === file);
    overlay.set(relative(workspaceRoot, file), await standIn(file, own));
  }
  return overlay;
}

function treeOf({ directory, workspaceRoot }: Environment): KustomizationTree {
  return readKustomizationTree(directory, workspaceRoot);
}

async function standIn(file: string, values: readonly ValueInGit[]): Promise<string> {
  const literals = values.filter(({ input }) => input.kind === 'literal');
  if (literals.length > 0) return replaceLiterals(await readFile(file, 'utf8'), literals);
  return values
    .map(({ input, placeholder }) => {
      if (input.kind !== 'env') return placeholder;
      return `${placeholder.slice(placeholder.lastIndexOf('#') + 1, -2)}=${placeholder}\n`;
    })
    .join('');
}

// Only the literals are written anew: all else keeps its place, so that kustomize's messages name the right lines.
function replaceLiterals(text: string, literals: readonly ValueInGit[]): string {
  const document = parseDocument(text);
  const edits = literals.flatMap(({ input, placeholder }) => {
    const node = document.getIn(input.at, true);
    if (input.kind !== 'literal' || !isScalar(node) || !node.range) return [];
    const [start, end] = node.range;
    const lineEnd = text.slice(start, end).endsWith('\n') ? '\n' : '';
    return [{ start, end, text: `${JSON.stringify(`${input.key}=${placeholder}`)}${lineEnd}` }];
  });
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: by }) => result.slice(0, start) + by + result.slice(end),
      text,
    );
}
