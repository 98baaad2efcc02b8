import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '@prow-deploy/environment';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { sync } from '../copy/sync.ts';
import { type Upstream, readUpstream } from '../copy/upstream.ts';
import { findCandidate } from '../rehearse/candidate.ts';
import { formatMarkdown } from '../rehearse/format-markdown.ts';
import { formatRehearsal } from '../rehearse/format-rehearsal.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { type TestRepository, testRepository } from '../testing/git-repository.ts';
import { ownWorkspace } from '../testing/own-workspace.ts';
import { readStatus } from './environment-status.ts';
import { formatStatus } from './format-status.ts';
import { promote } from './promote.ts';

vi.setConfig({ testTimeout: 120_000 });

const NOW = 'v20240619-cfb8754e0';
const NEXT = 'v20240802-66b115076';
const OLDER = 'v20230101-aaaaaaaaa';
const OWN = ['branchprotector', 'cherrypicker', 'exporter'].map(
  (name) => `us-docker.pkg.dev/k8s-infra-prow/images/${name}`,
);

let workspace: Awaited<ReturnType<typeof ownWorkspace>>;
let repository: TestRepository;
let upstream: Upstream;
beforeEach(async () => {
  await ensureTool('kustomize');
  workspace = await ownWorkspace();
  repository = await testRepository();
  await writeFile(
    join(workspace.root, 'vendor/test-infra/upstream.yaml'),
    `repository: ${repository.root}\npath: m\nfollowImages: [us-docker.pkg.dev/k8s-infra-prow/images]\n`,
  );
  upstream = await readUpstream({ workspaceRoot: workspace.root });
});
afterEach(async () => {
  await workspace.remove();
  await repository.remove();
});

/** A commit of upstream: the files that are deployed today, with another tag or without one. */
async function commitWith(tag: string, date: string): Promise<string> {
  const [copy = ''] = (await readdir(upstream.directory)).filter((name) => name.length === 40);
  const folder = join(upstream.directory, copy, 'manifests');
  const files = await Promise.all(
    (await readdir(folder)).map(async (name): Promise<[string, string]> => {
      const text = await readFile(join(folder, name), 'utf8');
      return [`m/${name}`, text.replaceAll(`:${NOW}`, tag === '' ? '' : `:${tag}`)];
    }),
  );
  return repository.commit(Object.fromEntries(files), { date });
}

const vendored = async (tag: string, date: string): Promise<string> => {
  const revision = await commitWith(tag, date);
  await sync({ upstream, revision });
  return revision;
};

const environment = (name: string) => readEnvironment({ workspaceRoot: workspace.root, name });
const kustomizationOf = (name: string): string =>
  join(workspace.root, `environments/${name}/kustomization.yaml`);
async function tagsIn(name: string): Promise<string[]> {
  const { images } = parse(await readFile(kustomizationOf(name), 'utf8')) as {
    images: { name: string; newTag: string }[];
  };
  expect(images.map((image) => image.name)).toEqual(OWN);
  return [...new Set(images.map(({ newTag }) => newTag))];
}
const statusOf = async (): Promise<string> =>
  (await formatStatus(await readStatus({ upstream }))).join('\n');

test('a newer commit takes the tags of one environment along; the next takes them from there', async () => {
  const commit = await vendored(NEXT, '2024-08-05T00:00:00Z');
  const candidate = await findCandidate({ upstream, revision: commit });
  const environments = ['kubevirtci-testing', 'ibmcloud-staging'];
  const rehearsal = await rehearse({ candidate }, { upstream, environments });
  for (const { followed, objects } of rehearsal.environments) {
    expect(followed.map(({ name, to }) => [name, to])).toEqual(OWN.map((name) => [name, NEXT]));
    const after = objects.images.map((image) => image.after);
    for (const name of OWN) expect(after).toContain(`${name}:${NEXT}`);
  }
  const says = `image ${OWN[2]}: ${NOW} → ${NEXT}`;
  expect(formatRehearsal(rehearsal)).toContain(`  ${says}`);
  expect(formatMarkdown(rehearsal)).toContain(`- ${says}`);

  const testing = await promote({
    upstream,
    environment: await environment('kubevirtci-testing'),
    commit,
  });
  expect(testing.changes).toEqual([
    expect.stringMatching(/^commit: /),
    ...OWN.map((name) => `image ${name}: ${NOW} → ${NEXT}`),
  ]);
  expect(testing.files).toEqual(['environments/kubevirtci-testing/kustomization.yaml']);
  expect(await tagsIn('kubevirtci-testing')).toEqual([NEXT]);
  expect(await tagsIn('ibmcloud-staging')).toEqual([NOW]);
  expect(await statusOf()).toMatch(
    new RegExp(`kubevirtci-testing +${commit.slice(0, 12)} +\\S+ +${NEXT} +\\d{8} `),
  );

  // What was tried there by hand goes along too.
  const file = kustomizationOf('kubevirtci-testing');
  const byHand = 'v20240901-abcdef012';
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace(
      `exporter\n    newTag: ${NEXT}`,
      `exporter\n    newTag: ${byHand}`,
    ),
  );
  const staging = await promote({
    upstream,
    environment: await environment('ibmcloud-staging'),
    from: 'kubevirtci-testing',
  });
  expect(staging.changes).toEqual([
    `commit: ${staging.rehearsal?.environments[0]?.from.commit} → ${commit}`,
    ...OWN.slice(0, 2).map((name) => `image ${name}: ${NOW} → ${NEXT}`),
    `image ${OWN[2]}: ${NOW} → ${byHand}`,
  ]);
  expect(staging.rehearsal?.environments[0]?.objects.images.map(({ after }) => after)).toContain(
    `${OWN[2]}:${byHand}`,
  );
  expect(await tagsIn('ibmcloud-staging')).toEqual([NEXT, byHand]);
  expect(await tagsIn('ibmcloud-production')).toEqual([NOW]);
});

test.each([
  ['older', OLDER, `${OLDER} is older`],
  ['no', '', 'upstream names no tag'],
])(
  'a commit with %s tags moves the environment, but not its tags, and says so',
  async (_name, tag, reason) => {
    const commit = await vendored(tag, '2024-08-05T00:00:00Z');
    const { changes, rehearsal } = await promote({
      upstream,
      environment: await environment('kubevirtci-testing'),
      commit,
    });
    expect(changes).toEqual([expect.stringMatching(/^commit: /)]);
    expect(await tagsIn('kubevirtci-testing')).toEqual([NOW]);
    const [own] = rehearsal?.environments ?? [];
    expect(own?.followed.map((image) => image.reason)).toEqual(OWN.map(() => reason));
    const codes = own?.problems.map(({ code, message }) => `${code} ${message}`).join('\n');
    expect(codes).toMatch(tag === '' ? /new-finding image-untagged .*deck/ : /image-older .*deck/);
  },
);

test('tags that were put back lag behind: status tells it, and promote to the same commit mends it', async () => {
  const commit = await vendored(NEXT, '2024-08-05T00:00:00Z');
  await promote({ upstream, environment: await environment('kubevirtci-testing'), commit });
  const file = kustomizationOf('kubevirtci-testing');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(NEXT, NOW));
  expect(await statusOf()).toContain(
    `kubevirtci-testing: image ${OWN[0]} is at ${NOW}, its vendored commit at ${NEXT}`,
  );
  const { changes } = await promote({
    upstream,
    environment: await environment('kubevirtci-testing'),
    commit,
  });
  expect(changes).toEqual(OWN.map((name) => `image ${name}: ${NOW} → ${NEXT}`));
});
