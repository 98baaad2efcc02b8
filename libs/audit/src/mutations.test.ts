import { cp, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  readEnvironment,
  renderConfigs,
  writeConfigs,
  writeOutput,
} from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { checkConfig } from '@prow-deploy/prow-config';
import { pick, seeded } from '@prow-deploy/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEnvironment } from './audit-environment.ts';
import { mutate, type Mutation } from './testing/mutations.ts';

const MUTATIONS = 200;
const seed = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261123);
const ENVIRONMENTS = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'];

let root: string;
const baselines = new Map<string, State>();

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'mutation-test-')));
  for (const folder of ['environments', 'kustom-base', 'vendor']) {
    await cp(join(process.cwd(), folder), join(root, folder), {
      recursive: true,
      filter: (source) => !/\/environments\/[^/]+\/(secrets|configs)$/.test(source),
    });
  }
  for (const name of ENVIRONMENTS) await build(name);
  for (const name of ENVIRONMENTS) baselines.set(name, await look(name));
}, 120_000);
afterAll(() => rm(root, { recursive: true }));

interface State {
  readonly manifest: string;
  readonly findings: ReadonlySet<string>;
}

async function build(workspace: string): Promise<string> {
  const environment = await readEnvironment({ workspaceRoot: root, name: workspace });
  await writeConfigs(environment, await renderConfigs(environment));
  const { manifest } = await buildEnvironment(environment);
  await writeOutput(environment, 'manifest', manifest);
  return manifest;
}

async function look(name: string): Promise<State> {
  const manifest = await build(name);
  const environment = await readEnvironment({ workspaceRoot: root, name });
  const { findings } = await auditEnvironment(environment);
  return { manifest, findings: new Set(findings.map(({ code, message }) => `${code} ${message}`)) };
}

async function files(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    const isSource = entry.isFile() && path.endsWith('.yaml') && !/^dist\/|\/configs\//.test(path);
    if (isSource) texts.set(path, await readFile(join(root, path), 'utf8'));
  }
  return texts;
}

type Outcome = 'refused' | 'found' | 'does not matter' | 'missed';

/** What becomes of one mutation of an environment, by all that looks at it before an apply. */
async function outcomeOf(mutation: Mutation, name: string): Promise<Outcome> {
  const before = baselines.get(name);
  let after: State;
  try {
    after = await look(name);
  } catch {
    return 'refused'; // with an error of its own, by kustomize or by us
  }
  if ([...after.findings].some((key) => before?.findings.has(key) === false)) return 'found';
  const { adds } = mutation;
  const manifest =
    adds === undefined
      ? after.manifest
      : after.manifest.replaceAll(new RegExp(`^.*${adds}\\n`, 'gm'), '');
  if (manifest === before?.manifest) return 'does not matter';
  // What Prow reads is for Prow's own checkconfig to judge.
  const environment = await readEnvironment({ workspaceRoot: root, name });
  return (await checkConfig(environment)).outcome === 'failed' ? 'found' : 'missed';
}

test('our own environments have no error and no warning', () => {
  for (const { findings } of baselines.values()) {
    const weighty = [...findings].filter(
      (key) => !/^(object-unused|port-without-service) /.test(key),
    );
    expect(weighty).toEqual([]);
  }
});

test(
  `each of ${MUTATIONS} mutations is found, or does not matter (seed ${seed})`,
  { timeout: 1_800_000 },
  async () => {
    const random = seeded(seed);
    const texts = await files();
    const outcomes: { outcome: Outcome; mutation: Mutation; name: string }[] = [];
    for (let round = 0; round < MUTATIONS; round += 1) {
      const mutation = mutate(texts, random);
      const own = /^environments\/([^/]+)\//.exec(mutation.file)?.[1];
      const name = own ?? pick(random, ENVIRONMENTS);
      await writeFile(join(root, mutation.file), mutation.text);
      outcomes.push({ outcome: await outcomeOf(mutation, name), mutation, name });
      await writeFile(join(root, mutation.file), texts.get(mutation.file) ?? '');
    }
    const count = (wanted: Outcome): number =>
      outcomes.filter(({ outcome }) => outcome === wanted).length;
    const share =
      (100 * (count('found') + count('refused'))) / (MUTATIONS - count('does not matter'));
    process.stdout.write(
      `${MUTATIONS} mutations, seed ${seed}: ${count('found')} found, ${count('refused')} refused, ${count('does not matter')} do not matter, ${count('missed')} missed: ${share.toFixed(1)} % of those that matter\n`,
    );
    const missed = outcomes.filter(({ outcome }) => outcome === 'missed');
    expect(
      missed.map(
        ({ mutation, name }) => `${name}: ${mutation.kind} in ${mutation.file}: ${mutation.change}`,
      ),
    ).toEqual([]);
  },
);
