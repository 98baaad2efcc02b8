/** Why there is no cluster to work with. */
export const CLUSTER_ERROR_CODES = [
  /** The embedded cluster is down: `clusterUp` starts it. */
  'not-running',
  /** There was no answer: refused, timed out, TLS, DNS. */
  'unreachable',
  /** The kubeconfig file does not exist. */
  'kubeconfig-absent',
  /** The kubeconfig is not one: it cannot be read or parsed, or names what it does not have. */
  'kubeconfig-invalid',
  /** The kubeconfig has no such context. */
  'context-absent',
  /** The credentials could not be obtained: a file is absent, a plug-in failed. */
  'credentials',
  /** The cluster cannot be told from others: the namespace kube-system may not be read, or is not there. */
  'identity-unreadable',
  /** Nothing says which cluster it has to be, so nothing may be written. */
  'identity-absent',
  /** It is not the cluster, or not reached the way, that environment.yaml pins. */
  'identity-differs',
  /** This environment's cluster is not ours to start or stop. */
  'not-ours',
  /** The embedded cluster did not start. */
  'start-failed',
  /** The embedded cluster could not be stopped or removed. */
  'stop-failed',
  /** Another process is starting or stopping this cluster, and did not finish in time. */
  'locked',
] as const;
export type ClusterErrorCode = (typeof CLUSTER_ERROR_CODES)[number];

/** There is no cluster to work with; the message says why and what to do. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
