import type { Environment } from '@prow-deploy/environment';
import { gitStatus } from './git-status.ts';
import { GuardError } from './guard-error.ts';

/** Options of {@link requireCommitted}. */
export interface RequireCommittedOptions {
  /** Lets what is not committed pass. Default: `false`. */
  readonly allowUncommitted?: boolean | undefined;
}

const LISTED_AT_MOST = 5;

/**
 * Lets a protected environment be applied only from what is in git, so that whoever reads its history knows what runs.
 * All counts that can change what is applied: the environment's own folder, what it stands on, the code, and the files
 * of the workspace's root but its documentation.
 *
 * @throws {GuardError} `uncommitted`, also where git cannot tell.
 */
export async function requireCommitted(
  environment: Environment,
  { allowUncommitted = false }: RequireCommittedOptions = {},
): Promise<void> {
  const { name, protection, workspaceRoot } = environment;
  if (protection === 'none' || allowUncommitted) return;
  const status = await gitStatus(workspaceRoot, pathspecs(name));
  const refuse = (why: string, remedy: string): never => {
    throw new GuardError(
      'uncommitted',
      `Cannot apply ${name}: environments/${name}/environment.yaml protects it, and ${why}. ${remedy}, or, if you mean it, add --allow-uncommitted.`,
    );
  };
  if ('reason' in status) {
    return refuse(
      `git cannot tell what was changed: ${status.reason}`,
      'Apply it from a git checkout',
    );
  }
  const { changed } = status;
  if (changed.length === 0) return;
  const shown = changed.slice(0, LISTED_AT_MOST).join(', ');
  const more = changed.length - LISTED_AT_MOST;
  const files = more > 0 ? `${shown}, and ${more} more` : shown;
  return refuse(`not all that it is made of is committed: ${files}`, 'Commit that');
}

// https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-pathspec; with glob, * does not match a slash.
function pathspecs(name: string): string[] {
  return [
    `:(literal)environments/${name}`,
    'kustom-base',
    'vendor',
    'libs',
    'tools',
    ':(glob)*',
    ':(exclude,glob)*.md',
    ':(exclude)LICENSE',
  ];
}
