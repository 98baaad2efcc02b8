import { nameOf } from './read-folder.ts';

/** One line of `git ls-tree -z`. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly hash: string;
  readonly path: string;
}

/** Reads what `git ls-tree -z` prints. @throws {VendorError} `unsupported` for a name that is no UTF-8. */
export function parseTree(output: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    const [mode = '', type = '', hash = ''] = output
      .subarray(start, tab)
      .toString('latin1')
      .split(' ');
    entries.push({ mode, type, hash, path: nameOf(output.subarray(tab + 1, end)) });
    start = end + 1;
  }
  return entries;
}
