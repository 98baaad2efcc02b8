import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseYamlFile, readYamlFile } from '@prow-deploy/environment';
import { describe, expect, test } from 'vitest';
import { auditSecretFiles } from './audit-secret-files.ts';

const kustomization = (text: string) => [
  {
    directory: '/w/environments/a',
    content: parseYamlFile(text, 'kustomization.yaml').documents[0]?.toJS() as Record<
      string,
      unknown
    >,
  },
];
const secrets = '/w/environments/a/secrets';

test('secret files that the boilerplate has are no finding', () => {
  const text =
    'secretGenerator:\n- name: a\n  files: [token=secrets/a/token]\n- name: b\n  envs: [secrets/b/env]\n- name: c\n  files: [resources/public]\n';
  expect(
    auditSecretFiles({
      kustomizations: kustomization(text),
      secrets,
      boilerplate: ['a/token', 'b/env'],
    }),
  ).toEqual([]);
});

test('one that it lacks is found, with what it has beside it', () => {
  const text =
    'secretGenerator:\n- name: a\n  files: [secrets/a/oauth]\n- name: b\n  env: secrets/b/env\n';
  const findings = auditSecretFiles({
    kustomizations: kustomization(text),
    secrets,
    boilerplate: ['a/token'],
  });
  expect(findings.map(({ code, message }) => [code, message.slice(0, 95)])).toEqual([
    [
      'secret-file-unknown',
      'The kustomization reads the secret file a/oauth, which the boilerplate does not have. It has a/',
    ],
    [
      'secret-file-unknown',
      'The kustomization reads the secret file b/env, which the boilerplate does not have. Add it to t',
    ],
  ]);
});

test('the finding says where the file is named', async () => {
  const root = await mkdtemp(join(tmpdir(), 'secret-files-'));
  try {
    const text =
      'resources: [n.yaml]\nsecretGenerator:\n- name: a\n  files:\n  - secrets/a/oauth\n';
    await writeFile(join(root, 'kustomization.yaml'), text);
    const { documents } = parseYamlFile(text, 'kustomization.yaml');
    const content = documents[0]?.toJS() as Record<string, unknown>;
    const kustomizations = [{ directory: root, content }];
    expect(
      auditSecretFiles({ kustomizations, secrets: join(root, 'secrets'), boilerplate: [], root }),
    ).toMatchObject([{ code: 'secret-file-unknown', file: 'kustomization.yaml', line: 5 }]);
  } finally {
    await rm(root, { recursive: true });
  }
});

const data = join(
  process.env['PROW_DEPLOY_REFERENCE_DATA'] ?? join(process.cwd(), '../shared/data'),
  'prow-deploy-2020',
);
const absent = existsSync(data) ? '' : ' (skipped: the reference data is absent)';

describe.skipIf(absent !== '')(`the deployment of 2020${absent}`, () => {
  test('reads two secret files that its boilerplate does not have', async () => {
    const root = join(data, 'secrets-boilerplate');
    const boilerplate = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    const directory = join(data, 'environments/ibmcloud-production');
    const { documents } = await readYamlFile(join(directory, 'kustomization.yaml'), data);
    const content = documents[0]?.toJS() as Record<string, unknown>;
    const findings = auditSecretFiles({
      kustomizations: [{ directory, content }],
      secrets: join(directory, 'secrets'),
      boilerplate,
    });
    expect(findings.map(({ message }) => /secret file (\S+),/.exec(message)?.[1])).toEqual([
      'commenter-oauth-token/oauth',
      'kubevirtci-installer-pull-token/token',
    ]);
  });
});
