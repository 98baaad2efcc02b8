import { type TreeFile } from '../git/git-hash.ts';

/** What upstream did to the files of its folder. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly removed: readonly RemovedFile[];
  readonly renamed: readonly RenamedFile[];
  readonly changed: readonly ChangedFile[];
}

export interface ChangedFile {
  readonly file: string;
  /** Whether it is deployed. */
  readonly used: boolean;
}

export type RemovedFile = ChangedFile;

export interface RenamedFile {
  readonly from: string;
  readonly to: string;
  /** How much of it is the same, from 0.5 to 1. */
  readonly similarity: number;
  /** Whether it is deployed under its old name, and under its new one. */
  readonly used: { readonly before: boolean; readonly after: boolean };
}

/** One side of a comparison: the files, their texts, and which of them are deployed. */
export interface CopyFiles {
  readonly files: readonly TreeFile[];
  /** Text of a file. */
  readonly read: (path: string) => string;
  /** Paths that the copy's kustomization.yaml names. */
  readonly used: ReadonlySet<string>;
}

/** As git counts: a file that is at least half the same as one that is gone has been renamed. */
const RENAMED_FROM = 0.5;

/** Compares the files of two copies. */
export function compareFiles(before: CopyFiles, after: CopyFiles): FileChanges {
  const old = new Map(before.files.map((file) => [file.path, file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const gone = before.files.filter(({ path }) => !now.has(path));
  const fresh = after.files.filter(({ path }) => !old.has(path));
  const renamed = findRenames(gone, fresh, before, after);
  const from = new Set(renamed.map((rename) => rename.from));
  const to = new Set(renamed.map((rename) => rename.to));
  const withUse = ({ path }: TreeFile): ChangedFile => ({
    file: path,
    used: before.used.has(path),
  });
  return {
    added: fresh.map(({ path }) => path).filter((path) => !to.has(path)),
    removed: gone.filter(({ path }) => !from.has(path)).map(withUse),
    renamed,
    changed: before.files
      .filter(({ path, hash, mode }) => {
        const other = now.get(path);
        return other !== undefined && (other.hash !== hash || other.mode !== mode);
      })
      .map(withUse),
  };
}

function findRenames(
  gone: readonly TreeFile[],
  fresh: readonly TreeFile[],
  before: CopyFiles,
  after: CopyFiles,
): RenamedFile[] {
  const pairs = gone.flatMap((a) =>
    fresh.map((b) => {
      const similarity =
        a.hash === b.hash ? 1 : similarityOf(before.read(a.path), after.read(b.path));
      return { from: a.path, to: b.path, similarity };
    }),
  );
  const found: RenamedFile[] = [];
  for (const pair of pairs.sort((a, b) => b.similarity - a.similarity)) {
    if (pair.similarity < RENAMED_FROM) break;
    if (found.some(({ from, to }) => from === pair.from || to === pair.to)) continue;
    const used = { before: before.used.has(pair.from), after: after.used.has(pair.to) };
    found.push({ ...pair, used });
  }
  return found.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The share of two texts that is the same, in characters of equal lines. */
export function similarityOf(before: string, after: string): number {
  const longest = Math.max(before.length, after.length);
  if (longest === 0) return 0;
  const counts = new Map<string, number>();
  for (const line of before.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  let same = 0;
  for (const line of after.split('\n')) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    same += line.length + 1;
  }
  return Math.min(1, same / longest);
}
