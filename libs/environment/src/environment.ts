/** One environment of the deployment: what its `environment.yaml` says, and where it is. */
export interface Environment {
  /** Name of the folder below `environments/`, and of the Nx project. */
  readonly name: string;
  /** Absolute path of the folder that holds `environment.yaml`. */
  readonly directory: string;
  /** Absolute path of the workspace root. */
  readonly workspaceRoot: string;
  /** Which folder of `kustom-base/configs` is rendered, such as `20261123`. */
  readonly configVersion: string;
  readonly namespaces: Namespaces;
  readonly secrets: SecretsSource;
  readonly cluster: ClusterSpec;
  /** Which of its `configurations` it was read with. Default: none, it is as it is. */
  readonly configuration?: string;
  /** What else the environment can be run with, by the name that `--configuration` takes. Default: nothing. */
  readonly configurations?: Readonly<Record<string, EnvironmentConfiguration>>;
  /** `confirm`: applying asks for the environment's name. */
  readonly protection: Protection;
  /** Kubernetes version of the cluster, such as `v1.36`. Default: that of the toolchain. */
  readonly kubernetesVersion?: string;
  /** What the audit of this environment is told. Default: nothing. */
  readonly audit?: AuditSettings;
}

/** What an environment is with one of its configurations. */
export interface EnvironmentConfiguration {
  /** The cluster that it is applied to then. */
  readonly cluster: ClusterSpec;
}

/** The two namespaces that a Prow deployment lives in. */
export interface Namespaces {
  /** Where Prow's own components run. */
  readonly prow: string;
  /** Where the jobs' pods run. */
  readonly jobs: string;
}

/** What an audit cannot see, or is to let pass; each with a reason for whoever reads it next. */
export interface AuditSettings {
  /** Objects that exist outside of the render. */
  readonly external?: readonly ExternalObject[];
  /** Findings that are known and meant. */
  readonly accepted?: readonly Acceptance[];
}

/** An object that something else puts into the cluster. `*` in a name stands for any text. */
export interface ExternalObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly reason: string;
}

/** Lets findings of one code pass. */
export interface Acceptance {
  readonly code: string;
  /** The object, as the finding writes it: `Deployment kubevirt-prow/deck`. Default: every object. */
  readonly object?: string;
  readonly reason: string;
}

export const PROTECTIONS = ['none', 'confirm'] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** Where secret values come from. */
export type SecretsSource =
  /** Throw-away values, made once until `cluster-down`. */
  | { readonly source: 'generated' }
  /**
   * A folder outside the repository, shaped like `kustom-base/secrets-boilerplate`; `~` is the home folder. Default:
   * `~/.config/prow-deploy/secrets/<name>`. `$PROW_DEPLOY_SECRETS/<name>` comes before either.
   */
  | { readonly source: 'folder'; readonly path?: string }
  /** Files that SOPS encrypted, in the folder `sops` beside environment.yaml, shaped like the boilerplate. */
  | { readonly source: 'sops' };

/** Which cluster an environment is applied to. */
export type ClusterSpec = EmbeddedCluster | NodeCluster | KubevirtciCluster | KubeconfigCluster;

/** A real control plane on loopback whose nodes are simulated by KWOK. */
export interface EmbeddedCluster {
  readonly provider: 'embedded';
  readonly nodes: readonly SimulatedNode[];
}

/** A node that KWOK simulates: pods scheduled to it become ready without containers. */
export interface SimulatedNode {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The control plane of an embedded cluster, and one real node whose containers run, in namespaces of its own. */
export interface NodeCluster {
  readonly provider: 'node';
  /** Name of the node. Default: `node01`. */
  readonly name?: string;
  /** Labels of the node, beside those that every node has. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A cluster of kubevirtci, by the scripts in `$KUBEVIRTCI_DIR/cluster-up`: virtual machines, which need 16 GiB. */
export interface KubevirtciCluster {
  readonly provider: 'kubevirtci';
  /** Which of its clusters, such as `k8s-1.31` (KUBEVIRT_PROVIDER). Default: kubevirtci's. */
  readonly kubernetesProvider?: string;
  /** Memory of each node, such as `6144M` (KUBEVIRT_MEMORY_SIZE). Default: kubevirtci's. */
  readonly memory?: string;
  /** How many nodes (KUBEVIRT_NUM_NODES). Default: kubevirtci's. */
  readonly nodes?: number;
}

/** Any cluster that a kubeconfig reaches. */
export interface KubeconfigCluster {
  readonly provider: 'kubeconfig';
  /** Path of the kubeconfig, `~` is the home folder. Default: `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Name of the context; the current context is never used. */
  readonly context: string;
  /** Which cluster that has to be; without it nothing is written there. `pin-cluster` fills it in. */
  readonly identity?: ClusterIdentity;
}

/** What tells one cluster from all others. A cluster that was made anew has another `uid`. */
export interface ClusterIdentity {
  /** `metadata.uid` of the namespace kube-system. */
  readonly uid: string;
  /** URL of the API server, without a slash at its end. */
  readonly server: string;
  /**
   * SHA-256 of the DER of the CA certificates trusted for it, in lower-case hex; `system` where those of the system
   * are trusted, `insecure` where any is.
   */
  readonly caSha256: string;
}
