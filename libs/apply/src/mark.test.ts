import { expect, test } from 'vitest';
import type { ManagedFieldsEntry, ObjectMetadata } from './kubernetes-object.ts';
import { ABSENT, mark, ownMark } from './mark.ts';

const ours: ManagedFieldsEntry = {
  manager: 'prow-deploy',
  operation: 'Apply',
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
};
const report: ManagedFieldsEntry = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
  time: '2026-01-01T00:00:01Z',
};
const edit: ManagedFieldsEntry = {
  manager: 'kubectl-edit',
  operation: 'Update',
  time: '2026-01-01T00:00:02Z',
};
const base: ObjectMetadata = {
  name: 'deck',
  uid: '1',
  resourceVersion: '10',
  generation: 1,
  managedFields: [ours, report],
};
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const NODE = { apiVersion: 'v1', kind: 'Node' };

const cases: [
  name: string,
  kind: typeof DEPLOYMENT,
  change: Partial<ObjectMetadata>,
  changes: boolean,
][] = [
  [
    'a status',
    DEPLOYMENT,
    { resourceVersion: '11', managedFields: [ours, { ...report, time: 'later' }] },
    false,
  ],
  ['another order of the same entries', DEPLOYMENT, { managedFields: [report, ours] }, false],
  ['a generation', DEPLOYMENT, { generation: 2 }, true],
  ['an edit by another', DEPLOYMENT, { managedFields: [ours, edit, report] }, true],
  [
    'an edit of the scale',
    DEPLOYMENT,
    { managedFields: [ours, { ...edit, subresource: 'scale' }, report] },
    true,
  ],
  ['a deletion that waits', DEPLOYMENT, { deletionTimestamp: '2026-01-01T00:00:03Z' }, true],
  ['an object made anew', DEPLOYMENT, { uid: '2' }, true],
  ['any write of a ConfigMap', CONFIG_MAP, { resourceVersion: '11' }, true],
  [
    'what others write of a Node',
    NODE,
    { resourceVersion: '11', managedFields: [ours, edit] },
    false,
  ],
  ['what others take from us on a Node', NODE, { managedFields: [edit] }, true],
];

test.each(cases)('%s', (_name, kind, change, changes) => {
  expect(mark(kind, { ...base, ...change }) !== mark(kind, base)).toBe(changes);
});

test('an object that is not there has a mark of its own', () => {
  expect(mark(DEPLOYMENT, undefined)).toBe(ABSENT);
  expect(ownMark(undefined)).toBe(ABSENT);
});

test('what we own changes when another takes it, and not when another adds to it', () => {
  expect(ownMark({ ...base, managedFields: [ours, edit] })).toBe(ownMark(base));
  expect(ownMark({ ...base, managedFields: [{ ...ours, fieldsV1: {} }, edit] })).not.toBe(
    ownMark(base),
  );
});
