import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../load/parse-yaml.ts';
import type { Json, JsonObject } from '../load/tree.ts';
import { isJsonObject, textOf } from '../load/tree.ts';
import { copy2020, ENVIRONMENTS_2020, no2020Data } from '../testing/deployment-2020.ts';
import { copyOwn, OWN_ENVIRONMENTS } from '../testing/own-environments.ts';
import { runKustomize } from './run-kustomize.ts';
import { idOf, sameJson } from './sim-object.ts';
import { followDirectory } from './trace-patches.ts';

let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);

// Names in references follow at the very end of a build, which no patch sees: a name may be longer by a prefix.
function sameButForNames(
  real: Json | undefined,
  followed: Json | undefined,
  prefix: string,
): boolean {
  if (typeof real === 'string' && typeof followed === 'string') {
    return real === followed || real === `${prefix}${followed}`;
  }
  if (Array.isArray(real) && Array.isArray(followed)) {
    return (
      real.length === followed.length &&
      real.every((item: Json, index) => sameButForNames(item, followed[index] as Json, prefix))
    );
  }
  if (isJsonObject(real) && isJsonObject(followed)) {
    return (
      Object.keys(real).sort().join() === Object.keys(followed).sort().join() &&
      Object.keys(real).every((key) => sameButForNames(real[key], followed[key], prefix))
    );
  }
  return sameJson(real, followed);
}

async function compare(root: string, environment: string): Promise<void> {
  const { tree, followed } = await followDirectory(join(root, 'environments', environment), {
    root,
    kustomize,
  });
  const manifest = await runKustomize(tree, { kustomize });
  const real = parseYaml(manifest, 'kustomize').documents.filter(isJsonObject);
  expect('objects' in followed.outcome).toBe(true);
  const objects = 'objects' in followed.outcome ? followed.outcome.objects : [];
  const prefix = textOf(tree.top.content['namePrefix']);
  const key = (value: JsonObject): string => JSON.stringify(idOf(value));
  const byId = new Map(objects.map(({ value }) => [key(value), value]));
  expect([...byId.keys()].sort()).toEqual(real.map(key).sort());
  for (const value of real) {
    if (value['kind'] === 'Secret') continue;
    const own = byId.get(key(value));
    if (!sameButForNames(value, own, prefix)) expect(own).toEqual(value);
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
