import { ClusterError } from '../cluster-error.ts';

/** What a person needs to know of a connection that failed. */
export interface Whereabouts {
  readonly environment: string;
  readonly server: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** What to do now; one sentence or more. */
  readonly remedy: string;
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not resolved for now',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not from the CA in the kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not from the CA in the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not from the CA in the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not from the CA in the kubeconfig',
  CERT_SIGNATURE_FAILURE: 'its certificate is not from the CA in the kubeconfig',
};

/** The error for a request without an answer. */
export function unreachable(where: Whereabouts, why: string, cause: unknown): ClusterError {
  return new ClusterError(
    'unreachable',
    `Cannot reach the API server ${where.server} of ${where.environment}: ${why} ` +
      `(kubeconfig ${where.kubeconfig}, context ${where.context}). ${where.remedy}`,
    { cause },
  );
}

/** Why a connection failed, from the error that Node gives. */
export function connectionFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : CAUSES[code];
  if (cause !== undefined && code !== undefined) {
    return `${cause}, ${code}`;
  }
  return [message, code].filter(Boolean).join(', ');
}
