import { type Fields, fields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf } from '../object-reference.ts';

/** What becomes of a workload's pods when its pod template changes. */
export interface Rollout {
  readonly outcome:
    | 'replaced'
    /** They stay as they are. */
    | 'kept'
    /** None lasts: each run makes new ones. */
    | 'made anew';
  /** Why, where they are not replaced. */
  readonly because: string;
}

/** The pods that a workload makes, or is. */
export interface PodTemplate {
  /** A PodSpec. */
  readonly spec: Fields;
  readonly rollout: Rollout;
}

const REPLACED: Rollout = { outcome: 'replaced', because: '' };

const kept = (because: string): Rollout => ({ outcome: 'kept', because });

// Source: https://kubernetes.io/docs/concepts/workloads/controllers/, each kind's section on updates.
const ROLLOUTS: Readonly<Record<string, (spec: Fields) => Rollout>> = {
  'apps/Deployment': ({ paused }) =>
    paused === true ? kept('the Deployment is paused') : REPLACED,
  'apps/StatefulSet': (spec) => {
    const strategy = fields(spec['updateStrategy']);
    if (strategy['type'] === 'OnDelete') return kept(ON_DELETE);
    const { partition } = fields(strategy['rollingUpdate']);
    const { replicas = 1 } = spec;
    return typeof partition === 'number' && partition > 0 && partition >= Number(replicas)
      ? kept('its partition keeps all of its pods')
      : REPLACED;
  },
  'apps/DaemonSet': (spec) =>
    fields(spec['updateStrategy'])['type'] === 'OnDelete' ? kept(ON_DELETE) : REPLACED,
  'apps/ReplicaSet': () => kept('a ReplicaSet keeps the pods that it has'),
  '/ReplicationController': () => kept('a ReplicationController keeps the pods that it has'),
  '/Pod': () => kept('nothing replaces a Pod of its own'),
  'batch/Job': () => kept('a Job goes on with what it started with'),
  'batch/CronJob': () => ({ outcome: 'made anew', because: 'its next run reads it anew' }),
};

const ON_DELETE = 'its pods are replaced only when somebody deletes them';

/** The pod template of a workload; `undefined` where the object has none. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const rolloutOf = ROLLOUTS[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (rolloutOf === undefined) return undefined;
  const spec = fields(object['spec']);
  const rollout = rolloutOf(spec);
  if (object.kind === 'Pod') return { spec, rollout };
  const owner = object.kind === 'CronJob' ? fields(fields(spec['jobTemplate'])['spec']) : spec;
  return { spec: fields(fields(owner['template'])['spec']), rollout };
}

/**
 * A workload with an annotation on its pods, where `spec.template` is what makes them; the same object where it has
 * the annotation already.
 */
export function annotateTemplate(
  object: KubernetesObject,
  annotation: string,
  value: string,
): KubernetesObject {
  const spec = fields(object['spec']);
  const template = fields(spec['template']);
  const metadata = fields(template['metadata']);
  const annotations = fields(metadata['annotations']);
  if (annotations[annotation] === value) return object;
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...metadata, annotations: { ...annotations, [annotation]: value } },
      },
    },
  };
}
