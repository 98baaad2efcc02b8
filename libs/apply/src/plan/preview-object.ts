import { ApiError, APPLY_PATCH, type Cluster } from '@prow-deploy/cluster';
import { apiPath } from '../api-path.ts';
import { conflictsOf, type FieldConflict, mayTakeOver, type TakeOver } from '../conflict.ts';
import { diffFields, type DiffFieldsOptions, type FieldChange } from '../diff/diff-fields.ts';
import { FIELD_MANAGER, FIELD_VALIDATION } from '../field-manager.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { ownMark } from '../mark.ts';
import type { Rejection } from '../rejection.ts';
import type { ResolvedObject } from '../resolve.ts';
import { compareSources, type SourceChange } from '../restarts/changes.ts';
import { isSource } from '../restarts/source-content.ts';
import { send } from '../send.ts';
import { isUnansweredWebhook } from '../unanswered-webhook.ts';

/** Options of {@link previewObject}. */
export interface PreviewOptions extends DiffFieldsOptions {
  readonly cluster: Pick<Cluster, 'request' | 'simulated'>;
  /** Whose fields would be taken over. */
  readonly takeOver: TakeOver;
  readonly signal?: AbortSignal | undefined;
}

/** What an apply of one object would do, as the API server says. */
export type Preview =
  /** `owned`: managedFields would stay as they are too, so that it need not be sent. */
  | { readonly outcome: 'same'; readonly owned: boolean }
  | {
      readonly outcome: 'differs';
      readonly changes: readonly FieldChange[];
      readonly takenOver: readonly FieldConflict[];
      /** What containers read differently then: of a ConfigMap or Secret. */
      readonly source?: SourceChange | undefined;
    }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'conflict'; readonly conflicts: readonly FieldConflict[] }
  | ({ readonly outcome: 'rejected' } & Rejection)
  /** A webhook does not take dry runs. */
  | ({ readonly outcome: 'unknown' } & Rejection);

/**
 * Asks the API server what a server-side apply of an object would do (`dryRun=All`), and compares its answer with the
 * live object. Nothing is written.
 *
 * @throws {ApiError} when the credentials are not accepted. {ClusterError} when there is no answer.
 */
export async function previewObject(
  { entry, object }: ResolvedObject,
  live: KubernetesObject | undefined,
  options: PreviewOptions,
): Promise<Preview> {
  const { cluster, takeOver, signal } = options;
  const patch = (force: boolean) =>
    send({
      cluster,
      request: {
        method: 'PATCH',
        path: apiPath(entry, entry),
        query: {
          fieldManager: FIELD_MANAGER,
          force,
          dryRun: 'All',
          fieldValidation: FIELD_VALIDATION,
        },
        body: object,
        contentType: APPLY_PATCH,
        signal,
      },
      signal,
      giveUpOn: (error) => cluster.simulated && isUnansweredWebhook(error),
      // Two writers at once; a conflict of fields is no matter of time.
      retryOn: (error) => error.status === 409 && conflictsOf(error).length === 0,
    });

  let takenOver: readonly FieldConflict[] = [];
  let response;
  try {
    response = await patch(false).catch((error: unknown) => {
      takenOver = error instanceof ApiError ? conflictsOf(error) : [];
      if (takenOver.length > 0 && mayTakeOver(takenOver, takeOver)) return patch(true);
      throw error;
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401) throw error;
    if (takenOver.length > 0) return { outcome: 'conflict', conflicts: takenOver };
    const { explainRejection } = await import('../rejection.ts');
    const rejection = explainRejection(error, object, cluster);
    const unknown = /does not support dry run/.test(error.serverMessage);
    return { outcome: unknown ? 'unknown' : 'rejected', ...rejection };
  }
  const next = response.body as KubernetesObject;
  if (live === undefined || response.status === 201) return { outcome: 'absent' };
  // Lists leave the kind of their items out; an answer to a patch has it.
  const changes = diffFields(live, next, options);
  if (changes.length > 0) {
    const source = isSource(object) ? compareSources(live, next) : undefined;
    return { outcome: 'differs', changes, takenOver, source };
  }
  return { outcome: 'same', owned: ownMark(live.metadata) === ownMark(next.metadata) };
}
