import type { ClusterIdentity, ClusterSpec } from '@prow-deploy/environment';
import type { ApiRequest, ApiResponse } from './api-request.ts';
import type { ApiResourceIndex } from './api-resource-index.ts';

/** Which cluster, and on whose behalf. */
export interface ClusterOptions {
  /** Name of the environment; for a local cluster also the name of its context. */
  readonly environment: string;
  /** Which of the environment's configurations is meant, for the commands that errors name. Default: none. */
  readonly configuration?: string | undefined;
  /** What `environment.yaml` says of its cluster. */
  readonly spec: ClusterSpec;
  /** Absolute path of the workspace root: local clusters live in its `.cluster` folder. */
  readonly workspaceRoot: string;
  /** Ends the work early; what was started is stopped. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** Receives one line per step, without a newline. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** A connection to the API server of one environment's cluster. Requests are not sent before the first call. */
export interface Cluster {
  readonly environment: string;
  readonly provider: ClusterSpec['provider'];
  /** URL of the API server, without a slash at its end. */
  readonly server: string;
  /** Path for `kubectl --kubeconfig` (several, joined by colons, where KUBECONFIG names several). */
  readonly kubeconfig: string;
  /** Name for `kubectl --context`. */
  readonly context: string;
  /** Pods become ready without any container being run. */
  readonly simulated: boolean;

  /**
   * Sends one request to the API server. Redirects are not followed and nothing is retried.
   *
   * @throws {ApiError} when the answer is not 2xx.
   * @throws {ClusterError} `unreachable` when there is no answer.
   */
  request(options: ApiRequest): Promise<ApiResponse>;

  /**
   * What the API server serves, read once and kept; `{ refresh: true }` reads it again, as is needed after a
   * CustomResourceDefinition was established.
   */
  resources(options?: { readonly refresh?: boolean }): Promise<ApiResourceIndex>;

  /** What tells this cluster from all others, read once and kept. */
  identity(): Promise<ClusterIdentity>;

  /**
   * The time by the API server's clock, as its last answer gave it (whole seconds) and this machine's monotonic clock
   * went on; by this machine's clock before the first answer.
   */
  now(): Date;

  /** Closes idle connections. The cluster itself is left alone. */
  close(): void;
}

/** A local cluster, of provider embedded or node, that is up. */
export interface ClusterState {
  readonly environment: string;
  /** `false`: it was running already. */
  readonly started: boolean;
  /** URL of the API server. */
  readonly server: string;
  /** Absolute path of the kubeconfig, for `kubectl --kubeconfig`. */
  readonly kubeconfig: string;
  /** Name of the context in it. */
  readonly context: string;
  /** Names of the environment's nodes, sorted. */
  readonly nodes: readonly string[];
  /** How long it took until all was ready, in milliseconds. */
  readonly durationMs: number;
}
