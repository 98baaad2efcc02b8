import type { KubernetesObject } from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import type { Check, CheckName } from '../verify-report.ts';

/** What a smoke check works with. */
export interface SmokeContext {
  readonly cluster: Cluster;
  /** The manifest, with the bytes of its secrets: never to be shown. */
  readonly objects: readonly KubernetesObject[];
  /** Where Prow's components run. */
  readonly prow: string;
  /** Where the jobs' pods run. */
  readonly jobs: string;
  /** Takes the secrets out of a text that comes from the cluster. */
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

/**
 * Whether something that was deployed does its work, asked through the cluster: by the API server's proxy, so that no
 * address is known and no port is opened.
 */
export interface SmokeCheck {
  readonly name: CheckName;
  /** What is checked, for whoever reads that it was not: `deck answers over HTTP`. */
  readonly what: string;
  /** How long it may take until all is as it should be, in milliseconds; it is tried again until then. */
  readonly deadlineMs: number;
  /** The components that it needs, by their label `app`. Default: none in particular. */
  readonly components?: readonly string[];
  /** Whether it can be made where no container runs. Default: `false`. */
  readonly withoutContainers?: boolean;
  /**
   * Looks once. One {@link Check} for each object; none where the manifest has nothing of the kind. Throws where it
   * cannot be asked, which counts as a failure of `subject`.
   */
  run(context: SmokeContext): Promise<readonly Check[]>;
}
