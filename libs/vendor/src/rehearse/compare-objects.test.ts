import { type KubernetesObject } from '@prow-deploy/audit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compareObjects } from './compare-objects.ts';
import { findProblems } from './find-problems.ts';

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow }
spec:
  selector: { matchLabels: { app: deck } }
  template: { spec: { containers: [{ name: deck, image: deck:v1 }] } }
`;
const CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cache, namespace: prow }
spec: { storageClassName: a, resources: { requests: { storage: 2Gi } } }
`;

function compare(yaml: string, ...change: readonly [string, string]) {
  const [before, after] = [yaml, yaml.replace(...change)].map(
    (text) => parse(text) as KubernetesObject,
  );
  if (!before || !after) throw new Error('There is no object.');
  const objects = compareObjects([before], [after]);
  const findings = { new: [], gone: [] };
  const inputs = { failure: {}, patches: [], findings, objects, stillUpstream: () => undefined };
  return { objects, problems: findProblems(inputs) };
}

test('a field that cannot be changed in place is an error that says what to do, and what it costs', () => {
  const { objects, problems } = compare(DEPLOYMENT, 'app: deck', 'app: desk');
  expect(objects.immutable).toMatchObject([
    { object: 'Deployment prow/deck', path: '.spec.selector.matchLabels.app' },
  ]);
  expect(problems).toEqual([
    {
      code: 'immutable-field',
      severity: 'error',
      message:
        'Deployment prow/deck: spec.selector.matchLabels.app cannot be changed. Delete Deployment prow/deck by hand (kubectl delete deployment deck --namespace prow), then apply again: its pods stop until the new ones are ready. It loses nothing but the time until its pods are ready. Or keep the old value by a patch.',
    },
  ]);
});

test('a claim may grow, but its class stays', () => {
  expect(compare(CLAIM, '2Gi', '3Gi').problems).toEqual([]);
  expect(compare(CLAIM, 'storageClassName: a', 'storageClassName: b').problems).toMatchObject([
    { code: 'immutable-field', severity: 'error' },
  ]);
});

test('another image is told, and is a warning where it is older', () => {
  const { objects, problems } = compare(DEPLOYMENT, 'deck:v1', 'deck:v2');
  expect(objects.images).toEqual([
    { container: 'Deployment prow/deck deck', before: 'deck:v1', after: 'deck:v2' },
  ]);
  expect(problems).toEqual([]);
  const dated = DEPLOYMENT.replace('deck:v1', 'deck:v20240619-cfb8754e0');
  expect(compare(dated, 'v20240619-cfb8754e0', 'v20230101-aaaaaaa').problems).toMatchObject([
    { code: 'image-older', severity: 'warning' },
  ]);
});
