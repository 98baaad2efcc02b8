import { ApiError, APPLY_PATCH, type Cluster, METADATA } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { conflictsOf, type FieldConflict, mayTakeOver, type TakeOver } from './conflict.ts';
import { FIELD_MANAGER, FIELD_VALIDATION } from './field-manager.ts';
import type { ObjectMetadata } from './kubernetes-object.ts';
import { mark } from './mark.ts';
import type { ResolvedObject } from './resolve.ts';
import { send } from './send.ts';
import { serverWarnings } from './server-warnings.ts';
import { isUnansweredWebhook } from './unanswered-webhook.ts';

/** Options of {@link applyObject}. */
export interface ApplyObjectOptions {
  readonly cluster: Pick<Cluster, 'request' | 'simulated'>;
  readonly resolved: ResolvedObject;
  /** Its metadata before; `undefined` where it was not there. */
  readonly before: ObjectMetadata | undefined;
  readonly takeOver: TakeOver;
  readonly signal?: AbortSignal | undefined;
}

/** What a server-side apply did to one object. */
export interface AppliedObject {
  readonly action: 'created' | 'configured' | 'unchanged';
  readonly metadata: ObjectMetadata;
  /** Fields that were another's. */
  readonly takenOver: readonly FieldConflict[];
  /** What the API server warns of; each a sentence or less. */
  readonly warnings: readonly string[];
}

/**
 * Sends one object as a server-side apply.
 *
 * @throws {ApiError} {ClusterError} when it is not taken.
 */
export async function applyObject(options: ApplyObjectOptions): Promise<AppliedObject> {
  const { cluster, resolved, before, takeOver, signal } = options;
  const { entry, object, definedHere } = resolved;

  const patch = (force: boolean) =>
    send({
      cluster,
      request: {
        method: 'PATCH',
        path: apiPath(entry, entry),
        query: { fieldManager: FIELD_MANAGER, force, fieldValidation: FIELD_VALIDATION },
        body: object,
        contentType: APPLY_PATCH,
        accept: METADATA,
      },
      signal,
      giveUpOn: (error) => cluster.simulated && isUnansweredWebhook(error),
      retryOn: (error) =>
        (definedHere && isNotServed(error)) ||
        // Two writers at once; a conflict of fields is no matter of time.
        (error.status === 409 && conflictsOf(error).length === 0),
    });

  let takenOver: readonly FieldConflict[] = [];
  let response;
  try {
    response = await patch(false);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    takenOver = conflictsOf(error);
    if (takenOver.length === 0 || !mayTakeOver(takenOver, takeOver)) throw error;
    response = await patch(true);
  }
  const { metadata } = response.body as { metadata: ObjectMetadata };
  const same = before !== undefined && mark(entry, before) === mark(entry, metadata);
  const created = response.status === 201;
  const action = created ? 'created' : same ? 'unchanged' : 'configured';
  return { action, metadata, takenOver, warnings: serverWarnings(response) };
}

// The path itself is unknown, as opposed to a namespace that does not exist.
function isNotServed(error: ApiError): boolean {
  return error.status === 404 && !/namespaces? "/.test(error.serverMessage);
}
