import { expect, test } from 'vitest';
import { endpointProblem, selectorOf } from './endpoint-problem.ts';
import { isScaledToZero } from './is-scaled-to-zero.ts';

const service = (spec: Record<string, unknown>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'deck', namespace: 'prow' },
  spec,
});
const slice = (ready: boolean | undefined, ...ports: string[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'deck-1' },
  endpoints: [{ conditions: { ready } }],
  ports: ports.map((name) => ({ name })),
});
const deployment = (replicas: number, namespace = 'prow') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'deck', namespace },
  spec: { replicas, template: { metadata: { labels: { app: 'deck', tier: 'web' } } } },
});
const deck = service({ selector: { app: 'deck' }, ports: [{ port: 80 }] });

test('a ready endpoint for each port is enough; not to know counts as ready', () => {
  expect(endpointProblem(deck, [slice(true, '')])).toBeUndefined();
  expect(endpointProblem(deck, [slice(undefined, '')])).toBeUndefined();
});

test('what is missing is said', () => {
  expect(endpointProblem(deck, [])).toBe('no pod that it selects is ready');
  expect(endpointProblem(deck, [slice(false, '')])).toBe('no pod that it selects is ready');
  expect(endpointProblem(deck, [slice(true)])).toBe('its pods have no port for 80');
  const two = service({
    selector: {},
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 2 },
    ],
  });
  expect(endpointProblem(two, [slice(true, 'a')])).toBe('its pods have no port for b');
});

test('a Service without a selector of its own selects no pods', () => {
  expect(selectorOf(deck)).toEqual({ app: 'deck' });
  expect(selectorOf(service({}))).toBeUndefined();
  expect(selectorOf(service({ selector: {} }))).toBeUndefined();
  expect(selectorOf(service({ type: 'ExternalName', selector: { app: 'deck' } }))).toBeUndefined();
});

test('a Service is scaled to zero when all that it selects is', () => {
  expect(isScaledToZero(deck, [deployment(0)])).toBe(true);
  expect(isScaledToZero(deck, [deployment(0), deployment(1)])).toBe(false);
  expect(isScaledToZero(deck, [deployment(0, 'other')])).toBe(false);
  expect(isScaledToZero(deck, [])).toBe(false);
});
