import { forecastRender } from '@prow-deploy/apply';
import { type KubernetesObject, type ValueChange, changesBetween } from '@prow-deploy/audit';
import { imagesOf } from './images-of.ts';

/** What becomes of the objects of an environment. */
export interface ObjectChanges {
  /** As `Deployment kubevirt-prow/deck`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedObject[];
  /** Fields that the API server lets nobody change. */
  readonly immutable: readonly ImmutableField[];
  readonly images: readonly ChangedImage[];
}

export interface ChangedObject {
  readonly object: string;
  readonly changes: readonly ValueChange[];
}

/** A change that cannot be made in place. */
export interface ImmutableField {
  readonly object: string;
  readonly path: string;
  /** What cannot be, what to do, and what is lost by that: each without a full stop. */
  readonly message: string;
  readonly remedy: string;
  readonly loses: string;
}

export interface ChangedImage {
  /** The workload, and its container: `Deployment kubevirt-prow/deck deck`. */
  readonly container: string;
  readonly before: string;
  readonly after: string;
}

/** Compares two builds of an environment. */
export function compareObjects(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): ObjectChanges {
  const old = new Map(before.map((object) => [keyOf(object), object]));
  const now = new Map(after.map((object) => [keyOf(object), object]));
  const common = before.flatMap((object) => {
    const other = now.get(keyOf(object));
    return other === undefined || other === object ? [] : [{ before: object, after: other }];
  });
  const changed = common.flatMap((pair): (ChangedObject & typeof pair)[] => {
    const changes = fieldChanges(pair.before, pair.after);
    return changes.length === 0 ? [] : [{ ...pair, object: nameOf(pair.after), changes }];
  });
  return {
    added: after.filter((object) => !old.has(keyOf(object))).map(nameOf),
    removed: before.filter((object) => !now.has(keyOf(object))).map(nameOf),
    changed: changed.map(({ object, changes }) => ({ object, changes })),
    immutable: changed.flatMap(({ object, ...pair }) =>
      forecastRender(pair.before, pair.after)
        .filter(({ refused }) => refused)
        .map(({ path, message, remedy, loses }) => ({
          object,
          path: `.${path}`,
          message,
          remedy,
          loses,
        })),
    ),
    images: changed.flatMap(({ object, ...pair }) =>
      changedImages(object, pair.before, pair.after),
    ),
  };
}

/** The object as messages name it. */
export function nameOf({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

// Another version of the same kind is the same object.
function keyOf(object: KubernetesObject): string {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  return `${group ?? ''} ${nameOf(object)}`;
}

function fieldChanges(before: KubernetesObject, after: KubernetesObject): ValueChange[] {
  const changes = changesBetween(before as never, after as never);
  if (before.kind !== 'Secret') return changes;
  // Placeholders stand there, and yet: of a Secret, only that a value differs is told.
  return changes.map((change) =>
    /^\.(?:data|stringData)\b/.test(change.path) ? { path: change.path } : change,
  );
}

function changedImages(
  object: string,
  before: KubernetesObject,
  after: KubernetesObject,
): ChangedImage[] {
  const now = imagesOf(after);
  return [...imagesOf(before)].flatMap(([container, image]) => {
    const other = now.get(container);
    if (other === undefined || other === image) return [];
    return [{ container: `${object} ${container}`, before: image, after: other }];
  });
}
