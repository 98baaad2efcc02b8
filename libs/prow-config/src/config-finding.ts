/** What a finding of {@link checkConfig} can be about. Codes are stable. */
export const CONFIG_FINDING_CODES = [
  /** Prow's checkconfig refuses it. */
  'checkconfig',
  /** Prow would write the ConfigMaps besides apply. */
  'second-writer',
  /** Prow would write a ConfigMap under another name than the one that its components read. */
  'config-map-name',
] as const;
export type ConfigFindingCode = (typeof CONFIG_FINDING_CODES)[number];

/** Where something is written: in the base configuration, or in a yq script of the environment. */
export interface ConfigPlace {
  /** Relative to the workspace root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** One thing that is wrong with the configuration of Prow. */
export interface ConfigFinding extends Partial<ConfigPlace> {
  readonly code: ConfigFindingCode;
  /** Warnings are what Prow says besides, and passes. */
  readonly severity: 'error' | 'warning';
  /** As Prow says it, with paths below the workspace root. */
  readonly message: string;
  /** Other places that are as much to blame, such as the other of two jobs. Default: none. */
  readonly also?: readonly ConfigPlace[];
}

/** What is written to `dist/<name>/check-config.json`. */
export interface CheckConfigReport {
  /** Version of this shape; it moves when a field is removed or changes its meaning. */
  readonly version: 1;
  readonly environment: string;
  /** `failed` where a finding is an error. */
  readonly outcome: 'passed' | 'failed';
  readonly findings: readonly ConfigFinding[];
  /** How many files of job configuration were checked. */
  readonly jobFiles: number;
}
