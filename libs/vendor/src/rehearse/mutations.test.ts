import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type KubernetesObject } from '@prow-deploy/audit';
import { readEnvironment } from '@prow-deploy/environment';
import { pick, seeded } from '@prow-deploy/testing';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { selectManifests } from '../copy/select-manifests.ts';
import { formatSource } from '../copy/source.ts';
import { type Upstream, readUpstream } from '../copy/upstream.ts';
import { vendoredCommit } from '../environments/vendored-commit.ts';
import { blobHash, treeHash } from '../git/git-hash.ts';
import { ENVIRONMENTS_2020, no2020Data, workspace2020 } from '../testing/deployment-2020.ts';
import { type Naming, isIntended } from '../testing/intended.ts';
import { ownWorkspace } from '../testing/own-workspace.ts';
import { noUpstreamData, referenceRepository } from '../testing/reference-commits.ts';
import { type UpstreamMutation, mutateUpstream } from '../testing/upstream-mutations.ts';
import { type Candidate } from './candidate.ts';
import { type CopyContent, readCopy } from './copy-content.ts';
import { moveInScratch } from './move-in-scratch.ts';
import { type Problem } from './rehearsal-report.ts';
import { type Rehearsal, openRehearsal } from './rehearse.ts';
import { copyFolder, prepareEnvironment, scratchWorkspace } from './scratch-workspace.ts';

const MUTATIONS = 100;
const seed = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261123);
const noData = no2020Data ?? noUpstreamData;

/** One environment of one workspace. */
interface Subject {
  readonly upstream: Upstream;
  readonly name: string;
  readonly copy: CopyContent;
  readonly kustomization: string;
  readonly rehearsal: Rehearsal;
  readonly naming: Naming;
  readonly built: readonly KubernetesObject[];
}

let kustomize: string;
const subjects: Subject[] = [];
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
  const own = await ownWorkspace();
  cleanups.push(() => own.remove());
  await addSubjects(own.root, ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing']);
  if (noData !== undefined) return;
  const repository = await referenceRepository();
  cleanups.push(() => repository.remove());
  const workspace = await workspace2020(repository.root, repository.commits.e88598c4);
  cleanups.push(() => workspace.remove());
  await addSubjects(workspace.root, ENVIRONMENTS_2020);
}, 600_000);
afterAll(async () => {
  for (const { rehearsal } of subjects) await rehearsal.close();
  for (const cleanup of cleanups) await cleanup();
});

async function addSubjects(workspaceRoot: string, names: readonly string[]): Promise<void> {
  const upstream = await readUpstream({ workspaceRoot });
  for (const name of names) {
    const environment = await readEnvironment({ workspaceRoot, name });
    const { directory } = vendoredCommit(environment, upstream);
    const file = await readFile(join(environment.directory, 'kustomization.yaml'), 'utf8');
    const { namePrefix = '' } = parse(file) as { namePrefix?: string };
    subjects.push({
      upstream,
      name,
      copy: await readCopy(directory, workspaceRoot),
      kustomization: await readFile(join(directory, 'kustomization.yaml'), 'utf8'),
      rehearsal: await openRehearsal({ upstream, environments: [name] }),
      naming: { ...environment.namespaces, prefix: namePrefix },
      built: (await build(upstream, name)) ?? [],
    });
  }
}

/** What kustomize makes of an environment, with another copy if one is given; undefined where it refuses. */
async function build(
  upstream: Upstream,
  name: string,
  candidate?: Candidate,
): Promise<KubernetesObject[] | undefined> {
  const scratch = await scratchWorkspace(upstream.workspaceRoot, [name]);
  try {
    const directory = join(scratch.root, 'vendor', upstream.name);
    const copied = { ...upstream, workspaceRoot: scratch.root, directory };
    if (candidate) await copyFolder(dirname(candidate.directory), directory, candidate.commit);
    await moveInScratch({ copied, names: [name], commit: candidate?.commit });
    const environment = await prepareEnvironment(scratch.root, name);
    const { stdout } = await promisify(execFile)(kustomize, ['build', environment.directory], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
  } catch {
    return undefined;
  } finally {
    await scratch.remove();
  }
}

/** A copy with these files, in a temporary folder. */
async function candidateOf(
  { copy, kustomization }: Subject,
  { files }: UpstreamMutation,
): Promise<Candidate> {
  const after = [...files].map(([path, text]) => ({
    path,
    mode: '100644' as const,
    hash: blobHash(Buffer.from(text)),
  }));
  const tree = treeHash(after);
  const directory = join(await mkdtemp(join(tmpdir(), 'mutated-')), tree);
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, 'manifests', path)), { recursive: true });
    await writeFile(join(directory, 'manifests', path), text);
  }
  const source = { repository: 'x', commit: tree, path: 'x', tree, files: after };
  await writeFile(join(directory, 'source.yaml'), formatSource({ origin: 'upstream', ...source }));
  const selected = selectManifests({ kustomization, before: copy.files, after });
  await writeFile(join(directory, 'kustomization.yaml'), selected.kustomization);
  return {
    commit: basename(directory),
    directory,
    remove: () => rm(dirname(directory), { recursive: true }),
  };
}

test(
  `each of ${MUTATIONS} mutations of upstream that patches did not intend is reported (seed ${seed}${noData ? `, without the deployment of 2020: ${noData}` : ''})`,
  { timeout: 1_800_000 },
  async () => {
    const random = seeded(seed);
    const results: {
      readonly about: string;
      readonly intended: boolean;
      readonly problems: readonly Problem[];
    }[] = [];
    for (let round = 0; round < MUTATIONS; round += 1) {
      const subject = pick(random, subjects);
      const { upstream, name, copy, built, naming, rehearsal } = subject;
      const files = new Map(copy.files.map(({ path }) => [path, copy.read(path)]));
      const mutation = mutateUpstream(files, [...copy.used], random);
      const candidate = await candidateOf(subject, mutation);
      const [report, now] = await Promise.all([
        rehearsal.try({ candidate }),
        build(upstream, name, candidate),
      ]);
      await candidate.remove();
      results.push({
        about: `${name}: ${mutation.kind}: ${mutation.change}`,
        intended: now !== undefined && isIntended(built, now, mutation, naming),
        problems: report.environments.flatMap(({ problems }) => problems),
      });
    }
    const isError = ({ severity }: Problem): boolean => severity === 'error';
    const unintended = results.filter(({ intended }) => !intended);
    const missed = unintended.filter(({ problems }) => !problems.some(isError));
    // Errors about patches where the patches did as they were meant to.
    const alarms = results.filter(
      ({ intended, problems }) =>
        intended && problems.some((each) => isError(each) && each.code === 'patch-changes'),
    );
    process.stdout.write(
      [
        `${MUTATIONS} mutations, seed ${seed}: ${unintended.length} that patches did not intend, ${missed.length} of them missed; ${alarms.length} false alarms`,
        ...alarms.map(
          ({ about, problems }) => `  ${about}: ${problems.find(isError)?.message ?? ''}`,
        ),
        '',
      ].join('\n'),
    );
    expect(unintended.length).toBeGreaterThan(10);
    expect(missed.map(({ about, problems }) => [about, problems])).toEqual([]);
  },
);
