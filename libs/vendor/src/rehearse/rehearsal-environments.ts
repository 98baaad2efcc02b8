import { join } from 'node:path';
import { type Environment, listEnvironments, readEnvironment } from '@prow-deploy/environment';
import { type Upstream } from '../copy/upstream.ts';
import { findVendoredCommits, vendoredCommit } from '../environments/vendored-commit.ts';
import { VendorError } from '../vendor-error.ts';

/**
 * Names of the environments to rehearse: those that are asked for, else all that use a copy.
 *
 * @throws {VendorError} `not-vendored` where one, or each, uses none.
 */
export async function environmentsToRehearse(
  upstream: Upstream,
  asked?: readonly string[],
): Promise<string[]> {
  const { workspaceRoot } = upstream;
  if (asked) {
    const read = asked.map((name) => readEnvironment({ workspaceRoot, name }));
    for (const environment of await Promise.all(read)) vendoredCommit(environment, upstream);
    return [...asked];
  }
  const names = (await listEnvironments(workspaceRoot)).filter((name) => {
    const directory = join(workspaceRoot, 'environments', name);
    return findVendoredCommits({ directory, workspaceRoot }, upstream).length > 0;
  });
  if (names.length > 0) return names;
  throw new VendorError(
    'not-vendored',
    `Cannot rehearse: no environment uses a folder of vendor/${upstream.name}. Reference one in a kustomization.yaml.`,
  );
}

/** Names of the environments that every other is isolated from. */
export async function protectedNames(workspaceRoot: string): Promise<string[]> {
  const read = (await listEnvironments(workspaceRoot)).map((name) =>
    readEnvironment({ workspaceRoot, name }).catch((): Environment | undefined => undefined),
  );
  return (await Promise.all(read)).flatMap((environment) =>
    environment?.protection === 'confirm' ? [environment.name] : [],
  );
}
