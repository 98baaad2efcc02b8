/** What can be foreseen. */
export const FORECAST_CODES = [
  /** Which pods a workload has. */
  'workload-selector',
  /** A field of a StatefulSet besides the few that may change. */
  'stateful-set-spec',
  /** What was set for the strategy before does not go with the next. */
  'strategy-left-over',
  /** An item of a list that another put there stays beside ours. */
  'item-left-over',
  /** A field of a Job that is read when it starts. */
  'job-spec',
  /** The pods of a Job that has begun. */
  'job-template',
  /** How many pods of a Job are to succeed. */
  'job-completions',
  /** Any field of a Pod but its images and a few more. */
  'pod-spec',
  /** What a claim asks for, besides its size. */
  'claim-spec',
  /** A volume cannot become smaller. */
  'claim-shrinks',
  /** A volume that cannot grow. */
  'claim-not-expandable',
  /** Where a volume is. */
  'volume-spec',
  /** What a StorageClass, or a VolumeAttributesClass, makes. */
  'storage-class',
  'csi-driver',
  /** The address of a Service within the cluster. */
  'service-address',
  /** What a load balancer was made with. */
  'service-load-balancer',
  'secret-type',
  /** A ConfigMap or Secret with `immutable: true`. */
  'immutable-data',
  'role-ref',
  'priority-class',
  /** A second PriorityClass for all pods without one. */
  'priority-class-default',
  'ingress-class-controller',
  'runtime-class-handler',
  'endpoint-slice-type',
  'quota-scopes',
  'controller-revision',
  /** Group, names and scope of custom resources. */
  'definition-names',
  /** A version in which objects may be stored is taken away. */
  'definition-stored-version',
  /** A version that is used is taken away, or no longer served. */
  'definition-used-version',
  /** Objects of several versions are no longer converted. */
  'definition-conversion',
  /** The namespace is on its way out. */
  'namespace-terminating',
  /** The object is on its way out. */
  'being-deleted',
] as const;
export type ForecastCode = (typeof FORECAST_CODES)[number];

/** What will go wrong when an object is applied. */
export interface Forecast {
  readonly code: ForecastCode;
  /** The field, such as `spec.selector.matchLabels.app`. */
  readonly path: string;
  /** What cannot be, without a full stop, without the name of the object, without values of a Secret. */
  readonly message: string;
  /** What to do, without a full stop. */
  readonly remedy: string;
  /** What is lost by the remedy, without a full stop: `nothing but the time until its pods are ready`. */
  readonly loses: string;
  /** Whether the API server refuses the object; else it takes it, and something else goes wrong. */
  readonly refused: boolean;
}
