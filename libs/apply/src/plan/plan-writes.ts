import type { Cluster } from '@prow-deploy/cluster';
import { describeConflicts, type TakeOver } from '../conflict.ts';
import { type Digest, digestOf } from '../digest-key.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import type { Forecast } from '../forecast/forecast-codes.ts';
import { mark } from '../mark.ts';
import { identify, referenceKey } from '../object-reference.ts';
import type { ResolvedObject } from '../resolve.ts';
import type { PlannedWrite } from './plan.ts';
import type { PlannedObject } from './planned-object.ts';
import { type Preview, previewObject } from './preview-object.ts';
import type { Present, ReadPresentOptions } from './read-present.ts';

/** Options of {@link planWrites}. */
export interface PlanWritesOptions {
  readonly cluster: Pick<Cluster, 'request' | 'simulated'>;
  /** Objects of the manifest, with the entries of the inventory. */
  readonly resolved: readonly ResolvedObject[];
  /** Live metadata, by reference key. */
  readonly before: ReadonlyMap<string, ObjectMetadata>;
  /** Environments that objects of the manifest belong to, by reference key. */
  readonly owners: ReadonlyMap<string, string>;
  readonly digest: Digest;
  readonly takeOver?: TakeOver | undefined;
  /** Whether objects that are not there yet are previewed too. */
  readonly previewCreations: boolean;
  readonly signal?: AbortSignal | undefined;
}

const CONCURRENCY = 16;
const NOTHING_PRESENT: Present = { of: () => undefined, foresee: () => [] };

// Loaded only where something may change that is there: a first apply has no use for it.
const readPresent = async (options: ReadPresentOptions): Promise<Present> =>
  (await import('./read-present.ts')).readPresent(options);

/** Finds out what an apply is about to do with each object of the manifest. */
export async function planWrites(options: PlanWritesOptions): Promise<PlannedWrite[]> {
  const { cluster, resolved, before, owners, digest, previewCreations, signal } = options;
  const { takeOver = 'edits' } = options;
  const seen = resolved.map((write) => {
    const metadata = before.get(referenceKey(write.entry));
    const objectDigest = digestOf(digest, write.object);
    const { known } = write.entry;
    const proven =
      metadata !== undefined &&
      known?.digest === objectDigest &&
      known.mark === mark(write.entry, metadata);
    return { write, metadata, digest: objectDigest, proven };
  });
  const namespaceIsThere = (namespace: string | undefined) =>
    namespace === undefined ||
    before.has(`/Namespace//${namespace}`) ||
    !resolved.some(({ entry }) => entry.kind === 'Namespace' && entry.name === namespace);
  const isPreviewed = ({ write, metadata, proven }: (typeof seen)[number]) =>
    metadata === undefined
      ? previewCreations && !write.definedHere && namespaceIsThere(write.entry.namespace)
      : !proven;
  const previewed = seen.filter(isPreviewed);
  const candidates = previewed.flatMap(({ write, metadata }) =>
    metadata === undefined ? [] : [write.entry],
  );
  const objects = resolved.map(({ object }) => object);
  const present =
    previewed.length === 0
      ? NOTHING_PRESENT
      : await readPresent({ cluster, entries: candidates, objects, signal });
  const { default: pMap } = await import('p-map');
  const secretDigest = (value: string) => digest([value]);
  const previews = new Map(
    await pMap(
      previewed,
      async ({ write }) => {
        const key = referenceKey(write.entry);
        const preview = await previewObject(write, present.of(write.entry), {
          cluster,
          takeOver,
          secretDigest,
          signal,
        });
        return [key, preview] as const;
      },
      { concurrency: CONCURRENCY },
    ),
  );
  return seen.map(({ write, metadata, digest, proven }) => {
    const key = referenceKey(write.entry);
    const preview = previews.get(key);
    const owner = takeOver === 'everything' ? undefined : owners.get(key);
    const planned: PlannedObject =
      owner === undefined
        ? plannedOf(write, metadata, {
            preview,
            foreseen: preview === undefined ? [] : present.foresee(write.entry, write.object),
          })
        : {
            object: identify(write.object),
            action: 'conflict',
            reason: `it belongs to ${owner}`,
            remedy: 'Rename it, or apply with take-over "everything"',
          };
    const same = preview?.outcome === 'same' && preview.owned;
    const source = preview?.outcome === 'differs' ? preview.source : undefined;
    return { ...write, planned, digest, proven: proven || same, source };
  });
}

function plannedOf(
  { object }: ResolvedObject,
  metadata: ObjectMetadata | undefined,
  {
    preview,
    foreseen,
  }: { readonly preview: Preview | undefined; readonly foreseen: readonly Forecast[] },
): PlannedObject {
  const reference = identify(object);
  const present = metadata !== undefined;
  const ahead = foreseen.length === 0 ? {} : { forecast: foreseen };
  switch (preview?.outcome) {
    case undefined:
      return { object: reference, action: present ? 'unchanged' : 'create' };
    case 'same':
      return { object: reference, action: 'unchanged' };
    case 'absent':
      return { object: reference, action: 'create' };
    case 'differs': {
      const { changes, takenOver } = preview;
      const action = changes.every(isChecksum) ? 'restart' : 'change';
      const taken = takenOver.length === 0 ? {} : { takenOver };
      return { object: reference, action, changes, ...taken, ...ahead };
    }
    case 'unknown': {
      const reason = `it cannot be previewed: ${preview.message}`;
      return { object: reference, action: present ? 'change' : 'create', reason };
    }
    case 'conflict':
      return {
        object: reference,
        action: 'conflict',
        reason: describeConflicts(preview.conflicts),
        remedy:
          'Let them keep it by removing the field from the manifest, or apply with take-over "everything"',
      };
    case 'rejected': {
      const { message } = preview;
      const [first] = foreseen.filter(({ refused }) => refused);
      const remedy =
        first === undefined ? preview.remedy : `${first.remedy}. It loses ${first.loses}`;
      return { object: reference, action: 'reject', reason: message, remedy, ...ahead };
    }
  }
}

function isChecksum({ path }: { readonly path: string }): boolean {
  return path.endsWith('.template.metadata.annotations["prow-deploy.kubevirt.io/config-checksum"]');
}
