import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../load/parse-yaml.ts';
import { type JsonObject, isJsonObject } from '../load/tree.ts';
import { copy2020, ENVIRONMENTS_2020, no2020Data } from '../testing/deployment-2020.ts';
import { copyOwn, OWN_ENVIRONMENTS } from '../testing/own-environments.ts';
import { followNames } from './follow-names.ts';
import { runKustomize } from './run-kustomize.ts';
import { idOf } from './sim-object.ts';
import { followDirectory } from './trace-patches.ts';

let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);

async function compare(root: string, environment: string): Promise<void> {
  const { tree, followed } = await followDirectory(join(root, 'environments', environment), {
    root,
    kustomize,
  });
  const manifest = await runKustomize(tree, { kustomize });
  const real = parseYaml(manifest, 'kustomize').documents.filter(isJsonObject);
  expect('objects' in followed.outcome).toBe(true);
  const objects = 'objects' in followed.outcome ? followed.outcome.objects : [];
  const key = (value: JsonObject): string => JSON.stringify(idOf(value));
  const byId = new Map(objects.map((object) => [key(object.value), followNames(object, objects)]));
  expect([...byId.keys()].sort()).toEqual(real.map(key).sort());
  for (const value of real) {
    // The audit has stand-ins for them.
    if (value['kind'] !== 'Secret') expect(byId.get(key(value))).toEqual(value);
  }
}

describe('what is followed is what kustomize builds, value by value', () => {
  describe.skipIf(no2020Data)(`of 2020${no2020Data ? ` (${no2020Data})` : ''}`, () => {
    let copy: Awaited<ReturnType<typeof copy2020>>;
    beforeAll(async () => {
      copy = await copy2020();
    });
    afterAll(() => copy.remove());
    test.each(ENVIRONMENTS_2020)('%s', (environment) => compare(copy.root, environment));
  });

  describe('of this repository', () => {
    let copy: Awaited<ReturnType<typeof copyOwn>>;
    beforeAll(async () => {
      copy = await copyOwn();
    });
    afterAll(() => copy.remove());
    test.each(OWN_ENVIRONMENTS)('%s', (environment) => compare(copy.root, environment));
  });
});
