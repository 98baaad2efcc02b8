/** A kubeconfig as it is written, reduced to what a connection needs; paths are absolute. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigClusterEntry>;
  readonly users: ReadonlyMap<string, KubeconfigUserEntry>;
  readonly contexts: ReadonlyMap<string, KubeconfigContextEntry>;
}

export interface KubeconfigClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

export interface KubeconfigUserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: KubeconfigExec;
  readonly 'auth-provider'?: unknown;
}

/** A credential plug-in (client.authentication.k8s.io). */
export interface KubeconfigExec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

export interface KubeconfigContextEntry {
  readonly cluster?: string;
  readonly user?: string;
}

/** One context with what it names. */
export interface KubeconfigSelection {
  readonly context: string;
  /** URL without a slash at its end. */
  readonly server: string;
  readonly cluster: KubeconfigClusterEntry;
  readonly user: KubeconfigUserEntry;
}
