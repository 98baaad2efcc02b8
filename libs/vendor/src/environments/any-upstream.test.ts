import { join } from 'node:path';
import { readEnvironment } from '@prow-deploy/environment';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { checkCopy } from '../copy/check-copy.ts';
import { sync } from '../copy/sync.ts';
import { findCandidate } from '../rehearse/candidate.ts';
import { type EnvironmentRehearsal } from '../rehearse/rehearsal-report.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { no2020Data, workspace2020 } from '../testing/deployment-2020.ts';
import { type FileContent, testRepository } from '../testing/git-repository.ts';
import {
  noUpstreamData,
  referenceCommit,
  referenceRepository,
} from '../testing/reference-commits.ts';
import { type TestWorkspace, testWorkspace } from '../testing/workspace.ts';
import { promote } from './promote.ts';
import { vendoredCommit } from './vendored-commit.ts';

const noData = no2020Data ?? noUpstreamData;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(() => ensureTool('kustomize'), 600_000);
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** All steps from a commit of upstream to an environment; gives what the rehearsal told before. */
async function moveOver(
  workspace: TestWorkspace,
  revision: string,
  name: string,
): Promise<EnvironmentRehearsal> {
  const upstream = await workspace.upstream();
  const environment = () => readEnvironment({ workspaceRoot: workspace.root, name });
  const candidate = await findCandidate({ upstream, revision });
  const foreseen = await rehearse({ candidate }, { upstream, environments: [name] });
  await candidate.remove();
  const { source, directory } = await sync({ upstream, revision });
  expect((await checkCopy(directory, workspace.root)).problems).toEqual([]);
  const move = { upstream, environment: await environment(), commit: source.commit };
  const { rehearsal } = await promote(move);
  expect(rehearsal).toEqual(foreseen);
  expect(vendoredCommit(await environment(), upstream).commit).toBe(revision);
  const [told] = foreseen.environments;
  if (!told) throw new Error(`${name} was not rehearsed.`);
  return told;
}

test.skipIf(noData)(
  `the deployment of 2020 goes over upstream’s real commits${noData ? ` (skipped: ${noData})` : ''}`,
  { timeout: 120_000 },
  async () => {
    const repository = await referenceRepository();
    cleanups.push(() => repository.remove());
    const { e88598c4, ...later } = repository.commits;
    const workspace = await workspace2020(repository.root, e88598c4);
    cleanups.push(() => workspace.remove());
    for (const [name, commit] of Object.entries(later)) {
      const { outcome } = await moveOver(workspace, commit, 'kubevirtci-testing');
      expect(outcome).toBe('broken');
      const copy = await checkCopy(
        join(workspace.root, 'vendor/test-infra', commit),
        workspace.root,
      );
      const { blobs } = await referenceCommit(name as keyof typeof repository.commits);
      expect(new Map(copy.source.files.map(({ path, hash }) => [path, hash]))).toEqual(blobs);
    }
  },
);

const map = (name: string, value: string, end = '\n'): string =>
  [
    'apiVersion: v1',
    'kind: ConfigMap',
    `metadata: { name: ${name}, namespace: default }`,
    `data: { a: ${value} }`,
  ].join(end) + end;

test('an environment goes over commits with odd files', { timeout: 60_000 }, async () => {
  const repository = await testRepository();
  cleanups.push(() => repository.remove());
  const workspace = await testWorkspace(repository.root, 'm');
  cleanups.push(() => workspace.remove());
  const files = (value: string): Record<string, FileContent> => ({
    'm/crlf.yaml': map('crlf', value, '\r\n'),
    'm/no-final-newline.yaml': map('no-final-newline', value).trimEnd(),
    'm/ünï code 日本.yaml': map('unicode', value),
    'm/folder/deep.yaml': map('deep', value),
    'm/link.yaml': { link: 'folder/linked.yaml' },
    'm/folder/linked.yaml': map('linked', value),
    'm/run.sh': { run: `#!/bin/sh\necho ${value}\n` },
    'm/binary.bin': Buffer.from([0, 255, 13, 10, value.length]),
  });
  const first = await repository.commit(files('x'));
  await sync({ upstream: await workspace.upstream(), revision: first });
  const used = ['crlf', 'no-final-newline', 'ünï code 日本', 'folder/deep', 'link'];
  await workspace.write({
    [`vendor/test-infra/${first}/kustomization.yaml`]: `resources:\n${used.map((name) => `  - manifests/${name}.yaml\n`).join('')}`,
    'kustom-base/configs/20200101/config/config.yaml': '{}\n',
    'kustom-base/secrets-boilerplate/shape.yaml': '{}\n',
    'environments/one/environment.yaml': `configVersion: '20200101'\nnamespaces: { prow: default, jobs: jobs }\nprotection: none\nsecrets: { source: generated }\ncluster: { provider: embedded, nodes: [{ name: node01 }] }\n`,
    'environments/one/kustomization.yaml': `resources:\n  - ../../vendor/test-infra/${first}\n`,
  });
  const second = await repository.commit(files('yy'));
  const one = await moveOver(workspace, second, 'one');
  expect(one.outcome).toBe('fits');
  expect(one.objects.changed.map(({ object }) => object).sort()).toEqual(
    ['crlf', 'deep', 'linked', 'no-final-newline', 'unicode'].map(
      (name) => `ConfigMap default/${name}`,
    ),
  );
  expect(one.files.changed).toHaveLength(7);
  // A link that leads elsewhere, a file that is no longer run, and one that is gone.
  const third = await repository.commit({
    ...files('yy'),
    'm/link.yaml': { link: 'folder/deep.yaml' },
    'm/folder/deep.yaml': map('linked', 'zzz'),
    'm/run.sh': '#!/bin/sh\necho yy\n',
  });
  const last = await moveOver(workspace, third, 'one');
  expect(last.files.changed.map(({ file }) => file).sort()).toEqual([
    'folder/deep.yaml',
    'link.yaml',
    'run.sh',
  ]);
  expect(last.outcome).toBe('broken');
});
