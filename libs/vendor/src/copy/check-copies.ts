import { basename, relative } from 'node:path';
import { type CopyCheck, checkCopy, listCopies } from './check-copy.ts';
import { type Upstream } from './upstream.ts';

/** One copy, proved or not. */
export interface CheckedCopy extends CopyCheck {
  /** Folder of the copy, relative to the workspace root. */
  readonly folder: string;
}

/**
 * Checks the copies of an upstream, all of them or those that are named by their folders.
 *
 * @throws {VendorError} as {@link checkCopy} does.
 */
export async function checkCopies(
  upstream: Pick<Upstream, 'directory' | 'workspaceRoot'>,
  commits?: readonly string[],
): Promise<CheckedCopy[]> {
  const { workspaceRoot } = upstream;
  const copies = (await listCopies(upstream)).filter(
    (directory) => commits === undefined || commits.includes(basename(directory)),
  );
  return Promise.all(
    copies.map(async (directory) => ({
      folder: relative(workspaceRoot, directory),
      ...(await checkCopy(directory, workspaceRoot)),
    })),
  );
}

/** What a check says, in lines: each problem with what to do, or that every copy is exact. */
export function formatCheck(checked: readonly CheckedCopy[]): string[] {
  const problems = checked.flatMap((copy) => copy.problems);
  if (problems.length > 0) return problems.map(({ message }) => message);
  return checked.map(
    ({ folder, source: { files } }) => `${folder} is exact: ${files.length} files.`,
  );
}
