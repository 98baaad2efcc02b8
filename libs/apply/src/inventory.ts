import { groupBy } from './group-by.ts';
import { type ObjectReference, referenceKey } from './object-reference.ts';
import { order } from './order.ts';

/** One object that apply put into the cluster, or is about to. */
export interface InventoryEntry extends ObjectReference {
  /** Plural name in paths, such as `deployments`, so that reading it back needs no discovery. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** It was there before the first apply, made by someone else. Default: `false`. */
  readonly adopted?: boolean | undefined;
}

/** What one environment has in one cluster. */
export interface Inventory {
  /** Name of the environment. */
  readonly environment: string;
  /** Namespace of the ConfigMap that holds it. */
  readonly namespace: string;
  readonly entries: readonly InventoryEntry[];
}

// How the entries of one kind are written; names are `namespace/name` for a namespaced kind.
interface StoredKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly objects: readonly string[];
  readonly adopted?: readonly string[];
}

/** Entries as compact JSON, one line per kind, in the order of an apply: for a ConfigMap that is read by people too. */
export function formatEntries(entries: readonly InventoryEntry[]): string {
  const kinds = order(entries).flatMap((step) => [
    ...groupBy(step.objects, ({ apiVersion, kind }) => `${apiVersion}/${kind}`).values(),
  ]);
  const lines = kinds.flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { apiVersion, kind, resource, namespaced } = first;
    const adopted = members.filter((entry) => entry.adopted === true).map(storedName);
    const stored: StoredKind = {
      apiVersion,
      kind,
      resource,
      namespaced,
      objects: members.map(storedName).sort(),
      ...(adopted.length === 0 ? {} : { adopted: adopted.sort() }),
    };
    return [JSON.stringify(stored)];
  });
  return `[\n${lines.join(',\n')}\n]`;
}

/** Reads what {@link formatEntries} wrote. @throws {SyntaxError} where it is no JSON. */
export function parseEntries(text: string): InventoryEntry[] {
  return (JSON.parse(text) as StoredKind[]).flatMap((stored) => {
    const { apiVersion, kind, resource, namespaced, objects, adopted = [] } = stored;
    return objects.map((storedName) => {
      const slash = storedName.indexOf('/');
      return {
        apiVersion,
        kind,
        resource,
        namespaced,
        ...(namespaced ? { namespace: storedName.slice(0, slash) } : {}),
        name: storedName.slice(slash + 1),
        ...(adopted.includes(storedName) ? { adopted: true } : {}),
      };
    });
  });
}

/** Both together, each object once; where both have it, the version of the second and the adoption of the first hold. */
export function uniteEntries(
  before: readonly InventoryEntry[],
  now: readonly InventoryEntry[],
): InventoryEntry[] {
  const united = new Map(before.map((entry) => [referenceKey(entry), entry]));
  for (const entry of now) {
    const key = referenceKey(entry);
    const known = united.get(key);
    united.set(key, known === undefined ? entry : { ...entry, adopted: known.adopted });
  }
  return [...united.values()];
}

function storedName({ namespaced, namespace = '', name }: InventoryEntry): string {
  return namespaced ? `${namespace}/${name}` : name;
}
