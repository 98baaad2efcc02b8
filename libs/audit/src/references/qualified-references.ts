import type { FindingCode } from '../finding.ts';
import type { Reference } from './reference.ts';
import type { RenderedObjects } from './rendered-objects.ts';
import type { Setting } from './settings.ts';

/**
 * Objects that a setting names as `namespace/name`, where its name says of which kind they are: `--configmap=ingress/nginx`.
 * The namespace must be one that exists; else the slash may as well be that of a path or a repository.
 */
export function* qualifiedReferences(
  { from, by, name: setting, value }: Setting,
  objects: RenderedObjects,
): Generator<Reference> {
  const known = KINDS.find(({ ending }) => ending.test(setting));
  const [, namespace = '', name = ''] = QUALIFIED.exec(value) ?? [];
  if (known === undefined || !objects.hasNamespace(namespace)) return;
  yield { from, by, code: known.code, to: { kind: known.kind, name, namespace } };
}

const QUALIFIED = /^([a-z0-9][-a-z0-9]*)\/([a-z0-9][-.a-z0-9]*)$/;
const KINDS: readonly { ending: RegExp; kind: string; code: FindingCode }[] = [
  { ending: /(^|-)config-?map$/, kind: 'ConfigMap', code: 'absent-config-map' },
  {
    ending: /(^|-)(secret|ssl-certificate|tls-certificate)$/,
    kind: 'Secret',
    code: 'absent-secret',
  },
  { ending: /(^|-)service-?account$/, kind: 'ServiceAccount', code: 'absent-service-account' },
  { ending: /(^|-)service$/, kind: 'Service', code: 'absent-service' },
];
