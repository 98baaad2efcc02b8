import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type YamlFile, parseYamlFile } from './yaml-file.ts';

/** File names that kustomize takes for a kustomization, in its own order. */
export const KUSTOMIZATION_FILES = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
] as const;

/** What a kustomization stands on, followed through all kustomizations that it references. */
export interface KustomizationTree {
  /** Absolute paths of the kustomization folders, the starting one first. */
  readonly directories: readonly string[];
  /** The kustomizations themselves, in the same order, as far as they could be parsed. */
  readonly kustomizations: readonly Kustomization[];
  /** Absolute paths of the manifest and patch files that they reference, kustomization files included. */
  readonly files: readonly string[];
  /** What kustomize would stumble over, each as `file:line: sentence`. */
  readonly problems: readonly string[];
  /** Those of the problems that are a reference to what is not there, by its absolute path. */
  readonly missing: ReadonlyMap<string, string>;
}

/** One kustomization file. */
export interface Kustomization {
  /** Absolute path of its folder: paths in it are relative to that. */
  readonly directory: string;
  /** What it says. */
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Follows `resources`, `components`, the `bases` of old, and the paths of patches and replacements from one kustomization to all that it
 * stands on. Remote references (URLs) are left to kustomize. Never throws: what is wrong is in `problems`, so that a
 * graph can be drawn of a workspace that does not build yet.
 */
export function readKustomizationTree(directory: string, workspaceRoot: string): KustomizationTree {
  const directories = new Set<string>();
  const files = new Set<string>();
  const kustomizations: Kustomization[] = [];
  const problems: string[] = [];
  const missing = new Map<string, string>();

  const visit = (current: string): void => {
    if (directories.has(current)) return;
    directories.add(current);
    const path = findKustomization(current);
    if (!path) {
      problems.push(`${relative(workspaceRoot, current)}: there is no ${KUSTOMIZATION_FILES[0]}.`);
      return;
    }
    files.add(path);
    const source = parseOnce(path, relative(workspaceRoot, path));
    if (source.errors.length > 0) {
      problems.push(...source.errors);
      return;
    }
    const content = (source.documents[0]?.toJS() ?? {}) as Record<string, unknown>;
    kustomizations.push({ directory: current, content });
    const { bases, others } = referencesOf(content);
    if (bases.length === 0) {
      problems.push(`${source.file}:1: references nothing: resources and components are empty.`);
    }
    for (const { value, path: keys } of [...bases, ...others]) {
      if (isRemote(value)) continue;
      const target = resolve(current, value);
      if (!existsSync(target)) {
        const problem = `${source.where(keys)}: ${keys[0] ?? ''}: ${value} is not there.`;
        problems.push(problem);
        missing.set(target, problem);
      } else if (statSync(target).isDirectory()) visit(target);
      else files.add(target);
    }
  };
  visit(resolve(directory));
  return { directories: [...directories], kustomizations, files: [...files], problems, missing };
}

// Environments stand on the same kustomizations, and a graph is drawn in several steps: the same text is parsed once.
const parsed = new Map<string, { readonly text: string; readonly source: YamlFile }>();

function parseOnce(path: string, file: string): YamlFile {
  const text = readFileSync(path, 'utf8');
  const known = parsed.get(path);
  if (known?.text === text && known.source.file === file) return known.source;
  const source = parseYamlFile(text, file);
  parsed.set(path, { text, source });
  return source;
}

/** The kustomization file of a folder, if it has one. */
export function findKustomization(directory: string): string | undefined {
  return KUSTOMIZATION_FILES.map((name) => join(directory, name)).find((path) => existsSync(path));
}

interface Reference {
  readonly value: string;
  readonly path: readonly (string | number)[];
}

// `bases` add objects, `others` change them.
function referencesOf(content: Kustomization['content']): {
  bases: Reference[];
  others: Reference[];
} {
  const list = (key: string): unknown[] => {
    const value = content[key];
    return Array.isArray(value) ? value : [];
  };
  const bases = ['resources', 'bases', 'components'].flatMap((key) =>
    list(key).flatMap((value, index) =>
      typeof value === 'string' ? [{ value, path: [key, index] }] : [],
    ),
  );
  const others = ['patches', 'replacements'].flatMap((key) =>
    list(key).flatMap((item, index) => {
      const value = (item as { path?: unknown } | null)?.path;
      return typeof value === 'string' ? [{ value, path: [key, index, 'path'] }] : [];
    }),
  );
  return { bases, others };
}

function isRemote(reference: string): boolean {
  return /^[a-z+]+:\/\/|^git@|^github\.com\/|\?ref=/.test(reference);
}
