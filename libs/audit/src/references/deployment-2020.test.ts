import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Finding } from '../finding.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditObjects } from '../objects/audit-objects.ts';
import { auditReferences } from './audit-references.ts';

const renders = join(
  process.env['PROW_DEPLOY_REFERENCE_DATA'] ??
    resolve(import.meta.dirname, '../../../../../shared/data'),
  'prow-deploy-2020/expected-kustomize',
);

type Environment = 'ibmcloud-production' | 'ibmcloud-staging' | 'kubevirtci-testing';

/**
 * Every error in the three renders, read by hand: what it is and why it is true. The numbers are those of DEFECTS.md.
 * Each pattern is matched against `code message`; the counts are of production, staging and testing.
 */
const verdicts: readonly { pattern: RegExp; counts: [number, number, number]; verdict: string }[] =
  [
    {
      pattern: /^absent-namespace .*rehearse .* Namespace (staging-)?kubervirt-prow-jobs /,
      counts: [1, 1, 1],
      verdict:
        'true, row 4: misspelt in the base, so in all of them; testing calls it otherwise too',
    },
    {
      pattern: /^absent-namespace .* Namespace staging-kubevirt-prow-job .*pod_namespace/,
      counts: [0, 1, 0],
      verdict: 'true, row 5: the last letter is missing',
    },
    {
      pattern:
        /^absent-service-account Deployment .* ServiceAccount .*\/(caches|exporter|prow-rehearse) /,
      counts: [4, 4, 4],
      verdict:
        'true, row 6: docker-mirror and greenhouse use caches; no ServiceAccount of the three',
    },
    {
      pattern: /^absent-subject .* ServiceAccount default\/(exporter|prow-rehearse) /,
      counts: [2, 2, 2],
      verdict: 'true, row 6 again: subjects of bindings, and in a namespace that nothing is in',
    },
    {
      pattern: /^no-namespace RoleBinding (staging-)?exporter /,
      counts: [1, 1, 1],
      verdict: 'true, row 7',
    },
    {
      pattern:
        /^absent-subject RoleBinding (staging-)?kubevirt-prow-jobs\/.*tide .* default\/tide /,
      counts: [1, 1, 0],
      verdict: 'true, row 8: testing has a patch for it',
    },
    {
      pattern:
        /^absent-subject RoleBinding kubevirt-prow-jobs\/deck .* kubevirt-prow\/staging-deck /,
      counts: [1, 0, 0],
      verdict: 'true, row 8: production names the ServiceAccount of staging',
    },
    {
      pattern:
        /^absent-subject RoleBinding staging-.* ServiceAccount staging-kubevirt-prow\/[a-z]+ /,
      counts: [0, 11, 0],
      verdict: 'true, row 9: namePrefix does not reach subjects whose namespace is changed later',
    },
    {
      pattern: /^absent-host (Deployment|CronJob) .* Service staging-kubevirt-prow\/ghproxy /,
      counts: [0, 11, 0],
      verdict: 'true, row 10: the Service has the prefix, the arguments do not',
    },
    {
      pattern:
        /^absent-host Deployment .*staging-deck .* Service staging-kubevirt-prow\/(tide|hook) /,
      counts: [0, 2, 0],
      verdict: 'true, row 10',
    },
    {
      pattern: /^unownable-object Node /,
      counts: [3, 3, 2],
      verdict:
        'true, row 11: in staging under names that no kubelet has; elsewhere labels in disguise',
    },
    {
      pattern: /^absent-host .* Service staging-kubevirt-prow\/pushgateway /,
      counts: [0, 3, 0],
      verdict: 'true, like row 10: an argument of ghproxy, push_gateway of the config, nginx.conf',
    },
    {
      pattern:
        /^absent-host .*external_plugins.* Service|^absent-host .* \(plugins.yaml: external_plugins/,
      counts: [1, 4, 1],
      verdict:
        'true: hook calls http://rehearse, but the Service is prow-rehearse; in staging the other three lack the prefix',
    },
    {
      pattern: /^absent-role RoleBinding staging-exporter names Role exporter /,
      counts: [0, 1, 0],
      verdict:
        'true: the Role has the prefix; without a namespace kustomize does not connect the two',
    },
    {
      pattern:
        /^absent-config-map (Deployment|CronJob) kubevirt-prow\/.* ConfigMap kubevirt-prow\/job-config /,
      counts: [9, 0, 0],
      verdict:
        'true: the config-updater would make it, but hook mounts it too, so on a new cluster nothing starts',
    },
    {
      pattern:
        /^absent-secret ConfigMap .*config names Secret .*(gcs|kubevirtci-docker-credential) \(config.yaml/,
      counts: [2, 2, 2],
      verdict:
        'true: the pods of jobs read them in their own namespace, where the render has no Secret',
    },
    {
      pattern:
        /^absent-config-map ConfigMap .*config names ConfigMap .*docker-daemon-mirror-config /,
      counts: [1, 1, 1],
      verdict: 'true: a preset mounts it; whoever made it by hand can be declared as external',
    },
    {
      pattern:
        /^absent-claim PersistentVolumeClaim .*greenhouse names PersistentVolume greenhouse-cache /,
      counts: [1, 1, 0],
      verdict: 'true: only testing renders the volume, so the claim stays pending',
    },
    {
      pattern:
        /^absent-config-map .* ConfigMap ingress-nginx\/ingress-nginx-controller \(argument --configmap/,
      counts: [0, 0, 1],
      verdict:
        'true: the namespace of the kustomization moved it away from the controller that reads it',
    },
  ];

describe.skipIf(!existsSync(renders))(
  'the deployment of 2020 (skipped where the reference data prow-deploy-2020 is absent)',
  () => {
    const errors = (environment: Environment): Finding[] => {
      const objects = parseAllDocuments(
        readFileSync(join(renders, `${environment}.yaml`), 'utf8'),
      ).map((document) => document.toJS() as KubernetesObject);
      return [...auditReferences(objects), ...auditObjects(objects)].filter(
        ({ severity }) => severity === 'error',
      );
    };

    test.each([
      ['ibmcloud-production', 0],
      ['ibmcloud-staging', 1],
      ['kubevirtci-testing', 2],
    ] as const)('%s has the errors with a verdict, and no other', (environment, column) => {
      const texts = errors(environment).map(({ code, message }) => `${code} ${message}`);
      const counted = verdicts.map(({ pattern, verdict }) => ({
        verdict,
        count: texts.filter((text) => pattern.test(text)).length,
      }));
      expect(counted).toEqual(
        verdicts.map(({ verdict, counts }) => ({ verdict, count: counts[column] })),
      );
      expect(texts.filter((text) => !verdicts.some(({ pattern }) => pattern.test(text)))).toEqual(
        [],
      );
    });
  },
);
