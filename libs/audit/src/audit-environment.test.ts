import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import {
  type Environment,
  outputFile,
  readEnvironment,
  writeOutput,
} from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEnvironment } from './audit-environment.ts';
import { copyOwn } from './testing/own-environments.ts';

let environment: Environment;
let remove = () => Promise.resolve();
beforeAll(async () => {
  const copy = await copyOwn();
  remove = copy.remove;
  environment = await readEnvironment({ workspaceRoot: copy.root, name: 'ibmcloud-production' });
  const { manifest } = await buildEnvironment(environment);
  await writeOutput(environment, 'manifest', manifest);
}, 60_000);
afterAll(() => remove());

test('the report says which manifest was audited', { timeout: 60_000 }, async () => {
  const digest = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(outputFile(environment, 'manifest')))
      .digest('hex');
  const before = await auditEnvironment(environment);
  expect(before).toMatchObject({ outcome: 'passed', manifestDigest: await digest() });
  await appendFile(outputFile(environment, 'manifest'), '# another\n');
  const after = await auditEnvironment(environment);
  expect(after.manifestDigest).toBe(await digest());
  expect(after.manifestDigest).not.toBe(before.manifestDigest);
});
