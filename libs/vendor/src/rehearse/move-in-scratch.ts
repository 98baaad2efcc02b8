import { join } from 'node:path';
import { readEnvironment } from '@prow-deploy/environment';
import { readSource } from '../copy/source.ts';
import { type Upstream } from '../copy/upstream.ts';
import { type FollowedImage } from '../environments/follow-images.ts';
import { planMove } from '../environments/move-environment.ts';
import { vendoredCommit } from '../environments/vendored-commit.ts';
import { writeFiles } from '../environments/write-files.ts';
import { type BuiltFrom } from './rehearsal-report.ts';

/** What an environment of a scratch workspace was moved from, and to. */
export interface MovedEnvironment {
  readonly name: string;
  readonly from: BuiltFrom;
  readonly to: BuiltFrom;
  /** Absolute paths of the two copies, in the scratch workspace. */
  readonly copies: { readonly before: string; readonly after: string };
  readonly followed: readonly FollowedImage[];
}

export interface MoveInScratchOptions {
  /** The upstream as the scratch workspace has it, with both copies. */
  readonly copied: Upstream;
  readonly names: readonly string[];
  /** Default: the copy that each uses. */
  readonly commit?: string | undefined;
  /** Default: the version that each has. */
  readonly configVersion?: string | undefined;
  /** Tags of images that go before upstream's, by the image's name. Default: none. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/** Moves environments of a scratch workspace. */
export async function moveInScratch(options: MoveInScratchOptions): Promise<MovedEnvironment[]> {
  const { copied, names, commit, configVersion, tags } = options;
  const { workspaceRoot } = copied;
  const environments = await Promise.all(
    names.map((name) => readEnvironment({ workspaceRoot, name })),
  );
  // Before any of them moves: a base that several stand on moves with the first.
  const used = environments.map((environment) => vendoredCommit(environment, copied));
  const moved: MovedEnvironment[] = [];
  for (const [index, environment] of environments.entries()) {
    const { commit: old = '', directory: before = '' } = used[index] ?? {};
    const to = { commit: commit ?? old, configVersion: configVersion ?? environment.configVersion };
    const { files, images } = await planMove(environment, copied, { ...to, tags });
    await writeFiles(files);
    const after = join(copied.directory, to.commit);
    moved.push({
      name: environment.name,
      from: await builtFrom(before, old, environment.configVersion, workspaceRoot),
      to: await builtFrom(after, to.commit, to.configVersion, workspaceRoot),
      copies: { before, after },
      followed: images,
    });
  }
  return moved;
}

async function builtFrom(
  directory: string,
  commit: string,
  configVersion: string,
  workspaceRoot: string,
): Promise<BuiltFrom> {
  const { date } = await readSource(directory, workspaceRoot);
  return { commit, ...(date === undefined ? {} : { date }), configVersion };
}
