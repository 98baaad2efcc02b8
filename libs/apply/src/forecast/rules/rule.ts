import { fields } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { describe, type ObjectReference } from '../../object-reference.ts';
import { type Defaults, differences, withDefaults } from '../differences.ts';
import type { Forecast, ForecastCode } from '../forecast-codes.ts';

/** An object that is about to be made. */
export interface Creation {
  readonly reference: ObjectReference;
  readonly next: KubernetesObject;
  readonly related: readonly KubernetesObject[];
}

/** An object that is about to be changed. */
export interface Change extends Creation {
  readonly live: KubernetesObject;
  /** The live object with the next one put in. */
  readonly after: KubernetesObject;
}

/** What is known of changes of some kinds. */
export interface Rule {
  /** API group and kind, `apps/Deployment`; `*` for all. */
  readonly kinds: readonly string[];
  /** Where Kubernetes says so: files of kubernetes/kubernetes v1.36.3, or a page. */
  readonly source: string;
  readonly changed?: (change: Change) => Iterable<Forecast>;
  readonly created?: (creation: Creation) => Iterable<Forecast>;
}

/** Options of {@link immutable}. */
export interface ImmutableOptions {
  readonly kinds: readonly string[];
  readonly source: string;
  readonly code: ForecastCode;
  /** Paths such as `spec.selector`. */
  readonly fields: readonly string[] | ((change: Change) => readonly string[]);
  /** Of the object as a whole. */
  readonly defaults?: Defaults;
  /** When the fields are immutable. Default: always. */
  readonly when?: (change: Change) => boolean;
  /** Default: {@link deleteFirst}. */
  readonly remedy?: (change: Change) => string;
  readonly loses: string | ((change: Change) => string);
}

/** The rule that some fields of some kinds stay as they were made. */
export function immutable(options: ImmutableOptions): Rule {
  const { kinds, source, code, defaults = [], when = () => true, remedy = deleteFirst } = options;
  return {
    kinds,
    source,
    *changed(change) {
      if (!when(change)) return;
      const { loses, fields } = options;
      const paths = typeof fields === 'function' ? fields(change) : fields;
      const [before, after] = [change.live, change.after].map((each) =>
        withDefaults({ spec: {}, ...each }, defaults),
      );
      for (const path of paths) {
        const differing = differences(valueAt(before, path), valueAt(after, path));
        if (differing.length === 0) continue;
        const where = differing.length === 1 ? `${path}${differing[0] ?? ''}` : path;
        yield {
          code,
          path: where,
          message: `${where} cannot be changed`,
          remedy: remedy(change),
          loses: typeof loses === 'function' ? loses(change) : loses,
          refused: true,
        };
      }
    },
  };
}

/** The value at a path such as `spec.selector`. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => fields(value)[name], object);
}

/** `Delete Deployment prow/deck by hand (kubectl delete deployment deck --namespace prow), then apply again`. */
export function deleteFirst({ reference }: Creation): string {
  return `Delete ${describe(reference)} by hand (${deleteCommand(reference)}), then apply again`;
}

/** A sentence as the rest of another. */
export function lowerFirst(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
}

/** What deletes an object. */
export function deleteCommand({ kind, namespace, name }: ObjectReference): string {
  const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
  return `kubectl delete ${kind.toLowerCase()} ${name}${where}`;
}

/** The related objects of a kind, `storage.k8s.io/StorageClass`. */
export function relatedOf(
  { related }: Creation,
  group: string,
  kind: string,
): readonly KubernetesObject[] {
  return related.filter(
    (object) =>
      object.kind === kind &&
      (group === '' ? !object.apiVersion.includes('/') : object.apiVersion.startsWith(`${group}/`)),
  );
}
