import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryTree, temporaryTree } from '../testing/temporary-tree.ts';
import { examinePatches } from './audit-patches.ts';
import { operationEffects } from './effects.ts';

let tree: TemporaryTree;
let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
  tree = await temporaryTree({
    'deck.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: default }
spec: { template: { spec: { containers: [{ name: deck, image: i, args: [--a, --b=1, --c] }] } } }
`,
    'secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { k: hidden }\n',
  });
}, 600_000);
afterAll(() => tree.remove());

async function effects(patches: string): Promise<ReturnType<typeof operationEffects>> {
  await tree.write({
    'kustomization.yaml': `resources: [deck.yaml, secret.yaml]\npatches:\n${patches}`,
  });
  const { operations } = await examinePatches(tree.root, { kustomize, root: tree.root });
  return operationEffects(operations);
}

test('tells what a position holds, and what is put before it', async () => {
  const [removes, inserts] = await effects(`- target: { kind: Deployment }
  patch: |-
    - { op: remove, path: /spec/template/spec/containers/0/args/1 }
    - { op: add, path: /spec/template/spec/containers/0/args/1, value: --new }
`);
  expect(removes).toMatchObject({
    id: 'kustomization.yaml#patches[0][0]',
    entry: 'kustomization.yaml patches[0]',
    does: 'remove /spec/template/spec/containers/0/args/1',
    target: 'kind Deployment',
    objects: [
      {
        object: 'Deployment default/deck',
        deletes: false,
        changes: [{ path: '.spec.template.spec.containers[name="deck"].args[]', before: '--b=1' }],
        positions: [
          { path: '/spec/template/spec/containers/0', item: 'deck', inserts: false },
          { path: '/spec/template/spec/containers/0/args/1', item: '--b=1', inserts: false },
        ],
      },
    ],
  });
  expect([...(removes?.among ?? [])]).toEqual(['Deployment default/deck', 'Secret s']);
  expect(inserts?.objects[0]?.positions[1]).toEqual({
    path: '/spec/template/spec/containers/0/args/1',
    item: '--c',
    inserts: true,
  });
});

test('tells of a merge what it changes, of a deletion that it deletes, and of a Secret no value', async () => {
  const [merges, deletes, secret] = await effects(`- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: deck, namespace: default }
    spec: { template: { spec: { containers: [{ name: deck, image: j }] } } }
- patch: |-
    $patch: delete
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: deck, namespace: default }
- target: { kind: Secret }
  patch: |-
    - { op: replace, path: /stringData/k, value: another }
`);
  expect(merges?.objects[0]?.changes).toEqual([
    { path: '.spec.template.spec.containers[name="deck"].image', before: 'i', after: 'j' },
  ]);
  expect(deletes?.objects).toMatchObject([{ deletes: true, changes: [] }]);
  expect(JSON.stringify(secret?.objects)).not.toMatch(/hidden|another/);
  expect(secret?.objects[0]?.changes).toEqual([
    { path: '.stringData.k', before: 'a value (left out)', after: 'a value (left out)' },
  ]);
});
