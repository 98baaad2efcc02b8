import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnvironmentState, readEnvironmentState } from '@prow-deploy/apply';
import { ClusterError } from '@prow-deploy/cluster';
import {
  type Environment,
  findKustomization,
  listEnvironments,
  readEnvironment,
} from '@prow-deploy/environment';
import { type Upstream } from '../copy/upstream.ts';
import { type BuiltFrom } from '../rehearse/rehearsal-report.ts';
import { type FollowedImage, followImages } from './follow-images.ts';
import { readTags } from './move-environment.ts';
import { vendoredCommit } from './vendored-commit.ts';

/** Where an environment stands: what its files say, and what its cluster tells. JSON-serialisable; holds no secret. */
export interface EnvironmentStatus {
  readonly environment: string;
  /** Absent where its files do not say it; `problem` says why. */
  readonly builtFrom?: BuiltFrom;
  /** Its images that follow upstream's; `to` is there where one lags behind the vendored commit. Absent as `builtFrom`. */
  readonly images?: readonly FollowedImage[];
  /** What its files, or the copy, are guilty of. */
  readonly problem?: string;
  readonly cluster: ClusterStatus;
}

export type ClusterStatus =
  | ({ readonly outcome: 'read' } & EnvironmentState)
  /** A cluster of this machine that is not up. */
  | { readonly outcome: 'down' }
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface ReadStatusOptions {
  readonly upstream: Upstream;
  /** How long a cluster may take to answer, in milliseconds. Default: ten seconds. */
  readonly timeoutMs?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads where every environment stands, all at once. What cannot be read is told, not thrown. */
export async function readStatus(options: ReadStatusOptions): Promise<EnvironmentStatus[]> {
  const { upstream, signal } = options;
  const { workspaceRoot } = upstream;
  const names = await listEnvironments(workspaceRoot);
  const all = await Promise.all(
    names.map(async (name): Promise<EnvironmentStatus> => {
      try {
        const environment = await readEnvironment({ workspaceRoot, name });
        const [files, cluster] = await Promise.all([
          readBuiltFrom(environment, upstream),
          readClusterStatus(environment, options),
        ]);
        return { environment: name, ...files, cluster };
      } catch (error) {
        const problem = messageOf(error);
        const cluster = { outcome: 'unknown', reason: 'environment.yaml is wrong' } as const;
        return { environment: name, problem, cluster };
      }
    }),
  );
  signal?.throwIfAborted();
  return all;
}

async function readBuiltFrom(
  environment: Environment,
  upstream: Upstream,
): Promise<Pick<EnvironmentStatus, 'builtFrom' | 'images' | 'problem'>> {
  const { configVersion, directory, workspaceRoot } = environment;
  try {
    const { commit } = vendoredCommit(environment, upstream);
    const copy = await readTags(join(upstream.directory, commit), workspaceRoot);
    const { date } = copy;
    const file = findKustomization(directory);
    const images = followImages({
      kustomization: file === undefined ? '' : await readFile(file, 'utf8'),
      prefixes: upstream.followImages,
      before: copy,
      after: copy,
    });
    return {
      builtFrom: { commit, ...(date === undefined ? {} : { date }), configVersion },
      images,
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function readClusterStatus(
  environment: Environment,
  { timeoutMs = 10_000, signal }: ReadStatusOptions,
): Promise<ClusterStatus> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    return { outcome: 'read', ...(await readEnvironmentState(environment, { signal: either })) };
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'not-running') return { outcome: 'down' };
    const reason = deadline.aborted
      ? `Its cluster does not answer within ${timeoutMs / 1000} s.`
      : messageOf(error);
    return { outcome: 'unknown', reason };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
