import { gitStatus } from './git-status.ts';

/** What is checked out. */
export interface GitCommit {
  /** Hash of the commit. */
  readonly commit: string;
  /** A file is not as in that commit, or is not in it and not ignored. */
  readonly dirty: boolean;
}

/** The commit that the workspace is at, for records; `undefined` where it is no git checkout, or has no commit. */
export async function gitCommit(workspaceRoot: string): Promise<GitCommit | undefined> {
  const status = await gitStatus(workspaceRoot);
  if ('reason' in status || status.commit === undefined) return undefined;
  return { commit: status.commit, dirty: status.changed.length > 0 };
}
