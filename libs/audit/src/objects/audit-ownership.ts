import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from './api-group.ts';
import { fields, list, text } from './fields.ts';

/** Objects that the cluster makes by itself: a render that brings them takes them over, or makes some of nothing. */
export function* auditOwnership(objects: readonly KubernetesObject[]): Generator<Finding> {
  const selecting = new Set(
    objects.flatMap(({ apiVersion, kind, metadata, ...object }) =>
      apiVersion === 'v1' &&
      kind === 'Service' &&
      Object.keys(fields(fields(object['spec'])['selector'])).length > 0
        ? [`${metadata.namespace ?? ''}/${metadata.name}`]
        : [],
    ),
  );
  for (const each of objects) {
    const reason = ownerOf(each, selecting);
    if (reason === undefined) continue;
    const object = describeObject(each);
    yield finding('unownable-object', `${object} ${reason}`, { object });
  }
}

// Who owns an object that a render cannot own, as the rest of a sentence, and what to do.
function ownerOf(object: KubernetesObject, selecting: ReadonlySet<string>): string | undefined {
  const { apiVersion, kind, metadata } = object;
  const kinds = MADE_BY_THE_CLUSTER[apiGroup(apiVersion)];
  const maker = kinds?.[kind];
  if (maker !== undefined) return `${maker} Remove it from the render.`;
  const { namespace = '', name } = metadata;
  const labels = fields(metadata.labels);
  const service =
    kind === 'EndpointSlice'
      ? text(labels['kubernetes.io/service-name'])
      : kind === 'Endpoints' && name;
  if (service && selecting.has(`${namespace}/${service}`)) {
    return `is kept by Kubernetes, because Service ${service} has a selector. Remove it, or the selector.`;
  }
  const owners = list((metadata as Record<string, unknown>)['ownerReferences']);
  if (owners.length > 0) {
    return `has ownerReferences, whose uid no render can know: it would be deleted as an orphan. Render its owner only, or remove the ownerReferences.`;
  }
  return undefined;
}

const ASKED_ONLY = 'is a question to the API server, which keeps no such object.';

// By API group and kind: why a render cannot own it, as the rest of a sentence.
const MADE_BY_THE_CLUSTER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    Node: 'is registered by a kubelet: applied under a name without one, it is a node that never gets ready. Label nodes where the cluster is made.',
    Event: 'is a record of what happened.',
    Binding: ASKED_ONLY,
    ComponentStatus: 'is the state of a component of the control plane.',
  },
  apps: { ControllerRevision: 'is made by the controller of its workload.' },
  'authentication.k8s.io': {
    SelfSubjectReview: ASKED_ONLY,
    TokenRequest: ASKED_ONLY,
    TokenReview: ASKED_ONLY,
  },
  'authorization.k8s.io': {
    LocalSubjectAccessReview: ASKED_ONLY,
    SelfSubjectAccessReview: ASKED_ONLY,
    SelfSubjectRulesReview: ASKED_ONLY,
    SubjectAccessReview: ASKED_ONLY,
  },
  'events.k8s.io': { Event: 'is a record of what happened.' },
  'resource.k8s.io': { ResourceSlice: 'is published by a driver on a node.' },
  'storage.k8s.io': {
    CSINode: 'is registered by a kubelet.',
    CSIStorageCapacity: 'is published by a storage driver.',
    VolumeAttachment: 'is made by the attach controller.',
  },
};
