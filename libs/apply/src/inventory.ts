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
  /** What was last known of it. Default: nothing, so that it is looked at anew. */
  readonly known?: KnownState | undefined;
}

/**
 * What proves that an object needs no write: as long as the live object has this mark, the cluster holds the object that
 * has this digest. True whenever it was written down, whatever became of the apply that wrote it.
 */
export interface KnownState {
  /** Of the live object, see {@link mark}. */
  readonly mark: string;
  /** Of the object as it was sent, see {@link digestOf}; empty where it is not known what it holds. */
  readonly digest: string;
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
  // Beside each of `objects`: mark and digest, joined by a dot; empty where nothing is known.
  readonly known?: readonly string[];
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
    const sorted = members
      .map((entry) => ({ name: storedName(entry), entry }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const adopted = sorted.flatMap(({ name, entry }) => (entry.adopted === true ? [name] : []));
    const known = sorted.map(({ entry: { known: state } }) =>
      state === undefined ? '' : `${state.mark}.${state.digest}`,
    );
    const stored: StoredKind = {
      apiVersion,
      kind,
      resource,
      namespaced,
      objects: sorted.map(({ name }) => name),
      ...(adopted.length === 0 ? {} : { adopted }),
      ...(known.some((state) => state !== '') ? { known } : {}),
    };
    return [JSON.stringify(stored)];
  });
  return `[\n${lines.join(',\n')}\n]`;
}

/** Reads what {@link formatEntries} wrote. @throws {SyntaxError} where it is no JSON. */
export function parseEntries(text: string): InventoryEntry[] {
  return (JSON.parse(text) as StoredKind[]).flatMap((stored) => {
    const { apiVersion, kind, resource, namespaced, objects, known = [] } = stored;
    const adopted = new Set(stored.adopted);
    return objects.map((storedName, index) => {
      const [mark = '', digest = ''] = (known[index] ?? '').split('.');
      const slash = storedName.indexOf('/');
      return {
        apiVersion,
        kind,
        resource,
        namespaced,
        ...(namespaced ? { namespace: storedName.slice(0, slash) } : {}),
        name: storedName.slice(slash + 1),
        ...(adopted.has(storedName) ? { adopted: true } : {}),
        ...(mark === '' ? {} : { known: { mark, digest } }),
      };
    });
  });
}

/** Both together, each object once; where both have it, the version of the second and what is known from the first hold. */
export function uniteEntries(
  before: readonly InventoryEntry[],
  now: readonly InventoryEntry[],
): InventoryEntry[] {
  const united = new Map(before.map((entry) => [referenceKey(entry), entry]));
  for (const entry of now) {
    const key = referenceKey(entry);
    const known = united.get(key);
    united.set(
      key,
      known === undefined ? entry : { ...entry, adopted: known.adopted, known: known.known },
    );
  }
  return [...united.values()];
}

function storedName({ namespaced, namespace = '', name }: InventoryEntry): string {
  return namespaced ? `${namespace}/${name}` : name;
}
