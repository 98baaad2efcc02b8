import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import {
  claimReason,
  type Events,
  ownPodReason,
  podReason,
  workloadReason,
} from './find-reason.ts';
import { latestEvents } from './latest-events.ts';
import { OwnedPods } from './owned-pods.ts';

const object = (text: string) => parse(text) as KubernetesObject;

const pod = (name: string, minute: number, status: string) =>
  object(`
apiVersion: v1
kind: Pod
metadata: { name: ${name}, uid: ${name}, creationTimestamp: "2026-01-01T00:0${minute}:00Z" }
spec: { nodeName: node01 }
status: ${status}
`);

const READY = '{ phase: Running, conditions: [{ type: Ready, status: "True" }] }';
const SLOW = '{ phase: Pending }';
const PULLING =
  '{ phase: Pending, containerStatuses: [{ name: deck, state: { waiting: { reason: ErrImagePull } } }] }';
const CRASHED =
  '{ phase: Running, containerStatuses: [{ name: deck, restartCount: 2, state: { terminated: { exitCode: 1, message: no config } } }] }';

const event = (uid: string, second: number, reason: string, type = 'Warning') =>
  object(`
metadata: { name: a, creationTimestamp: "2026-01-01T00:05:00Z" }
involvedObject: { uid: ${uid} }
lastTimestamp: "2026-01-01T00:06:0${second}Z"
type: ${type}
reason: ${reason}
message: why.
`);
const events = (...all: KubernetesObject[]): Events => latestEvents(all);

const workload = object(
  '{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, uid: db } }',
);

test('of several pods, one that fails comes before one that only takes its time', () => {
  const pods = [pod('slow', 3, SLOW), pod('pulling', 2, PULLING), pod('ready', 1, READY)];
  expect(workloadReason(workload, pods, events())).toMatchObject({
    text: 'pod pulling: container deck is waiting: ErrImagePull',
    failing: true,
  });
  expect(workloadReason(workload, [pod('ready', 1, READY)], events())).toBeUndefined();
});

test('the latest warning about a pod tells why it takes its time', () => {
  const about = events(event('slow', 2, 'FailedMount'), event('slow', 1, 'Unhealthy'));
  expect(workloadReason(workload, [pod('slow', 1, SLOW)], about)).toEqual({
    text: 'pod slow: not ready, last warning FailedMount: why',
    failing: true,
    ended: undefined,
  });
});

test('that a pod fitted no node is past once it has one', () => {
  const about = events(event('slow', 1, 'FailedScheduling'));
  expect(podReason(pod('slow', 1, SLOW), about)).toMatchObject({
    text: 'pod slow: not ready',
    failing: false,
  });
});

test('that pods could not be made counts until one was made', () => {
  const about = events(event('db', 1, 'FailedCreate'));
  expect(workloadReason(workload, [], about)).toEqual({ text: 'FailedCreate: why', failing: true });
  const later = pod('slow', 7, SLOW);
  expect(workloadReason(workload, [later], about)?.text).toBe('pod slow: not ready');
});

test('the container that has ended goes with the reason, and what it left behind', () => {
  expect(podReason(pod('crashed', 1, CRASHED), events())).toEqual({
    text: 'pod crashed: container deck ended: exit code 1, 2 restarts',
    failing: true,
    ended: {
      pod: 'crashed',
      podUid: 'crashed',
      container: 'deck',
      previous: false,
      restarts: 2,
      message: 'no config',
    },
  });
});

test('a pod that is itself waited for is not explained by what its status says already', () => {
  expect(ownPodReason(pod('pulling', 1, PULLING), events())).toBeUndefined();
  expect(ownPodReason(pod('slow', 1, SLOW), events(event('slow', 1, 'FailedMount')))).toMatchObject(
    { text: 'last warning FailedMount: why', failing: true },
  );
  expect(ownPodReason(pod('crashed', 1, CRASHED), events())).toMatchObject({
    text: '',
    failing: true,
    ended: { container: 'deck' },
  });
});

test('a claim says what is said about it, and fails also where that is no warning', () => {
  const claim = object('{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { uid: data } }');
  const said = (reason: string) => claimReason(claim, events(event('data', 1, reason, 'Normal')));
  expect(said('WaitForFirstConsumer')).toEqual({
    text: 'WaitForFirstConsumer: why',
    failing: false,
  });
  expect(said('FailedBinding')?.failing).toBe(true);
  expect(claimReason(claim, events(event('other', 1, 'FailedBinding')))).toBeUndefined();
});

const owned = (name: string, minute: number, owner: string, hash = '') =>
  object(`
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  creationTimestamp: "2026-01-01T00:0${minute}:00Z"
  labels: { ${hash === '' ? '' : `pod-template-hash: "${hash}"`} }
  ownerReferences: [{ kind: ReplicaSet, name: other, uid: x }, ${owner}]
`);
const names = (pods: readonly KubernetesObject[]) => pods.map(({ metadata }) => metadata.name);
const replicaSet = (name: string) =>
  `{ kind: ReplicaSet, name: ${name}, uid: ${name}, controller: true }`;

test('the pods of a Deployment are those of its latest template, of the Deployment alone', () => {
  const pods = new OwnedPods([
    owned('old', 1, replicaSet('deck-111'), '111'),
    owned('new', 2, replicaSet('deck-222'), '222'),
    owned('newest', 3, replicaSet('deck-222'), '222'),
    owned('other', 4, replicaSet('deck-internal-222'), '222'),
  ]);
  const deck = (updated: number) =>
    object(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck }
status: { updatedReplicas: ${updated} }
`);
  expect(names(pods.of(deck(2)))).toEqual(['newest', 'new']);
  expect(names(pods.of(deck(0)))).toEqual([]);
});

test('the pods of another workload are all that it owns, but those that are on their way out', () => {
  const owner = '{ kind: StatefulSet, name: db, uid: db, controller: true }';
  const leaving = owned('leaving', 3, owner);
  const pods = new OwnedPods([
    owned('db-0', 1, owner),
    owned('db-1', 2, owner),
    { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    owned('another', 1, owner.replace('uid: db', 'uid: db2')),
  ]);
  expect(names(pods.of(workload))).toEqual(['db-1', 'db-0']);
});
