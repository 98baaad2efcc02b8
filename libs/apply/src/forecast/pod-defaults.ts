import { fields, text } from '../fields.ts';
import type { Defaults } from './differences.ts';

const CONTAINERS = ['containers[]', 'initContainers[]'];
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HANDLERS = [...PROBES, 'lifecycle.postStart', 'lifecycle.preStop'];

/**
 * The defaults of a PodSpec.
 *
 * Source: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go
 */
export const POD_DEFAULTS: Defaults = [
  ['dnsPolicy', 'ClusterFirst'],
  ['enableServiceLinks', true],
  ['restartPolicy', 'Always'],
  ['schedulerName', 'default-scheduler'],
  ['terminationGracePeriodSeconds', 30],
  ...CONTAINERS.flatMap((container): Defaults => [
    [`${container}.imagePullPolicy`, pullPolicy],
    [`${container}.ports[].protocol`, 'TCP'],
    [`${container}.terminationMessagePath`, '/dev/termination-log'],
    [`${container}.terminationMessagePolicy`, 'File'],
    [`${container}.env[].valueFrom.fieldRef.apiVersion`, 'v1'],
    ...PROBES.flatMap((probe): Defaults => [
      [`${container}.${probe}.failureThreshold`, 3],
      [`${container}.${probe}.periodSeconds`, 10],
      [`${container}.${probe}.successThreshold`, 1],
      [`${container}.${probe}.timeoutSeconds`, 1],
    ]),
    ...HANDLERS.flatMap((handler): Defaults => [
      [`${container}.${handler}.httpGet.path`, '/'],
      [`${container}.${handler}.httpGet.scheme`, 'HTTP'],
    ]),
  ]),
  ['volumes[].configMap.defaultMode', 0o644],
  ['volumes[].downwardAPI.defaultMode', 0o644],
  ['volumes[].downwardAPI.items[].fieldRef.apiVersion', 'v1'],
  ['volumes[].ephemeral.volumeClaimTemplate.spec.volumeMode', 'Filesystem'],
  ['volumes[].hostPath.type', ''],
  ['volumes[].projected.defaultMode', 0o644],
  ['volumes[].projected.sources[].downwardAPI.items[].fieldRef.apiVersion', 'v1'],
  ['volumes[].projected.sources[].serviceAccountToken.expirationSeconds', 3600],
  ['volumes[].secret.defaultMode', 0o644],
];

// `latest` is what an image without tag and digest is taken for.
function pullPolicy(container: unknown): string {
  const [image = '', digest] = (text(fields(container)['image']) ?? '').split('@');
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === 'latest' || (tag === undefined && digest === undefined)
    ? 'Always'
    : 'IfNotPresent';
}
