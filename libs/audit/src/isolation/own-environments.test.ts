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

  it('staging names what production has once one line of it is forgotten', () => {
    const text = JSON.stringify(render('ibmcloud-staging'));
    const forgotten = text.replace(
      '--jobs-namespace=staging-kubevirt-prow-jobs',
      '--jobs-namespace=kubevirt-prow-jobs',
    );
    expect(forgotten).not.toBe(text);
    expect(
      auditIsolation(JSON.parse(forgotten) as KubernetesObject[], render('ibmcloud-production')),
    ).toMatchObject([
      {
        code: 'names-other-environment',
        object: 'Deployment staging-kubevirt-prow/staging-rehearse',
      },
    ]);
  });

  it.each(OWN_ENVIRONMENTS)('%s has what the API server takes', (name) => {
    const objects = render(name);
    expect([
      ...auditIngresses(objects),
      ...auditSizes(objects),
      ...auditApis(objects, { version: 'v1.36' }),
    ]).toEqual([]);
  });
});
