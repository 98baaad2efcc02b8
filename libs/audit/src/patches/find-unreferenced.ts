import { readdirSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { type Finding, finding } from '../finding.ts';
import { KUSTOMIZATION_FILES } from '../load/load-tree.ts';
import type { Tree } from '../load/tree.ts';

/** Folders that hold something else than manifests and patches: what is generated, and what it is generated from. */
const OTHER_FOLDERS = new Set([
  'configs',
  'secrets',
  'secrets-boilerplate',
  'yq_scripts',
  'node_modules',
]);

/** Files that are read by something else than kustomize; `source.yaml` marks a copy of someone else's manifests. */
const OTHER_FILES = new Set([
  'environment.yaml',
  'environment.yml',
  'source.yaml',
  'acceptances.yaml',
]);

/** So many files of one folder are told in one finding: the folder is likely a copy of which a part is used. */
const MANY = 8;

const MAX_ENTRIES = 20_000;

/** Manifests and patches below the folders of the kustomizations that none of them references. */
export function unreferencedFiles(tree: Tree): Finding[] {
  const folders = new Set(tree.levels.map(({ directory }) => directory));
  const found = new Map<string, string[]>();
  const visited = new Set<string>();
  let entries = 0;
  const visit = (folder: string): void => {
    if (visited.has(folder) || entries > MAX_ENTRIES) return;
    visited.add(folder);
    const content = readdirSync(folder, { withFileTypes: true });
    entries += content.length;
    const names = new Set(content.map(({ name }) => name));
    // Another kustomization, or what was copied from elsewhere as a whole.
    const foreign = KUSTOMIZATION_FILES.some((name) => names.has(name)) && !folders.has(folder);
    if (foreign || names.has('source.yaml')) return;
    for (const entry of content) {
      const { name } = entry;
      const path = join(folder, name);
      if (name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        if (!OTHER_FOLDERS.has(name)) visit(path);
      } else if (entry.isFile() && isCandidate(name) && !tree.referenced.has(path)) {
        found.set(folder, [...(found.get(folder) ?? []), relative(tree.root, path)]);
      }
    }
  };
  folders.forEach(visit);
  return [...found.values()].flatMap((files) =>
    files.length > MANY ? [together(files)] : files.map(alone),
  );
}

function isCandidate(name: string): boolean {
  if (KUSTOMIZATION_FILES.includes(name) || OTHER_FILES.has(name) || /^readme/i.test(name))
    return false;
  return ['.yaml', '.yml', '.json'].includes(extname(name));
}

function alone(file: string): Finding {
  return finding(
    'file-unreferenced',
    `No kustomization references ${file}. Reference it, or remove it.`,
    { file },
  );
}

function together(files: readonly string[]): Finding {
  const folder = dirname(files[0] ?? '');
  const names = files.map((file) => relative(folder, file)).join(', ');
  return finding(
    'file-unreferenced',
    `No kustomization references ${files.length} files of ${folder}: ${names}. Reference or remove them.`,
    { file: folder },
  );
}
