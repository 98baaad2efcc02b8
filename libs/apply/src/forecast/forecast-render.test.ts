import { describe, expect, test } from 'vitest';
import { readManifest } from '../read-manifest.ts';
import { forecastRender } from './forecast-render.ts';
import type { Forecast } from './forecast-codes.ts';
import { FORECAST_CASES, isOfItself } from './testing/cases.ts';

async function foresee(before: string, change: readonly [string, string]): Promise<Forecast[]> {
  const [one] = await readManifest(before);
  const [other] = await readManifest(before.replace(...change));
  if (one === undefined || other === undefined) throw new Error('There is no object.');
  return forecastRender(one, other);
}

// What the API server says of each of these is in server.test.ts.
describe('two renders tell what a live object would', () => {
  const told = FORECAST_CASES.filter(isOfItself);
  test.each(told.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
    const found = await foresee(each.live, each.change);
    expect(found.map(({ code }) => code)).toEqual(each.codes);
  });
});

const CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cache, namespace: prow }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 2Gi } } }
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: prow }
spec: { ports: [{ port: 80 }] }
`;

describe('what the cluster puts in counts', () => {
  test.each([
    ['a claim that grows', CLAIM, ['2Gi', '3Gi'], []],
    ['a claim that shrinks', CLAIM, ['2Gi', '1Gi'], ['claim-shrinks']],
    ['a claim of another access mode', CLAIM, ['ReadWriteOnce', 'ReadWriteMany'], ['claim-spec']],
    [
      'a claim that names a class, and was made without',
      CLAIM,
      ['spec: {', 'spec: { storageClassName: fast,'],
      ['claim-spec'],
    ],
    [
      'a Service that gives its address up',
      SERVICE,
      ['{ ports', '{ clusterIP: None, ports'],
      ['service-address'],
    ],
    ['a Service that gets another port', SERVICE, ['port: 80', 'port: 81'], []],
    [
      'a headless Service that stays so',
      SERVICE.replace('{ ports', '{ clusterIP: None, ports'),
      ['port: 80', 'port: 81'],
      [],
    ],
  ] as const)('%s', async (_title, before, change, codes) => {
    const found = await foresee(before, change);
    expect(found.map(({ code }) => code)).toEqual(codes);
  });

  test('a Deployment that rolls by default, and is not to any more', async () => {
    const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow }
spec: { selector: { matchLabels: { app: deck } } }
`;
    const recreate = ['spec: {', 'spec: { strategy: { type: Recreate },'] as const;
    expect(await foresee(deployment, recreate)).toMatchObject([
      { code: 'strategy-left-over', path: 'spec.strategy.rollingUpdate', refused: true },
    ]);
    const again = deployment.replace(...recreate);
    expect(await foresee(again, ['app: deck', 'app: desk'])).toMatchObject([
      { code: 'workload-selector' },
    ]);
  });

  test('a CustomResourceDefinition loses the version that is stored', async () => {
    const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: prowjobs.prow.k8s.io }
spec:
  group: prow.k8s.io
  scope: Namespaced
  names: { kind: ProwJob, plural: prowjobs }
  versions: [{ name: v1, served: true, storage: true }]
`;
    expect(await foresee(definition, ['name: v1,', 'name: v2,'])).toMatchObject([
      { code: 'definition-stored-version' },
    ]);
    expect(await foresee(definition, ['Namespaced', 'Cluster'])).toMatchObject([
      { code: 'definition-names', path: 'spec.scope' },
    ]);
  });
});
