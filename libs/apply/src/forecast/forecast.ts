import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf, identify } from '../object-reference.ts';
import { appliedObject } from './applied-object.ts';
import type { Forecast } from './forecast-codes.ts';
import { RULES } from './rules/rules.ts';

/** What {@link forecast} looks at. */
export interface ForecastInput {
  /** The object as it is in the cluster, with its `managedFields`; `undefined` where it is not there. */
  readonly live: KubernetesObject | undefined;
  /** The object as it is about to be applied. */
  readonly next: KubernetesObject;
  /**
   * Other objects that count, of the cluster and of the manifest: the StorageClass and the volume of a claim, other
   * PriorityClasses, the Namespace, the objects of a CustomResourceDefinition. What is not among them is not known.
   */
  readonly related?: readonly KubernetesObject[];
}

/**
 * What will go wrong when an object is applied over what is there: changes that the API server refuses whatever is
 * tried, and some that it takes and others pay for. Empty where nothing is known to.
 *
 * The rules are those of Kubernetes 1.36. Objects that are wrong in themselves are not looked for.
 */
export function forecast(input: ForecastInput): Forecast[] {
  const { live, next, related = [] } = input;
  const kind = `${groupOf(next.apiVersion)}/${next.kind}`;
  const rules = RULES.filter(({ kinds }) => kinds.includes(kind) || kinds.includes('*'));
  const reference = identify(next);
  const known =
    live === undefined
      ? { reference, next, related }
      : { reference, next, related, live, after: appliedObject(live, next) };
  return rules.flatMap((rule) => {
    if (known.live !== undefined) return [...(rule.changed?.(known) ?? [])];
    return [...(rule.created?.(known) ?? [])];
  });
}
