import { pick, seeded } from '@prow-deploy/testing';
import { stringify } from 'yaml';

/** The files of a base, an environment and a Component with objects and patches made at random from a seed. */
export function randomKustomization(seed: number): Record<string, string> {
  return files(random(seed));
}

function random(seed: number) {
  const next = seeded(seed);
  return {
    chance: (share: number): boolean => next() < share,
    pick: <T>(items: readonly T[]): T => pick(next, items),
    some: <T>(items: readonly T[]): T[] => items.filter(() => next() < 0.5),
  };
}
type Random = ReturnType<typeof random>;

const NAMES = ['deck', 'hook', 'tide'];

function container(r: Random, name: string) {
  return {
    name,
    image: `gcr.io/prow/${r.pick(NAMES)}:v${r.pick([1, 2])}`,
    ...(r.chance(0.6) ? { args: r.some(['--a', '--b=1', '--c']) } : {}),
    ...(r.chance(0.6)
      ? { env: r.some(['A', 'B', 'C']).map((key) => ({ name: key, value: r.pick(['x', 'y']) })) }
      : {}),
    ...(r.chance(0.5)
      ? {
          ports: r.some([80, 443]).map((port) => ({
            containerPort: port,
            ...(r.chance(0.4) ? { protocol: r.pick(['TCP', 'UDP']) } : {}),
            ...(r.chance(0.4) ? { name: `p${port}` } : {}),
          })),
        }
      : {}),
    ...(r.chance(0.3) ? { volumeMounts: [{ name: 'v', mountPath: r.pick(['/a', '/b']) }] } : {}),
  };
}

function deployment(r: Random, name: string) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(r.chance(0.5) ? { namespace: 'default' } : {}), labels: { app: name } },
    spec: {
      replicas: r.pick([1, 2]),
      template: {
        metadata: { labels: { app: name } },
        spec: {
          serviceAccountName: name,
          containers: r
            .some(['one', 'two'])
            .concat('main')
            .map((each) => container(r, each)),
          volumes: [
            { name: 'v', configMap: { name: 'settings' } },
            ...(r.chance(0.4) ? [{ name: 'w', emptyDir: {} }] : []),
          ],
          ...(r.chance(0.4) ? { tolerations: [{ key: 'a', operator: 'Exists' }] } : {}),
        },
      },
    },
  };
}

function service(r: Random, name: string) {
  const ports = r.some([80, 9090]).concat(8080);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { app: name },
      ports: ports.map((port) => ({
        port,
        ...(r.chance(0.5) ? { name: `s${port}` } : {}),
        ...(r.chance(0.3) ? { protocol: 'TCP' } : {}),
      })),
    },
  };
}

function objects(r: Random): unknown[] {
  return [
    ...NAMES.flatMap((name) => [
      deployment(r, name),
      service(r, name),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name, namespace: r.pick(['default', 'test-pods']) },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
      },
    ]),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { key: 'value' },
    },
    {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { items: [{ name: 'a', size: 1 }], colour: 'red', deep: { x: null, y: { z: 1 } } },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prow' } },
  ];
}

function strategicMerge(r: Random, name: string): unknown {
  const directive = (share: number) =>
    r.chance(share) ? { $patch: r.pick(['delete', 'replace', 'merge']) } : {};
  return r.pick<() => unknown>([
    () => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name,
        ...(r.chance(0.5) ? { labels: { extra: 'y' } } : {}),
        ...(r.chance(0.4) ? { annotations: { note: 'x' } } : {}),
      },
      spec: {
        ...(r.chance(0.5) ? { replicas: r.pick([1, 2, null]) } : {}),
        template: {
          spec: {
            ...(r.chance(0.8)
              ? {
                  containers: r
                    .some(['one', 'main', 'new'])
                    .map((each) => ({ ...container(r, each), ...directive(0.15) })),
                }
              : {}),
            ...(r.chance(0.3)
              ? {
                  volumes: [
                    {
                      name: r.pick(['v', 'w', 'x']),
                      emptyDir: r.pick([{}, null, { medium: 'Memory' }]),
                      ...directive(0.3),
                    },
                  ],
                }
              : {}),
            ...(r.chance(0.2) ? { tolerations: [{ key: 'b' }] } : {}),
            ...(r.chance(0.2) ? { containers: [{ $patch: 'replace' }, container(r, 'only')] } : {}),
          },
        },
      },
    }),
    () => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: {
        ports: r.some([80, 8080, 1]).map((port) => ({
          port,
          targetPort: 'x',
          ...(r.chance(0.4) ? { protocol: 'TCP' } : {}),
          ...directive(0.2),
        })),
      },
    }),
    () => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: {
        items: [{ name: 'b' }],
        ...directive(0.2),
        deep: r.pick([{ x: 1 }, null, { y: null }, { y: { q: { $patch: 'delete', r: 1 } } }]),
      },
    }),
    () => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: r.pick([{ key: null }, { key: 'value' }, { more: 'x' }]),
    }),
  ])();
}

function jsonPatch(r: Random): unknown[] {
  return r.pick<unknown[]>([
    [{ op: 'replace', path: '/metadata/namespace', value: r.pick(['prow', 'other']) }],
    [{ op: 'add', path: '/metadata/labels', value: { app: 'x' } }],
    [{ op: 'replace', path: '/metadata/name', value: r.pick(['renamed', 'deck']) }],
    [
      { op: 'add', path: '/spec/template/spec/containers/0/args', value: ['--x'] },
      { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--y' },
      { op: 'add', path: '/spec/template/spec/containers/0/args/0', value: '--z' },
    ],
    [
      { op: 'test', path: '/spec/replicas', value: 1 },
      { op: 'replace', path: '/spec/replicas', value: 5 },
    ],
    [{ op: 'copy', from: '/metadata/name', path: '/metadata/labels/copied' }],
    [{ op: 'move', from: '/spec/replicas', path: '/spec/moved' }],
    [{ op: 'remove', path: '/spec/template/spec/volumes/-1' }],
    [{ op: 'replace', path: '/spec/new', value: { a: [1, 'b', null] } }],
    [{ op: 'replace', path: '/subjects/0/namespace', value: 'prow' }],
  ]);
}

function target(r: Random): unknown {
  return {
    ...(r.chance(0.7)
      ? { kind: r.pick(['Deployment', 'Deployment', 'Service', 'RoleBinding', 'Widget', 'Dep.*']) }
      : {}),
    ...(r.chance(0.4) ? { name: r.pick([...NAMES, 'd.*', '.*k', 'w']) } : {}),
    ...(r.chance(0.3) ? { namespace: r.pick(['default', 'prow', 'test-.*']) } : {}),
    ...(r.chance(0.1)
      ? { labelSelector: r.pick(['app=deck', 'app in (deck, hook)', '!app', 'app!=tide']) }
      : {}),
    ...(r.chance(0.1) ? { group: r.pick(['apps', '']), version: 'v1' } : {}),
  };
}

function kustomization(r: Random, above: Record<string, unknown>): Record<string, unknown> {
  const patches = Array.from({ length: r.pick([0, 1, 2, 4]) }, () =>
    r.chance(0.5)
      ? { target: target(r), patch: JSON.stringify(jsonPatch(r)) }
      : r.chance(0.5)
        ? { target: target(r), patch: stringify(strategicMerge(r, 'any')) }
        : { patch: stringify(strategicMerge(r, r.pick(NAMES))) },
  );
  const replacements = [
    {
      source: { kind: 'Service', name: r.pick(NAMES) },
      targets: [
        {
          select: { kind: 'Deployment', ...(r.chance(0.5) ? { name: r.pick(NAMES) } : {}) },
          fieldPaths: [
            r.pick([
              'metadata.labels.app',
              'spec.template.spec.containers.*.image',
              'spec.template.spec.containers.[name=main].image',
              'spec.template.spec.serviceAccountName',
            ]),
          ],
          ...(r.chance(0.5)
            ? { options: { delimiter: r.pick(['/', ':']), index: r.pick([0, 1, 5]) } }
            : {}),
        },
      ],
    },
  ];
  return {
    ...above,
    ...(patches.length > 0 ? { patches } : {}),
    ...(r.chance(0.3) ? { namePrefix: 'p-' } : {}),
    ...(r.chance(0.2) ? { nameSuffix: '-s' } : {}),
    ...(r.chance(0.2) ? { namespace: r.pick(['prow', 'default']) } : {}),
    ...(r.chance(0.2)
      ? {
          labels: [
            {
              pairs: { team: 'ci' },
              includeSelectors: r.chance(0.3),
              includeTemplates: r.chance(0.3),
            },
          ],
        }
      : {}),
    ...(r.chance(0.2) ? { commonAnnotations: { by: 'us' } } : {}),
    ...(r.chance(0.2) ? { images: [{ name: `gcr.io/prow/${r.pick(NAMES)}`, newTag: 'v9' }] } : {}),
    ...(r.chance(0.2) ? { replicas: [{ name: r.pick(NAMES), count: 7 }] } : {}),
    ...(r.chance(0.3) ? { replacements } : {}),
    ...(r.chance(0.3)
      ? {
          configMapGenerator: [
            {
              name: 'generated',
              namespace: 'default',
              literals: ['a=b'],
              ...(r.chance(0.5) ? { options: { disableNameSuffixHash: true } } : {}),
            },
          ],
        }
      : {}),
    ...(r.chance(0.2)
      ? { secretGenerator: [{ name: 'settings', namespace: 'default', literals: ['a="b"'] }] }
      : {}),
  };
}

function files(r: Random): Record<string, string> {
  const component = r.chance(0.3);
  return {
    'base/objects.yaml': objects(r)
      .map((object) => stringify(object))
      .join('---\n'),
    'base/kustomization.yaml': stringify(kustomization(r, { resources: ['objects.yaml'] })),
    'env/kustomization.yaml': stringify(
      kustomization(r, {
        resources: ['../base'],
        ...(component ? { components: ['../component'] } : {}),
      }),
    ),
    'component/kustomization.yaml': stringify({
      ...kustomization(r, {}),
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
      kind: 'Component',
    }),
  };
}
