import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parseYaml } from '../load/parse-yaml.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditSecretNames } from './audit-secret-names.ts';

/** The findings on what kustomize builds of a secretGenerator. */
async function findingsOn(generator: string) {
  const root = await mkdtemp(join(tmpdir(), 'secret-names-'));
  try {
    await mkdir(join(root, 'secrets'));
    await writeFile(join(root, 'secrets/token'), '<<SECRET a token>>');
    await writeFile(join(root, 'kustomization.yaml'), `namespace: p\n${generator}`);
    const { stdout } = await execa(await ensureTool('kustomize'), ['build', root]);
    const objects = parseYaml(stdout, 'build').documents as KubernetesObject[];
    expect(objects).not.toEqual([]);
    return [...auditSecretNames(objects)];
  } finally {
    await rm(root, { recursive: true });
  }
}

test.each([
  ['a file', 'files: [secrets/token]'],
  ['a literal, with a type', 'type: example.org/token\n  literals: [a=b]'],
])('a Secret of %s that kustomize named after its values is found', async (_name, reads) => {
  const found = await findingsOn(`secretGenerator:\n- name: robot\n  ${reads}\n`);
  expect(found).toMatchObject([
    {
      code: 'secret-name-hashed',
      severity: 'warning',
      object: expect.stringMatching(/^Secret p\/robot-\w{10}$/) as string,
    },
  ]);
  expect(found[0]?.message).toContain('Set disableNameSuffixHash: true');
});

test.each([
  ['of the entry', '  options: { disableNameSuffixHash: true }\n'],
  ['of the kustomization', 'generatorOptions: { disableNameSuffixHash: true }\n'],
])('with disableNameSuffixHash in the options %s it is not', async (_name, options) => {
  const text = `secretGenerator:\n- name: robot-4f8k2h9tm2\n  files: [secrets/token]\n${options}`;
  expect(await findingsOn(text)).toEqual([]);
});

test('a ConfigMap may be named after what it holds', async () => {
  expect(await findingsOn('configMapGenerator:\n- name: c\n  literals: [a=b]\n')).toEqual([]);
});
