import type { KubernetesObject } from '../kubernetes-object.ts';
import { type Fields, fields, items, text } from '../objects/fields.ts';
import type { Reference } from './reference.ts';

/** What objects other than pods and bindings name by a field: Services, volumes, Secrets. */
export function* objectReferences(object: KubernetesObject): Generator<Reference> {
  const spec = fields(object['spec']);
  switch (object.kind) {
    case 'Ingress':
      yield* ingressReferences(object, spec);
      break;
    case 'ServiceAccount':
      for (const field of ['secrets', 'imagePullSecrets']) {
        for (const { name } of items(object[field])) yield* secret(object, name, field);
      }
      break;
    case 'PersistentVolumeClaim':
      yield* volume(object, spec);
      break;
    case 'StatefulSet': {
      const name = text(spec['serviceName']);
      if (name !== undefined) yield service(object, { name }, 'serviceName');
      for (const claim of items(spec['volumeClaimTemplates'])) {
        yield* volume(object, fields(claim['spec']));
      }
      break;
    }
    case 'ValidatingWebhookConfiguration':
    case 'MutatingWebhookConfiguration':
      for (const webhook of items(object['webhooks'])) {
        const by = `webhook ${text(webhook['name']) ?? ''}`;
        yield* clientService(object, fields(webhook['clientConfig'])['service'], by);
      }
      break;
    case 'CustomResourceDefinition': {
      const conversion = fields(spec['conversion']);
      const { clientConfig } = { ...conversion, ...fields(conversion['webhook']) };
      yield* clientService(object, fields(clientConfig)['service'], 'conversion webhook');
      break;
    }
    case 'APIService':
      yield* clientService(object, spec['service'], 'service');
      break;
  }
}

// networking.k8s.io/v1 has `service.name` and `service.port`, older versions `serviceName` and `servicePort`.
function* ingressReferences(object: KubernetesObject, spec: Fields): Generator<Reference> {
  const backends: [Fields, string][] = [
    [fields(spec['defaultBackend'] ?? spec['backend']), 'default backend'],
  ];
  for (const rule of items(spec['rules'])) {
    for (const path of items(fields(rule['http'])['paths'])) {
      const by = `backend of ${text(rule['host']) ?? ''}${text(path['path']) ?? '/'}`;
      backends.push([fields(path['backend']), by]);
    }
  }
  for (const [backend, by] of backends) {
    const { name = backend['serviceName'], port } = fields(backend['service']);
    const { name: portName, number } = fields(port);
    if (text(name) === undefined) continue;
    yield service(object, { name, port: backend['servicePort'] ?? portName ?? number }, by);
  }
  for (const tls of items(spec['tls'])) yield* secret(object, tls['secretName'], 'tls');
}

// A claim for a volume that the cluster made (`pvc-<uid>`) takes an old volume back: it exists outside of every render.
function* volume(object: KubernetesObject, spec: Fields): Generator<Reference> {
  const name = text(spec['volumeName']);
  if (name === undefined || /^pvc-[0-9a-f]{8}-/.test(name)) return;
  const to = { kind: 'PersistentVolume', name };
  yield { from: object, by: 'volumeName', code: 'absent-claim', to };
}

function* secret(object: KubernetesObject, name: unknown, by: string): Generator<Reference> {
  const { namespace } = object.metadata;
  const to = { kind: 'Secret', name: text(name) ?? '', ...(namespace ? { namespace } : {}) };
  if (to.name !== '') yield { from: object, by, code: 'absent-secret', to };
}

function* clientService(object: KubernetesObject, value: unknown, by: string) {
  const named = fields(value);
  if (text(named['name']) !== undefined) yield service(object, { port: 443, ...named }, by);
}

function service(object: KubernetesObject, named: Fields, by: string): Reference {
  const namespace = text(named['namespace']) ?? object.metadata.namespace;
  const { port } = named;
  return {
    from: object,
    by,
    code: 'absent-service',
    to: {
      kind: 'Service',
      name: text(named['name']) ?? '',
      ...(namespace === undefined ? {} : { namespace }),
    },
    ...(typeof port === 'number' || typeof port === 'string' ? { port } : {}),
  };
}
