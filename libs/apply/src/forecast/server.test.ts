import { ApiError, APPLY_PATCH, JSON_PATCH, MERGE_PATCH } from '@prow-deploy/cluster';
import { seeded, useTestCluster } from '@prow-deploy/testing';
import { describe, expect, test } from 'vitest';
import { apiPath } from '../api-path.ts';
import { FIELD_MANAGER } from '../field-manager.ts';
import { isFields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import { resolve } from '../resolve.ts';
import { appliedObject } from './applied-object.ts';
import { differences } from './differences.ts';
import { forecast } from './forecast.ts';
import { forecastRender } from './forecast-render.ts';
import { FORECAST_CASES, type ForecastCase, isOfItself } from './testing/cases.ts';
import { mutate } from './testing/mutate.ts';

const testCluster = useTestCluster('forecast');
const cases = FORECAST_CASES.map((each, index) => [each.title, each, index] as const);

describe('the API server and the forecast agree', () => {
  test.each(cases)(
    '%s',
    async (_title, each) => {
      await inCluster(each, async ({ live, related, own }) => {
        const changed = each.live.replace(...each.change);
        expect(changed).not.toBe(each.live);
        const next = await one(own(changed));
        const found = forecast({ live, next, related });
        const answer = await tryApply(next);
        const seen = JSON.stringify({ found, answer: saidBy(answer) }, undefined, 1);
        expect(answer instanceof ApiError, seen).toBe(found.some(({ refused }) => refused));
        expect(
          found.map(({ code }) => code),
          seen,
        ).toEqual(each.codes);
        if (!(answer instanceof ApiError)) expect(wronglyForeseen(live, next, answer)).toEqual([]);
        if (isOfItself(each)) {
          const told = forecastRender(await one(own(each.live)), next);
          expect(
            told.map(({ code }) => code),
            seen,
          ).toEqual(each.codes);
        }
      });
    },
    120_000,
  );
});

// Whatever is changed: an object that could be made anew and is refused as a change is foreseen, and no other.
describe('the API server and the forecast agree on changes that are drawn with a seed', () => {
  const seed = 20261124;
  const rounds = 8;
  const byLive = new Map(FORECAST_CASES.map((each, index) => [each.live, [each, index] as const]));
  const drawn = [...byLive.values()].filter(([{ live }]) => !live.includes('CustomResourceDef'));
  test.each(drawn.map(([each, index]) => [each.title.split(',')[0] ?? '', each, index] as const))(
    '%s',
    async (_title, each, index) => {
      // Every other one was applied by another before.
      const before = index % 2 === 0 ? each : { ...each, by: 'another' };
      await inCluster(before, async ({ live, related, own }) => {
        const random = seeded(seed + index);
        const base = await one(own(each.live));
        for (let round = 0; round < rounds; round++) {
          const once = mutate(base, random);
          const next = random() < 0.3 ? mutate(once, random) : once;
          // Objects that are wrong in themselves are not looked for.
          const name = `${next.metadata.name}-anew`;
          const anew = await tryApply({ ...next, metadata: { ...next.metadata, name } });
          if (anew instanceof ApiError) continue;
          const found = forecast({ live, next, related });
          const answer = await tryApply(next);
          const seen = `seed ${seed + index}, round ${round}: ${JSON.stringify({ next, found, answer: saidBy(answer) })}`;
          expect(answer instanceof ApiError, seen).toBe(found.some(({ refused }) => refused));
          if (!(answer instanceof ApiError)) {
            expect(wronglyForeseen(live, next, answer), seen).toEqual([]);
          }
        }
      });
    },
    120_000,
  );
});

describe('what a remedy says helps', () => {
  const patched = cases.filter(([, { codes }]) =>
    codes.some((code) => code.endsWith('-left-over')),
  );
  test.each(patched)('%s', async (_title, each) => {
    await inCluster(each, async ({ live, own }) => {
      const next = await one(own(each.live.replace(...each.change)));
      const [found] = forecast({ live, next });
      const [, type, patch = ''] =
        /--type=(merge|json) --patch '([^']+)'/.exec(found?.remedy ?? '') ?? [];
      const { body } = await testCluster().request({
        method: 'PATCH',
        path: await pathOf(live),
        body: JSON.parse(patch) as unknown,
        contentType: type === 'merge' ? MERGE_PATCH : JSON_PATCH,
      });
      expect(forecast({ live: body as KubernetesObject, next })).toEqual([]);
      expect(await tryApply(next)).not.toBeInstanceOf(ApiError);
    });
  });

  test('a StatefulSet that is deleted without its pods takes them over', async () => {
    const [, each] = cases.find(([title]) => title === 'a StatefulSet, another service') ?? [];
    if (each === undefined) throw new Error('There is no such case.');
    const plain = each.live.slice(0, each.live.indexOf('  volumeClaimTemplates'));
    const running = { ...each, live: plain.replace('replicas: 0', 'replicas: 1') };
    await inCluster(running, async ({ live, namespace, own }) => {
      const next = await one(own(running.live.replace(...each.change)));
      expect(forecast({ live, next })[0]?.remedy).toContain('--cascade=orphan');
      const path = `/api/v1/namespaces/${namespace}/pods/stateful-0`;
      const found = (path: string) =>
        testCluster()
          .request({ path })
          .then(
            ({ body }) => body as KubernetesObject,
            () => undefined,
          );
      const first = await until(
        () => found(path),
        (pod) => pod !== undefined,
      );
      const body = { propagationPolicy: 'Orphan' };
      const ofSet = await pathOf(live);
      await testCluster().request({ method: 'DELETE', path: ofSet, body });
      // As kubectl does.
      await until(
        () => found(ofSet),
        (set) => set === undefined,
      );
      const again = await put(next);
      const owned = await until(
        () => found(path),
        (pod) => JSON.stringify(pod?.metadata).includes(again.metadata.uid ?? '-'),
      );
      expect(owned?.metadata.uid).toBe(first?.metadata.uid);
    });
  }, 120_000);
});

test('a namespace that is being deleted takes nothing new', async () => {
  await put(await one('{ apiVersion: v1, kind: Namespace, metadata: { name: going } }'));
  const held = `{ apiVersion: v1, kind: ConfigMap, metadata: { name: held, namespace: going, finalizers: [example.org/hold] } }`;
  const holder = await put(await one(held));
  const path = '/api/v1/namespaces/going';
  await testCluster().request({ method: 'DELETE', path });
  const namespace = await until(
    async () => (await testCluster().request({ path })).body as KubernetesObject,
    (each) =>
      JSON.stringify(each['status']).includes('"NamespaceContentRemaining","status":"True"') ||
      /"status":"True","type":"NamespaceContentRemaining"/.test(JSON.stringify(each['status'])),
  );
  const next = await one(
    '{ apiVersion: v1, kind: ConfigMap, metadata: { name: new, namespace: going } }',
  );
  const [found] = forecast({ live: undefined, next, related: [namespace] });
  expect(found).toMatchObject({ code: 'namespace-terminating', refused: true });
  expect(found?.message).toMatch(/^Namespace going is being deleted, .*configmaps/);
  expect(await tryApply(next)).toBeInstanceOf(ApiError);
  // What is there already may still be changed, as may the namespace, for as long as it lasts.
  const again = await one('{ apiVersion: v1, kind: Namespace, metadata: { name: going } }');
  expect(forecast({ live: namespace, next: again })).toMatchObject([
    { code: 'namespace-terminating', refused: false },
  ]);
  expect(await tryApply(again)).not.toBeInstanceOf(ApiError);
  const going = (await testCluster().request({ path: await pathOf(holder) })).body;
  const changed = await one(held.replace('held,', 'held, labels: { a: b },'));
  expect(forecast({ live: going as KubernetesObject, next: changed })).toMatchObject([
    { code: 'being-deleted', refused: false },
  ]);
  expect(await tryApply(changed)).not.toBeInstanceOf(ApiError);
  const body = { metadata: { finalizers: null } };
  await testCluster().request({
    method: 'PATCH',
    path: await pathOf(holder),
    body,
    contentType: MERGE_PATCH,
  });
}, 120_000);

interface Situation {
  readonly live: KubernetesObject;
  readonly related: readonly KubernetesObject[];
  readonly namespace: string;
  /** A manifest in this namespace. */
  readonly own: (manifest: string) => string;
}

let situations = 0;

// Each has a namespace of its own, so that none sees what another left.
async function inCluster(
  each: ForecastCase,
  use: (situation: Situation) => Promise<void>,
): Promise<void> {
  const { by = FIELD_MANAGER } = each;
  const namespace = `forecast-${++situations}`;
  const own = (manifest: string) =>
    manifest.replaceAll('namespace: forecast', `namespace: ${namespace}`);
  await put(await one(`{ apiVersion: v1, kind: Namespace, metadata: { name: ${namespace} } }`));
  const related: KubernetesObject[] = [];
  for (const object of await readManifest(own(each.related ?? ''))) related.push(await put(object));
  const object = await send(await one(own(each.live)), {
    fieldManager: by,
  });
  try {
    await use({ live: await settled(object, each), related, namespace, own });
  } finally {
    // What no namespace, or a fixed address, keeps apart; a volume goes after its claim.
    const shared = [object, ...related].filter(
      ({ kind, metadata }) =>
        metadata.namespace === undefined || ['Service', 'PersistentVolumeClaim'].includes(kind),
    );
    for (const made of shared) await remove(made);
  }
}

// As the controllers leave it.
async function settled(object: KubernetesObject, each: ForecastCase): Promise<KubernetesObject> {
  if (each.until === undefined) return object;
  const [steps, value] = each.until;
  const path = await pathOf(object);
  return until(
    async () => (await testCluster().request({ path })).body as KubernetesObject,
    (live) => {
      const found = pick(live, steps);
      return found !== undefined && (value === '' || found === value);
    },
  );
}

async function remove(object: KubernetesObject): Promise<void> {
  const path = await pathOf(object);
  const body = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
  await until(
    () =>
      testCluster()
        .request({ method: 'DELETE', path, body })
        .then(
          () => false,
          (error: unknown) => {
            if (error instanceof ApiError && error.status === 404) return true;
            throw error;
          },
        ),
    (isGone) => isGone,
  );
}

async function until<T>(look: () => Promise<T>, isIt: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 1500; tries++) {
    const found = await look();
    if (isIt(found)) return found;
    await new Promise((wake) => setTimeout(wake, 40));
  }
  throw new Error('It did not come in time.');
}

async function one(manifest: string): Promise<KubernetesObject> {
  const [object] = await readManifest(manifest);
  if (object === undefined) throw new Error('There is no object in the manifest.');
  return object;
}

async function pathOf(object: KubernetesObject): Promise<string> {
  const { resolved } = resolve([object], await testCluster().resources());
  const [first] = resolved;
  if (first === undefined) throw new Error(`${object.kind} is not served.`);
  return apiPath(first.entry, first.entry);
}

async function put(object: KubernetesObject): Promise<KubernetesObject> {
  return send(object, {});
}

async function tryApply(object: KubernetesObject): Promise<KubernetesObject | ApiError> {
  try {
    return await send(object, { dryRun: 'All' });
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

async function send(object: KubernetesObject, query: { dryRun?: string; fieldManager?: string }) {
  const { body } = await testCluster().request({
    method: 'PATCH',
    path: await pathOf(object),
    query: { fieldManager: FIELD_MANAGER, force: true, ...query },
    body: object,
    contentType: APPLY_PATCH,
  });
  return body as KubernetesObject;
}

function saidBy(answer: KubernetesObject | ApiError): string {
  return answer instanceof ApiError ? answer.serverMessage : 'taken';
}

// Where what an apply makes of an object is not what the API server makes of it, besides what that adds.
function wronglyForeseen(
  live: KubernetesObject,
  next: KubernetesObject,
  answer: KubernetesObject,
): string[] {
  // The API server clears what does not go with the type of a Service, turns stringData into data, and adds tolerations.
  if (['Service', 'Secret', 'Pod'].includes(next.kind)) return [];
  const foreseen = appliedObject(live, next);
  return Object.keys(foreseen)
    .filter((name) => !['metadata', 'status'].includes(name))
    .flatMap((name) =>
      differences(foreseen[name], within(answer[name], foreseen[name])).map(
        (path) => `${name}${path}`,
      ),
    );
}

// Only what the other has as well.
function within(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other)) {
    return value.map((item, index) => within(item, (other as unknown[])[index]));
  }
  if (!isFields(value) || !isFields(other)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name in other)
      .map(([name, member]) => [name, within(member, other[name])]),
  );
}

function pick(value: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>((each, step) => (each as Record<string, unknown> | undefined)?.[step], value);
}
