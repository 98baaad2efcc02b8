import type { ApiRequest } from '@prow-deploy/cluster';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { commonSelector, readList } from './read-list.ts';

const workload = (spec: string, kind = 'Deployment') =>
  parse(`{ kind: ${kind}, metadata: { name: a }, spec: ${spec} }`) as KubernetesObject;
const labels = (text: string) => workload(`{ selector: { matchLabels: ${text} } }`);

test('workloads with a label in common are selected by it', () => {
  const deck = labels('{ component: prow, app: deck }');
  expect(commonSelector([deck])).toBe('component in (prow)');
  expect(commonSelector([deck, labels('{ app: hook }')])).toBe('app in (deck,hook)');
  const controller = workload('{ selector: { app: tide } }', 'ReplicationController');
  expect(commonSelector([deck, deck, controller])).toBe('app in (deck,tide)');
});

test('workloads without one are not', () => {
  expect(commonSelector([labels('{ app: deck }'), labels('{ name: hook }')])).toBeUndefined();
  expect(commonSelector([workload('{ selector: { matchExpressions: [] } }')])).toBeUndefined();
  expect(commonSelector([])).toBeUndefined();
});

test('a list is read page by page, and not without end', async () => {
  const asked: ApiRequest['query'][] = [];
  const cluster = {
    request: ({ query }: ApiRequest) => {
      asked.push(query);
      const body = { items: [{ metadata: { name: 'a' } }], metadata: { continue: 'more' } };
      return Promise.resolve({ status: 200, body, headers: {} });
    },
  };
  const query = { fieldSelector: 'type=Warning' };
  const list = await readList({ cluster, namespace: 'prow', resource: 'events', query });
  expect(list).toHaveLength(4);
  expect(asked).toEqual([
    { ...query, limit: 500, continue: undefined },
    ...Array.from({ length: 3 }, () => ({ ...query, limit: 500, continue: 'more' })),
  ]);
});
