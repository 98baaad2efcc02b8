import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Finding } from '../finding.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { expected2020, no2020Data } from '../testing/deployment-2020.ts';
import { auditIngresses } from './audit-ingresses.ts';
import { auditIsolation } from './audit-isolation.ts';

async function render(environment: string): Promise<KubernetesObject[]> {
  return parseAllDocuments(await expected2020(environment)).map(
    (document) => document.toJS() as KubernetesObject,
  );
}

// `Ingress a/b names host.example.org`
function brief({ code, object = '', message }: Finding): string {
  const name = /^Names (\S+),/.exec(message)?.[1];
  return name === undefined ? `${object} ${code}` : `${object} names ${name}`;
}

const HOST = (number: string) =>
  `kubevirt-stg-aa0fc76a511b88d3d7a618e3072828e1-${number}.us-south.containers.appdomain.cloud`;

/** Each finding was looked up in both renders; the verdict says why it is true. */
const STAGING: Readonly<Record<string, string>> = {
  'CustomResourceDefinition prowjobs.prow.k8s.io shared-object':
    'rendered by both; the prefix leaves its name alone, and whoever removes it deletes all ProwJobs',
  'ConfigMap staging-kubevirt-prow/staging-config names prow.apps.ovirt.org':
    'links of staging’s jobs and merge pool lead to what production calls its own Deck',
  'ConfigMap staging-kubevirt-prow/staging-config names gcsweb.apps.ovirt.org':
    'the same for its artifacts, of which production’s gcsweb has none',
  'PersistentVolumeClaim staging-kubevirt-prow/staging-greenhouse names greenhouse-cache':
    'production claims this volume, and one claim can have it',
  'Deployment staging-kubevirt-prow/staging-docker-mirror names /var/lib/docker-mirror/default':
    'both mirrors write to one folder of one node',
  'Deployment staging-kubevirt-prow/staging-greenhouse names /var/lib/greenhouse/default':
    'both caches write to one folder of one node',
  [`Ingress staging-kubevirt-prow/staging-deck names ${HOST('0002')}`]:
    'its certificate is for the host of production’s Deck, its rule for another',
  [`Ingress staging-kubevirt-prow/staging-gcsweb names ${HOST('0000')}`]:
    'production’s gcsweb and hook are at this host',
  [`Ingress staging-kubevirt-prow/staging-hook names ${HOST('0000')}`]:
    'production’s gcsweb and hook are at this host',
};

const TESTING: Readonly<Record<string, string>> = {
  'ConfigMap kubernetes-prow/config names prow.apps.ovirt.org':
    'links of throw-away jobs lead to production’s Deck',
  'ConfigMap kubernetes-prow/config names gcsweb.apps.ovirt.org': 'the same for artifacts',
  [`Ingress kubernetes-prow/hook names ${HOST('0000')}`]:
    'its certificate is for production’s host, its rule for hook.prowdeploy.ci',
};

describe.skipIf(no2020Data !== undefined)(
  `The deployment of 2020${no2020Data === undefined ? '' : ` (skipped: ${no2020Data})`}`,
  () => {
    it('has these things of production in staging, and no others', async () => {
      const found = auditIsolation(
        await render('ibmcloud-staging'),
        await render('ibmcloud-production'),
      );
      expect(found.map(brief).sort()).toEqual(Object.keys(STAGING).sort());
    });

    it('has these in testing, which is a cluster of its own', async () => {
      const found = auditIsolation(
        await render('kubevirtci-testing'),
        await render('ibmcloud-production'),
        { sameCluster: false },
      );
      expect(found.map(brief).sort()).toEqual(Object.keys(TESTING).sort());
    });

    it.each(['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'])(
      'claims no host and path twice within %s',
      async (environment) => {
        expect(auditIngresses(await render(environment))).toEqual([]);
      },
    );
  },
);
