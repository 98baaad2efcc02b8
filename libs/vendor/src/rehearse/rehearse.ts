import { dirname, join } from 'node:path';
import { type KubernetesObject } from '@prow-deploy/audit';
import { type OnProgress, ensureTool } from '@prow-deploy/toolchain';
import { type Upstream } from '../copy/upstream.ts';
import { type Candidate } from './candidate.ts';
import { compareSides } from './compare-sides.ts';
import { type ExaminedSide, auditAll, examineAll } from './examine-workspace.ts';
import { moveInScratch } from './move-in-scratch.ts';
import { environmentsToRehearse, protectedNames } from './rehearsal-environments.ts';
import { type EnvironmentRehearsal, type RehearsalReport } from './rehearsal-report.ts';
import { copyFolder, scratchWorkspace } from './scratch-workspace.ts';

export interface RehearsalOptions {
  readonly upstream: Upstream;
  /** Names of the environments to rehearse. Default: all that use a copy of this upstream. */
  readonly environments?: readonly string[] | undefined;
  /** Absolute path of the kustomize executable. Default: the pinned one, installed where it is missing. */
  readonly kustomize?: string | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the installation of kustomize, if one is needed. */
  readonly onToolProgress?: OnProgress;
}

/** What is to be tried. */
export interface Rehearsed {
  /** The copy to be used; absent where the copies stay. */
  readonly candidate?: Candidate;
  /** The base configuration version to be used. Default: each environment's own. */
  readonly configVersion?: string | undefined;
  /** Tags of images that go before upstream's, by the image's name. Default: none. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/** A rehearsal that can try one thing after another: what is built today is built once. */
export interface Rehearsal {
  try(what: Rehearsed): Promise<RehearsalReport>;
  /** Removes the scratch copies. */
  close(): Promise<void>;
}

/** Tries one change. See {@link openRehearsal}. */
export async function rehearse(
  what: Rehearsed,
  options: RehearsalOptions,
): Promise<RehearsalReport> {
  const rehearsal = await openRehearsal(options);
  try {
    return await rehearsal.try(what);
  } finally {
    await rehearsal.close();
  }
}

/**
 * Builds every environment as it is today, in a scratch copy, to compare with what it would be: with another copy of
 * upstream, another base configuration version, or both. Nothing of the workspace is written.
 *
 * @throws {VendorError} `not-vendored` where an environment uses no copy of this upstream.
 */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { upstream, signal } = options;
  const { workspaceRoot } = upstream;
  const names = await environmentsToRehearse(upstream, options.environments);
  const all = [...new Set([...names, ...(await protectedNames(workspaceRoot))])];
  const kustomize =
    options.kustomize ??
    (await ensureTool('kustomize', {
      ...(signal ? { signal } : {}),
      ...(options.onToolProgress ? { onProgress: options.onToolProgress } : {}),
    }));
  const scratch = await scratchWorkspace(workspaceRoot, all);
  const known = new Map<string, KubernetesObject>();
  const examine = { kustomize, known, signal };
  try {
    const today = await examineAll({ ...examine, root: scratch.root, names: all });
    const before = await auditAll(
      names.flatMap((name) => today.filter((side) => side.name === name)),
      today,
    );
    return {
      try: (what) => tryChange({ upstream, names, examine, what, before, today }),
      close: () => scratch.remove(),
    };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

interface Trial {
  readonly upstream: Upstream;
  readonly names: readonly string[];
  readonly examine: {
    readonly kustomize: string;
    readonly known: Map<string, KubernetesObject>;
    readonly signal: AbortSignal | undefined;
  };
  readonly what: Rehearsed;
  readonly before: readonly ExaminedSide[];
  /** Every environment that was built, for what is isolated from it: each moves alone. */
  readonly today: readonly Omit<ExaminedSide, 'findings'>[];
}

async function tryChange(trial: Trial): Promise<RehearsalReport> {
  const { upstream, names, examine, what, before, today } = trial;
  const { workspaceRoot } = upstream;
  const scratch = await scratchWorkspace(workspaceRoot, names);
  try {
    const { candidate } = what;
    const copied = {
      ...upstream,
      workspaceRoot: scratch.root,
      directory: join(scratch.root, 'vendor', upstream.name),
    };
    if (candidate) {
      await copyFolder(dirname(candidate.directory), copied.directory, candidate.commit);
    }
    const { configVersion, tags } = what;
    const commit = candidate?.commit;
    const moved = await moveInScratch({ copied, names, commit, configVersion, tags });
    const examined = await examineAll({ ...examine, root: scratch.root, names });
    const after = await auditAll(examined, today);
    const compared = await Promise.all(
      after.map(async (side, index): Promise<EnvironmentRehearsal[]> => {
        const [old, move] = [before[index], moved[index]];
        return old && move ? [await compareSides(old, side, move, scratch.root)] : [];
      }),
    );
    const environments = compared.flat();
    const broken = environments.some(({ outcome }) => outcome === 'broken');
    return {
      version: 1,
      upstream: upstream.name,
      outcome: broken ? 'broken' : 'fits',
      environments,
    };
  } finally {
    await scratch.remove();
  }
}
