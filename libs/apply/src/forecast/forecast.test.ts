import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import { forecast, type ForecastInput } from './forecast.ts';
import { FORECAST_CODES, type Forecast, type ForecastCode } from './forecast-codes.ts';
import { RULES } from './rules/rules.ts';
import { FORECAST_CASES, type ForecastCase } from './testing/cases.ts';

async function inputOf(each: ForecastCase): Promise<ForecastInput> {
  const [live] = await readManifest(each.live);
  const [next] = await readManifest(each.live.replace(...each.change));
  if (live === undefined || next === undefined) throw new Error('There is no object.');
  const status: unknown = parse(each.status ?? '{}');
  const related = await readManifest(each.related ?? '');
  return { live: { ...live, status }, next, related };
}

// What the API server says of each of these is in server.test.ts.
describe('of objects that do not say who owns their fields', () => {
  const told = FORECAST_CASES.filter(({ liveOnly }) => liveOnly !== true);
  test.each(told.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
    const found = forecast(await inputOf(each));
    expect(found.map(({ code }) => code)).toEqual(each.codes);
    for (const { path, message, remedy, loses } of found) {
      expect(path).not.toBe('');
      for (const text of [message, remedy, loses]) expect(text).toMatch(/^[^.].*[^.]$/);
    }
  });
});

/** What is foreseen of `next` over `live`, each in YAML; `next` is `live` with some text replaced. */
async function foresee(
  live: string,
  change: readonly [string, string],
  related = '',
): Promise<Forecast[]> {
  return forecast(await inputOf({ title: '', live, change, related, codes: [] }));
}

const shown = (found: readonly Forecast[]) =>
  found.map(({ path, message, remedy, loses }) => ({ path, message, remedy, loses }));

const CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cache, namespace: prow }
spec: { storageClassName: a, volumeName: disk, resources: { requests: { storage: 2Gi } } }
status: { phase: Bound, capacity: { storage: 2Gi } }
`;
const withStatus = async (live: string, change: readonly [string, string], related = '') => {
  const status = JSON.stringify((parse(live) as { status?: unknown }).status ?? {});
  return forecast(await inputOf({ title: '', live, change, related, status, codes: [] }));
};

describe('what it says', () => {
  test('of a workload: its pods stop', async () => {
    const live =
      '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: deck, namespace: prow }, spec: { selector: { matchLabels: { app: deck } } } }';
    expect(shown(await foresee(live, ['app: deck', 'app: desk']))).toEqual([
      {
        path: 'spec.selector.matchLabels.app',
        message: 'spec.selector.matchLabels.app cannot be changed',
        remedy:
          'Delete Deployment prow/deck by hand (kubectl delete deployment deck --namespace prow), then apply again: its pods stop until the new ones are ready',
        loses: 'nothing but the time until its pods are ready',
      },
    ]);
  });

  test('of a StatefulSet that deletes its volumes with itself: they are lost', async () => {
    const live = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, namespace: prow }
spec:
  selector: { matchLabels: { app: a } }
  persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete }
  volumeClaimTemplates: [{ metadata: { name: data } }]
`;
    const [found] = await foresee(live, ['app: a', 'app: b']);
    expect(found?.loses).toBe('all data of its volumes, which it deletes with itself');
    const [kept] = await foresee(live.replace('Delete', 'Retain'), ['app: a', 'app: b']);
    expect(kept?.loses).toBe('nothing but the time until its pods are ready');
  });

  test('of a claim: its data is lost, unless its volume is retained', async () => {
    const change = ['storageClassName: a', 'storageClassName: b'] as const;
    expect(shown(await withStatus(CLAIM, change))).toEqual([
      {
        path: 'spec.storageClassName',
        message: 'spec.storageClassName cannot be changed: of a claim, only the size may grow',
        remedy:
          'Save what is in the volume; delete PersistentVolumeClaim prow/cache by hand (kubectl delete persistentvolumeclaim cache --namespace prow), then apply again: its pods have to stop before it goes',
        loses: 'all data of the volume',
      },
    ]);
    const volume =
      '{ apiVersion: v1, kind: PersistentVolume, metadata: { name: disk }, spec: { persistentVolumeReclaimPolicy: Retain } }';
    const [kept] = await withStatus(CLAIM, change, volume);
    expect(kept?.loses).toMatch(
      /^nothing of the data, which stays in PersistentVolume disk: free it/,
    );
    const [gone] = await withStatus(CLAIM, change, volume.replace('Retain', 'Delete'));
    expect(gone?.loses).toBe('all data of the volume');
  });

  test('of a claim whose class is not known, nothing', async () => {
    expect(await withStatus(CLAIM, ['storage: 2Gi } } }', 'storage: 3Gi } } }'])).toEqual([]);
  });

  test('of a claim that asked for too much, it may ask for less, down to what it has', async () => {
    const asked = CLAIM.replace('storage: 2Gi } } }', 'storage: 9Gi } } }');
    expect(await withStatus(asked, ['9Gi', '3Gi'])).toEqual([]);
    const [found] = await withStatus(asked, ['9Gi', '2Gi']);
    expect(found?.message).toBe(
      'spec.resources.requests.storage cannot go from 9Gi to 2Gi: a volume never shrinks',
    );
  });

  test('of an immutable Secret: the key, and no value', async () => {
    const live =
      '{ apiVersion: v1, kind: Secret, metadata: { name: a, namespace: prow }, immutable: true, data: { token: aHVudGVyMg== } }';
    const found = await foresee(live, ['aHVudGVyMg==', 'Y29ycmVjdA==']);
    expect(shown(found)).toEqual([
      {
        path: 'data["token"]',
        message: 'data["token"] cannot be changed: it says immutable: true',
        remedy:
          'Give it another name, and name that where it is read, or: delete Secret prow/a by hand (kubectl delete secret a --namespace prow), then apply again',
        loses: 'nothing: pods that run keep what they have, pods that start meanwhile wait for it',
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|aHVu|correct|Y29y/);
  });

  test('of a Job: it runs again', async () => {
    const live =
      '{ apiVersion: batch/v1, kind: Job, metadata: { name: a, namespace: prow }, spec: { template: { spec: { containers: [{ name: main, image: a }] } } } }';
    expect(shown(await foresee(live, ['image: a', 'image: b']))).toEqual([
      {
        path: 'spec.template.spec.containers[name="main"].image',
        message:
          'spec.template.spec.containers[name="main"].image cannot be changed: a Job keeps the pods that it started with',
        remedy:
          'Delete Job prow/a by hand (kubectl delete job a --namespace prow), then apply again: it runs again from the start',
        loses: 'its pods with their logs, and what is known of its run',
      },
    ]);
  });
});

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: apples.example.org }
spec:
  group: example.org
  names: { kind: Apple, plural: apples }
  conversion: { strategy: Webhook }
  versions:
    - { name: v1, served: true, storage: false }
    - { name: v2, served: true, storage: true }
status: { storedVersions: [v2] }
`;
const APPLES = [1, 2, 3, 4]
  .map(
    (n) =>
      `{ apiVersion: example.org/v1, kind: Apple, metadata: { name: a${n}, namespace: prow } }`,
  )
  .join('\n---\n');

describe('what the API server takes, and others pay for', () => {
  test('a version that is used is no longer served, or gone', async () => {
    const unserved = ['{ name: v1, served: true', '{ name: v1, served: false'] as const;
    const gone = ['    - { name: v1, served: true, storage: false }\n', ''] as const;
    for (const change of [unserved, gone]) {
      const [found, ...more] = await withStatus(DEFINITION, change, APPLES);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ code: 'definition-used-version', refused: false });
      expect(found?.message).toBe(
        'version v1 is no longer served, and Apple prow/a1, Apple prow/a2, Apple prow/a3, and 1 more is written in it',
      );
      const others = APPLES.replaceAll('example.org/v1', 'example.org/v2');
      expect(await withStatus(DEFINITION, change, others)).toEqual([]);
    }
  });

  test('objects of several versions are no longer converted', async () => {
    const [found] = await withStatus(DEFINITION, ['strategy: Webhook', 'strategy: None']);
    expect(found).toMatchObject({ code: 'definition-conversion', refused: false });
    const single = DEFINITION.replace('    - { name: v1, served: true, storage: false }\n', '');
    expect(await withStatus(single, ['strategy: Webhook', 'strategy: None'])).toEqual([]);
  });

  test('an object that is being deleted takes with it what is applied', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'a', namespace: 'prow' },
    };
    const metadata = {
      ...object.metadata,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['kubernetes.io/pvc-protection'],
    };
    expect(forecast({ live: { ...object, metadata }, next: object })).toMatchObject([
      {
        code: 'being-deleted',
        message:
          'it is being deleted, held by kubernetes.io/pvc-protection: what is applied goes with it',
        refused: false,
      },
    ]);
  });
});

describe('of objects that are not there yet', () => {
  const next: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'prow' },
  };
  const namespace: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'prow', deletionTimestamp: '2026-01-01T00:00:00Z' },
  };

  test('nothing, in a namespace that stays', () => {
    expect(forecast({ live: undefined, next })).toEqual([]);
    const { deletionTimestamp: _gone, ...metadata } = namespace.metadata;
    expect(_gone).toBeDefined();
    expect(forecast({ live: undefined, next, related: [{ ...namespace, metadata }] })).toEqual([]);
    const other = { ...namespace, metadata: { ...namespace.metadata, name: 'other' } };
    expect(forecast({ live: undefined, next, related: [other] })).toEqual([]);
  });

  test('that they are refused, in a namespace that goes', () => {
    expect(forecast({ live: undefined, next, related: [namespace] })).toMatchObject([
      { code: 'namespace-terminating', refused: true },
    ]);
  });

  test('a second PriorityClass for all', () => {
    const made = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', globalDefault: true };
    const first = { ...made, metadata: { name: 'first' } };
    const second = { ...made, metadata: { name: 'second' } };
    expect(forecast({ live: undefined, next: second, related: [first] })).toMatchObject([
      { code: 'priority-class-default', refused: true },
    ]);
    expect(forecast({ live: undefined, next: second, related: [second] })).toEqual([]);
  });
});

test('a kind that nothing is known of may change as it likes', async () => {
  const live =
    '{ apiVersion: prow.k8s.io/v1, kind: ProwJob, metadata: { name: a }, spec: { a: b } }';
  expect(await foresee(live, ['a: b', 'c: d'])).toEqual([]);
});

test('damaged objects are foreseen nothing of, or something, and break nothing', async () => {
  for (const each of FORECAST_CASES) {
    const { next, related = [] } = await inputOf(each);
    for (const damage of [null, [], 'x', 5, { spec: [] }]) {
      for (const field of ['spec', 'data', 'roleRef', 'status', 'parameters']) {
        const damaged = { ...next, [field]: damage };
        expect(Array.isArray(forecast({ live: damaged, next, related }))).toBe(true);
        expect(Array.isArray(forecast({ live: next, next: damaged, related }))).toBe(true);
      }
    }
  }
});

test('every code is foreseen in some test here or on the API server', () => {
  const here: readonly ForecastCode[] = [
    'definition-used-version',
    'definition-conversion',
    'being-deleted',
    'namespace-terminating',
  ];
  const all = new Set([...here, ...FORECAST_CASES.flatMap(({ codes }) => codes)]);
  expect([...all].sort()).toEqual([...FORECAST_CODES].sort());
});

test('every rule says its source', () => {
  for (const { source, kinds } of RULES) {
    expect(kinds.length).toBeGreaterThan(0);
    expect(source).toMatch(/^https:|\.go|k8s\.io/);
  }
});
