import type { KubernetesObject } from '../kubernetes-object.ts';
import { type ContainerArgument, containerArguments } from './container-arguments.ts';
import { type Fields, fields, items, list, text } from './fields.ts';

/** A container of a pod template, with `$(NAME)` in its arguments and environment filled in where that is known. */
export interface Container {
  readonly name: string;
  readonly fields: Fields;
  readonly arguments: readonly ContainerArgument[];
  readonly env: ReadonlyMap<string, string>;
}

/** A pod that an object makes or is. */
export interface PodTemplate {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
  readonly labels: Fields;
  readonly spec: Fields;
  /** Containers of every sort: init, main and ephemeral ones. */
  readonly containers: readonly Container[];
}

/**
 * The pod templates of an object, by their form: a Pod, `spec.template` (workloads, Jobs and custom resources that are
 * like them), `spec.jobTemplate.spec.template` (CronJob), `template` (PodTemplate).
 */
export function podTemplates(object: KubernetesObject): PodTemplate[] {
  const spec = fields(object['spec']);
  const jobSpec = fields(fields(spec['jobTemplate'])['spec']);
  const candidates =
    object.kind === 'Pod'
      ? [object]
      : [spec['template'], jobSpec['template'], object['template']].map(fields);
  return candidates.flatMap((template) => {
    const podSpec = fields(template['spec']);
    if (!Array.isArray(podSpec['containers'])) return [];
    const labels = fields(fields(template['metadata'])['labels']);
    return [readPod(object, object.metadata.namespace, podSpec, labels)];
  });
}

/** Reads the spec of a pod that an object makes in a namespace. */
export function readPod(
  object: KubernetesObject,
  namespace: string | undefined,
  spec: Fields,
  labels: Fields = {},
): PodTemplate {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    items(spec[field]).map((container) => readContainer(container, namespace)),
  );
  return { object, namespace, labels, spec, containers };
}

function readContainer(container: Fields, namespace: string | undefined): Container {
  const env = new Map<string, string>();
  for (const variable of items(container['env'])) {
    const name = text(variable['name']);
    const value =
      text(variable['value']) ??
      (fields(fields(variable['valueFrom'])['fieldRef'])['fieldPath'] === 'metadata.namespace'
        ? namespace
        : undefined);
    if (name !== undefined && value !== undefined) env.set(name, expand(value, env));
  }
  const words = [...list(container['command']), ...list(container['args'])].flatMap((word) =>
    typeof word === 'string' ? [expand(word, env)] : [],
  );
  return {
    name: text(container['name']) ?? '',
    fields: container,
    arguments: containerArguments(words),
    env,
  };
}

// $(NAME) as the kubelet fills it in: what is not known stays, `$$(NAME)` is left alone.
function expand(value: string, env: ReadonlyMap<string, string>): string {
  return value.includes('$(')
    ? value.replace(/(?<!\$)\$\(([\w.-]+)\)/g, (whole, name: string) => env.get(name) ?? whole)
    : value;
}
