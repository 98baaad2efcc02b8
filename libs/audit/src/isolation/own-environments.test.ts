import { readEnvironment } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditApis } from '../limits/audit-apis.ts';
import { auditSizes } from '../limits/audit-sizes.ts';
import { copyOwn, OWN_ENVIRONMENTS } from '../testing/own-environments.ts';
import { auditIngresses } from './audit-ingresses.ts';
import { auditIsolation } from './audit-isolation.ts';

describe('This repository’s environments', () => {
  const renders = new Map<string, KubernetesObject[]>();
  let remove = () => Promise.resolve();
  beforeAll(async () => {
    const copy = await copyOwn();
    remove = copy.remove;
    for (const name of OWN_ENVIRONMENTS) {
      const environment = await readEnvironment({ workspaceRoot: copy.root, name });
      const { manifest } = await buildEnvironment(environment);
      renders.set(
        name,
        parseAllDocuments(manifest).map((document) => document.toJS() as KubernetesObject),
      );
    }
  }, 60_000);
  afterAll(() => remove());

  const render = (name: string): KubernetesObject[] => {
    const objects = renders.get(name) ?? [];
    expect(objects.length).toBeGreaterThan(100);
    return objects;
  };

  it.each([
    ['ibmcloud-staging', true],
    ['kubevirtci-testing', false],
  ])('%s has nothing of production', (name, sameCluster) => {
    expect(auditIsolation(render(name), render('ibmcloud-production'), { sameCluster })).toEqual(
      [],
    );
  });

  it.each([
    ['ibmcloud-staging', true, 'staging-kubevirt-prow'],
    ['kubevirtci-testing', false, 'kubernetes-prow'],
  ])(
    '%s names production’s namespace or bucket wherever one of its own is forgotten',
    (name, sameCluster, own) => {
      const text = JSON.stringify(render(name));
      const missed: string[] = [];
      for (const { index } of text.matchAll(new RegExp(own, 'g'))) {
        const before = text.slice(Math.max(0, index - 80), index);
        // In a cluster of its own, a namespace may have the name of one of production's.
        if (!sameCluster && before.endsWith('"kind":"Namespace","metadata":{"name":"')) continue;
        const forgotten = `${text.slice(0, index)}kubevirt-prow${text.slice(index + own.length)}`;
        const objects = JSON.parse(forgotten) as KubernetesObject[];
        const found = auditIsolation(objects, render('ibmcloud-production'), { sameCluster });
        if (found.length === 0) missed.push(before);
      }
      expect(missed).toEqual([]);
    },
    60_000,
  );

  it.each(OWN_ENVIRONMENTS)('%s has what the API server takes', (name) => {
    const objects = render(name);
    expect([
      ...auditIngresses(objects),
      ...auditSizes(objects),
      ...auditApis(objects, { version: 'v1.36' }),
    ]).toEqual([]);
  });
});
