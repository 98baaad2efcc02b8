import { createHash } from 'node:crypto';

/** git's modes of what a copy can hold: a file, one that may be run, a symbolic link. */
export const FILE_MODES = ['100644', '100755', '120000'] as const;
export type FileMode = (typeof FILE_MODES)[number];

/** A file of a git tree. */
export interface TreeFile {
  /** Path relative to the tree, with `/` between its parts. */
  readonly path: string;
  readonly mode: FileMode;
  /** git's hash of its content; that of a link is of the path that it holds. */
  readonly hash: string;
}

const TREE_MODE = '40000';

/** How git hashes objects: SHA-1, or SHA-256 in repositories that were made so, whose hashes are 64 digits long. */
export type ObjectFormat = 'sha1' | 'sha256';

export function objectFormatOf(hash: string): ObjectFormat {
  return hash.length === 64 ? 'sha256' : 'sha1';
}

/**
 * git's hash of a file's content. Source of the format: "Git Objects" in the Pro Git book, and git's
 * Documentation/gitformat-pack.txt: the type, the size, a zero byte, the bytes.
 */
export function blobHash(content: Uint8Array, format: ObjectFormat = 'sha1'): string {
  return objectHash('blob', content, format);
}

/**
 * git's hash of a folder with these files, and of all folders in it. git knows no empty folder.
 */
export function treeHash(files: readonly TreeFile[], format: ObjectFormat = 'sha1'): string {
  const below = new Map<string, TreeFile[]>();
  const entries: { name: string; mode: string; hash: string }[] = [];
  for (const file of files) {
    const slash = file.path.indexOf('/');
    if (slash < 0) {
      entries.push({ name: file.path, mode: file.mode, hash: file.hash });
      continue;
    }
    const folder = file.path.slice(0, slash);
    const members = below.get(folder) ?? [];
    members.push({ ...file, path: file.path.slice(slash + 1) });
    below.set(folder, members);
  }
  for (const [name, members] of below) {
    entries.push({ name, mode: TREE_MODE, hash: treeHash(members, format) });
  }
  // By the bytes of their names, folders as if their names ended with a slash.
  const sorted = entries
    .map((entry) => ({
      ...entry,
      key: Buffer.from(entry.mode === TREE_MODE ? `${entry.name}/` : entry.name),
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  const bytes = sorted.flatMap(({ mode, name, hash }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(hash, 'hex'),
  ]);
  return objectHash('tree', Buffer.concat(bytes), format);
}

function objectHash(type: string, content: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest('hex');
}
