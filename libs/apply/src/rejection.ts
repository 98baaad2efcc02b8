import { ApiError } from '@prow-deploy/cluster';
import { conflictsOf, describeConflicts } from './conflict.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { maskSecret } from './mask-secret.ts';
import { isUnansweredWebhook } from './unanswered-webhook.ts';

/** Why an object was not taken, and what to do. */
export interface Rejection {
  /** Without a full stop, and without the values of a Secret. */
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** The part of a request's target that a remedy names. */
export interface RejectionContext {
  /** Pods are simulated: no webhook answers. */
  readonly simulated: boolean;
}

const LONGEST = 400;

/**
 * Puts what the API server, or the connection, answered to an object into words. Loaded only where something is refused: it brings all
 * that tells secrets from other text.
 */
export function explainRejection(
  error: unknown,
  object: KubernetesObject,
  context: RejectionContext,
): Rejection {
  const shown = (text: string) => shorten(maskSecret(text, object));
  if (!(error instanceof ApiError)) {
    return { message: shown(error instanceof Error ? error.message : String(error)) };
  }
  const conflicts = conflictsOf(error);
  if (conflicts.length > 0) {
    return {
      message: describeConflicts(conflicts),
      remedy:
        'Let them keep it by removing the field from the manifest, or apply with take-over "everything"',
    };
  }
  const said = shown(serverSays(error, object));
  return { message: said, remedy: remedyFor(error, said, object, context) };
}

// What the server says, without the echo of values: they can be pages long.
function serverSays(error: ApiError, object: KubernetesObject): string {
  const text = (message: string) => {
    const plain = message.replace(
      /(?:Invalid value|Unsupported value): (?:"(?:[^"\\]|\\.)*"|\{.*\}|\[.*\]|[^\s:]+): /gs,
      (match) => (/^[^"]*"[^"]{0,60}": $/.test(match) && object.kind !== 'Secret' ? match : ''),
    );
    return plain.trim().replace(/\.$/, '');
  };
  const causes = error.causes.filter(({ field }) => field !== '');
  if (causes.length > 0) {
    return causes.map(({ field, message }) => `${field}: ${text(message)}`).join('; ');
  }
  return text(error.serverMessage === '' ? error.message : error.serverMessage);
}

function remedyFor(
  error: ApiError,
  said: string,
  object: KubernetesObject,
  context: RejectionContext,
): string | undefined {
  if (
    error.status === 422 &&
    /immutable|may not be changed|updates to .* are forbidden|cannot be changed|is forbidden: .* spec/i.test(
      said,
    )
  ) {
    return `It cannot be changed in place: delete this ${object.kind} by hand, then apply again`;
  }
  if (isUnansweredWebhook(error)) {
    return context.simulated
      ? 'Pods are simulated here, so no webhook answers: leave its configuration out of this environment'
      : 'The webhook does not answer: look at its pods, then apply again';
  }
  if (error.status === 404 && /namespaces? "/.test(said)) {
    return 'Add the Namespace to the manifest, or make it';
  }
  if (error.status === 403 && /being terminated/.test(said)) {
    return 'Wait until the namespace is gone, then apply again';
  }
  if (error.status === 403) return 'The credentials lack this right';
  return undefined;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
