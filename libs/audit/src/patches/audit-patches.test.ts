import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AuditError } from '../audit-error.ts';
import type { Finding } from '../finding.ts';
import { type TemporaryTree, temporaryTree } from '../testing/temporary-tree.ts';
import { auditPatches } from './audit-patches.ts';
import { tracePatches } from './trace-patches.ts';

let kustomize: string;
let tree: TemporaryTree;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);
beforeEach(async () => {
  tree = await temporaryTree({
    'base/kustomization.yaml': 'resources: [deck.yaml, rbac.yaml, widget.yaml]\n',
    'base/deck.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: deck, namespace: default, labels: {app: deck}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: deck
        image: gcr.io/prow/deck:v1
        args: [--one, --two=2, --three]
`,
    'base/rbac.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deck, namespace: test-pods}
rules: []
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {key: value}
`,
    'base/widget.yaml': `apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec: {colour: red, sizes: [1, 2]}
`,
  });
});
afterEach(() => tree.remove());

async function audit(
  kustomization: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Finding[]> {
  await tree.write({
    'env/kustomization.yaml': `resources: [../base]\n${kustomization}`,
    ...files,
  });
  return auditPatches(join(tree.root, 'env'), { kustomize });
}

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

describe('a patch that matches nothing is an error that names what was meant', () => {
  test.each([
    [
      'the kind is misspelled',
      'kind: Deplyment, name: deck',
      'patches[0] targets kind Deplyment, name deck: no such object. Did you mean Deployment default/deck?',
    ],
    [
      'the name is misspelled',
      'kind: Deployment, name: dekc',
      'Did you mean Deployment default/deck?',
    ],
    [
      'the group is misspelled',
      'group: rbnac.authorization.k8s.io, kind: Role, name: .*',
      'Did you mean Role test-pods/deck (its group is rbac.authorization.k8s.io)?',
    ],
    [
      'the version is another',
      'version: v1beta1, kind: Role, name: deck',
      'Did you mean Role test-pods/deck (its version is v1)?',
    ],
    [
      'the namespace is another',
      'kind: Role, namespace: default, name: deck',
      'Did you mean Role test-pods/deck (its namespace is test-pods)?',
    ],
    [
      'the labels are others',
      'kind: Deployment, name: deck, labelSelector: app=hook',
      'Did you mean Deployment default/deck (it has other labels or annotations)?',
    ],
    ['nothing is near', 'kind: Deployment, name: horologium', 'no such object.'],
    ['an expression is anchored', 'kind: Deployment, name: de', 'no such object.'],
  ])('%s', async (_name, target, message) => {
    const findings = await audit(
      `patches:\n- target: {${target}}\n  patch: '[{"op": "replace", "path": "/metadata/name", "value": "x"}]'\n`,
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'patch-matches-nothing',
        severity: 'error',
        file: 'env/kustomization.yaml',
        line: 3,
      }),
    ]);
    expect(findings[0]?.message).toContain(message);
    if (!message.includes('Did you mean'))
      expect(findings[0]?.message).not.toContain('Did you mean');
  });

  test('a strategic merge patch without target, which kustomize refuses too', async () => {
    const findings = await audit(
      'patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: deck}\n    spec: {replicas: 2}\n- path: p.yaml\n',
      {
        'env/p.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hook}\nspec: {replicas: 2}\n',
      },
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'patch-matches-nothing',
        file: 'env/kustomization.yaml',
        line: 8,
      }),
    ]);
  });

  test('patchesStrategicMerge and patchesJson6902', async () => {
    expect(
      codes(
        await audit(
          'patchesStrategicMerge:\n- |\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: dekc}\n',
        ),
      ),
    ).toEqual(['patch-matches-nothing']);
    expect(
      codes(
        await audit(
          `patchesJson6902:\n- target: {version: v1, kind: Deplyment, name: deck}\n  patch: '[{"op": "remove", "path": "/spec"}]'\n`,
        ),
      ),
    ).toEqual(['patch-matches-nothing']);
  });

  test('in a Component and in a base, with the file that says it', async () => {
    const patch = `patches:\n- target: {kind: Deplyment}\n  patch: '[{"op": "remove", "path": "/spec"}]'\n`;
    const findings = await audit('components: [../component]\n', {
      'component/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${patch}`,
      'base/kustomization.yaml': `resources: [deck.yaml, rbac.yaml, widget.yaml]\n${patch}`,
    });
    expect(findings.map(({ file, line, code }) => [file, line, code])).toEqual([
      ['base/kustomization.yaml', 3, 'patch-matches-nothing'],
      ['component/kustomization.yaml', 4, 'patch-matches-nothing'],
    ]);
  });

  test('images, replicas, replacements and generators that merge', async () => {
    const findings = await audit(
      `images:
- {name: gcr.io/prow/dekc, newTag: v2}
replacements:
- sourceValue: x
  targets:
  - select: {kind: Deployment, name: deck}
    fieldPaths: [spec.template.spec.containers.0.image]
  - select: {kind: Deployment, name: hook}
    fieldPaths: [metadata.name]
`,
    );
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['image-matches-nothing', 3],
      ['replacement-matches-nothing', 9],
    ]);
    expect(findings[0]?.message).toContain('Did you mean gcr.io/prow/deck?');
    expect(codes(await audit('replicas: [{name: dekc, count: 2}]\n'))).toEqual([
      'replicas-match-nothing',
    ]);
    expect(
      codes(
        await audit(
          'configMapGenerator:\n- {name: setings, namespace: default, behavior: merge, literals: [a=b]}\n',
        ),
      ),
    ).toEqual(['generator-merge-matches-nothing']);
  });
});

test('what matches and changes something is no finding', async () => {
  expect(
    await audit(
      `namePrefix: my-
namespace: prow
patches:
- target: {kind: Deployment, name: d.*, namespace: default, labelSelector: "app in (deck, hook)"}
  patch: '[{"op": "replace", "path": "/spec/replicas", "value": 2}]'
- patch: |
    $patch: delete
    apiVersion: example.com/v1
    kind: Widget
    metadata: {name: w}
images: [{name: gcr.io/prow/deck, newTag: v2}]
replicas: [{name: deck, count: 3}]
configMapGenerator:
- {name: settings, namespace: default, behavior: merge, literals: [a=b]}
`,
    ),
  ).toEqual([expect.objectContaining({ code: 'patch-undone' })]);
});

describe('patches without effect', () => {
  test('one that sets what is there already changes nothing', async () => {
    const findings = await audit(
      `patches:\n- target: {kind: Deployment}\n  patch: |\n    - {op: test, path: /spec/replicas, value: 1}\n    - {op: replace, path: /spec/replicas, value: 1}\n    - {op: add, path: /metadata/labels/x, value: y}\n`,
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'patch-changes-nothing',
        severity: 'warning',
        line: 3,
        object: 'Deployment default/deck',
      }),
    ]);
    expect(findings[0]?.message).toContain('replace /spec/replicas (env/kustomization.yaml:6)');
  });

  test('a strategic merge patch that says what is there, in another order', async () => {
    expect(
      codes(
        await audit(
          'patches:\n- target: {kind: Deployment}\n  patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: any}\n    spec: {template: {spec: {containers: [{image: "gcr.io/prow/deck:v1", name: deck}]}}, replicas: 1}\n',
        ),
      ),
    ).toEqual(['patch-changes-nothing']);
  });

  test('of two that set the same field, the first is undone', async () => {
    const set = (value: number): string =>
      `- target: {kind: Deployment, name: deck}\n  patch: '[{"op": "replace", "path": "/spec/replicas", "value": ${value}}]'\n`;
    const findings = await audit(`patches:\n${set(2)}${set(3)}`);
    expect(findings).toEqual([expect.objectContaining({ code: 'patch-undone', line: 3 })]);
    expect(findings[0]?.message).toContain('is undone by patches[1]');
    // Set back: neither has an effect.
    expect(codes(await audit(`patches:\n${set(2)}${set(1)}`))).toContain('patch-undone');
  });

  test("an overlay's patch over its base's is no finding", async () => {
    expect(
      await audit(
        `patches:\n- target: {kind: Deployment}\n  patch: '[{"op": "replace", "path": "/spec/replicas", "value": 3}]'\n`,
        {
          'base/kustomization.yaml': `resources: [deck.yaml, rbac.yaml, widget.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: '[{"op": "replace", "path": "/spec/replicas", "value": 2}]'\n`,
        },
      ),
    ).toEqual([]);
  });
});

describe('operations that count positions', () => {
  const at = (operations: string): Promise<Finding[]> =>
    audit(`patches:\n- target: {kind: Deployment}\n  path: p.yaml\n`, { 'env/p.yaml': operations });
  const args = '/spec/template/spec/containers/0/args';

  test.each([
    ['remove', `- {op: remove, path: ${args}/1}\n`, '--two=2 is removed'],
    ['replace', `- {op: replace, path: ${args}/1, value: --two=3}\n`, '--two=2 becomes --two=3'],
    ['add', `- {op: add, path: ${args}/1, value: --new}\n`, '--new is put before --two=2'],
    [
      'a test of something else',
      `- {op: test, path: ${args}/0, value: --one}\n- {op: remove, path: ${args}/1}\n`,
      '--two=2 is removed',
    ],
    [
      'a test after it',
      `- {op: remove, path: ${args}/1}\n- {op: test, path: ${args}/1, value: --three}\n`,
      '--two=2 is removed',
    ],
  ])('%s says what was there', async (_name, operations, message) => {
    const findings = await at(operations);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'patch-positional',
        severity: 'warning',
        file: 'env/p.yaml',
        object: 'Deployment default/deck',
      }),
    ]);
    expect(findings[0]?.message).toContain(message);
  });

  test('a test of the value before it, or an add at the end, is safe', async () => {
    expect(
      await at(
        `- {op: test, path: ${args}/1, value: --two=2}\n- {op: remove, path: ${args}/1}\n- {op: test, path: /spec/template/spec/containers/0/name, value: deck}\n- {op: add, path: ${args}/-, value: --new}\n`,
      ),
    ).toEqual([]);
  });

  test('a number that is a key of a map is no position', async () => {
    expect(
      codes(
        await audit(
          `patches:\n- target: {kind: ConfigMap}\n  patch: '[{"op": "add", "path": "/data/3", "value": "x"}]'\n`,
        ),
      ),
    ).toEqual([]);
  });

  test("a Secret's value is not shown", async () => {
    const findings = await audit(
      `patches:\n- target: {kind: Secret}\n  patch: '[{"op": "replace", "path": "/stringData/list/0", "value": "hidden"}]'\n`,
      {
        'base/kustomization.yaml': 'resources: [secret.yaml]\n',
        'base/secret.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {list: [topsecret]}\n',
      },
    );
    const positional = findings.filter(({ code }) => code === 'patch-positional');
    expect(positional).toEqual([
      expect.objectContaining({ message: expect.stringContaining('(left out) becomes') as string }),
    ]);
    expect(positional[0]?.message).not.toMatch(/topsecret|hidden/);
  });
});

describe('created paths', () => {
  test.each([
    [
      'a misspelled field of a known kind',
      'spec: {replcias: 2}',
      '/spec/replcias',
      'Did you mean replicas?',
    ],
    [
      'a misspelled container',
      'spec: {template: {spec: {containers: [{name: dekc, args: [--x]}]}}}',
      '/spec/template/spec/containers/dekc',
      'there is deck',
    ],
  ])('%s', async (_name, patch, path, hint) => {
    const findings = await audit(
      `patches:\n- target: {kind: Deployment}\n  patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: deck}\n    ${patch}\n`,
    );
    expect(codes(findings)).toEqual(['patch-creates-path']);
    expect(findings[0]?.message).toContain(path);
    expect(findings[0]?.message).toContain(hint);
  });

  test('a misspelled field of a custom resource, by its neighbours', async () => {
    expect(
      codes(
        await audit(
          `patches:\n- target: {kind: Widget}\n  patch: '[{"op": "replace", "path": "/spec/color", "value": "blue"}]'\n`,
        ),
      ),
    ).toEqual(['patch-creates-path']);
  });

  test('new labels, data and fields are none', async () => {
    expect(
      await audit(
        `patches:\n- target: {kind: Deployment}\n  patch: '[{"op": "add", "path": "/metadata/labels/appp", "value": "x"}, {"op": "add", "path": "/spec/paused", "value": true}]'\n- target: {kind: ConfigMap}\n  patch: |\n    {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {keys: x}}\n`,
      ),
    ).toEqual([]);
  });
});

describe('a patch and its target', () => {
  const with_ = (target: string, patch: string): Promise<Finding[]> =>
    audit(`patches:\n- target: {${target}}\n  path: p.yaml\n`, { 'env/p.yaml': patch });

  test.each([
    [
      'name',
      'kind: Role, name: deck',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: tide}\nrules: [{}]\n',
      'name tide, not deck',
    ],
    [
      'namespace',
      'kind: Role, namespace: test-pods',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x, namespace: default}\nrules: [{}]\n',
      'namespace default, not test-pods',
    ],
    [
      'group',
      'group: rbac.authorization.k8s.io, kind: Role',
      'apiVersion: v1\nkind: Role\nmetadata: {name: deck}\nrules: [{}]\n',
      'group (none), not rbac',
    ],
  ])('another %s', async (_name, target, patch, message) => {
    const findings = await with_(target, patch);
    expect(findings).toEqual([
      expect.objectContaining({ code: 'patch-target-disagrees', file: 'env/p.yaml', line: 1 }),
    ]);
    expect(findings[0]?.message).toContain(message);
  });

  test('a patch for many objects may have any name', async () => {
    expect(
      await with_(
        'kind: Role, name: de.*',
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: not-used}\nrules: [{}]\n',
      ),
    ).toEqual([]);
  });
});

test('files that nothing references', async () => {
  const findings = await audit('configMapGenerator: [{name: c, files: [extra/in.yaml]}]\n', {
    'env/extra/in.yaml': 'a: 1\n',
    'env/patches/unused.yaml': 'a: 1\n',
    'base/unused.yml': 'a: 1\n',
    'env/README.yaml': 'a: 1\n',
    'env/environment.yaml': 'a: 1\n',
    'env/yq_scripts/c.yaml': 'a: 1\n',
    'env/notes.txt': 'x',
    'base/overlays/other/kustomization.yaml': 'resources: [n.yaml]\n',
    'base/overlays/other/n.yaml': 'a: 1\n',
  });
  expect(findings.map(({ code, file }) => [code, file])).toEqual([
    ['file-unreferenced', 'base/unused.yml'],
    ['file-unreferenced', 'env/patches/unused.yaml'],
  ]);
});

test('generator inputs that are not there yet are no obstacle below configs and secrets, and are one elsewhere', async () => {
  const generate = (path: string): Promise<Finding[]> =>
    audit(`configMapGenerator: [{name: c, files: [${path}]}]\n`);
  expect(await generate('configs/config.yaml')).toEqual([]);
  await expect(generate('inputs/config.yaml')).rejects.toMatchObject({ code: 'unreadable' });
});

test.each([
  [
    'a JSON patch of a path that is not there',
    `patches:\n- target: {kind: Deployment}\n  patch: '[{"op": "remove", "path": "/spec/absent"}]'\n`,
    'env/kustomization.yaml:4',
  ],
  [
    'a replacement without source',
    'replacements:\n- source: {kind: Service, name: absent}\n  targets: [{select: {kind: Deployment}}]\n',
    'nothing selected',
  ],
  ['a field that kustomize does not know', 'patchez: []\n', 'unknown field'],
])('%s cannot be built, with kustomize’s message', async (_name, kustomization, message) => {
  const error: unknown = await audit(kustomization).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AuditError);
  expect(error).toMatchObject({ code: 'unbuildable' });
  expect((error as AuditError).message).toContain(message);
  expect((error as AuditError).message).not.toContain('prow-deploy-audit-');
});

test('the trace says for each operation what it matched, changed or did in vain', async () => {
  await tree.write({
    'env/kustomization.yaml': `resources: [../base]\npatches:\n- target: {kind: Deployment}\n  path: p.yaml\n- target: {kind: Deplyment}\n  path: p.yaml\n`,
    'env/p.yaml':
      '- {op: test, path: /spec/replicas, value: 1}\n- {op: replace, path: /spec/replicas, value: 2}\n- {op: add, path: /spec/replicas, value: 2}\n',
  });
  const trace = await tracePatches(join(tree.root, 'env'), { kustomize });
  expect(
    trace.entries.map(({ line, effective, operations }) => [
      line,
      effective,
      operations.map(({ line: own, outcome }) => [own, outcome]),
    ]),
  ).toEqual([
    [
      3,
      true,
      [
        [1, 'tests'],
        [2, 'undone'],
        [3, 'changes-nothing'],
      ],
    ],
    [
      5,
      false,
      [
        [1, 'matches-nothing'],
        [2, 'matches-nothing'],
        [3, 'matches-nothing'],
      ],
    ],
  ]);
  expect(trace.counts).toEqual({
    entries: 2,
    entriesWithoutEffect: 1,
    operations: 6,
    matched: 3,
    changed: 1,
    didNothing: 5,
  });
});

test('transformers and generators of kustomize’s plugins are asked for what they make', async () => {
  const patch = (kind: string, name: string): string =>
    `- target: {kind: ${kind}, name: ${name}}\n  patch: '[{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]'\n`;
  const findings = await audit(
    `generators: [g.yaml]\npatches:\n${patch('ConfigMap', 'made')}${patch('Deployment', 'deck')}${patch('Role', 'p-deck')}${patch('Role', 'p-dekc')}`,
    {
      'env/g.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: made}\nliterals: [a=b]\n',
      'base/kustomization.yaml':
        'resources: [deck.yaml, rbac.yaml, widget.yaml]\ntransformers: [t.yaml]\n',
      'base/t.yaml':
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: t}\nprefix: p-\nfieldSpecs: [{path: metadata/name}]\n',
    },
  );
  expect(findings.map(({ code, line }) => [code, line])).toEqual([['patch-matches-nothing', 10]]);
});

test('an aborted audit stops', async () => {
  await tree.write({ 'env/kustomization.yaml': 'resources: [../base]\n' });
  await expect(
    auditPatches(join(tree.root, 'env'), {
      kustomize,
      signal: AbortSignal.abort(new Error('stop')),
    }),
  ).rejects.toThrow('stop');
});
