/** One kind that an API server serves. */
export interface ApiResource {
  /** Such as `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural name in the path, such as `deployments`. */
  readonly name: string;
  readonly namespaced: boolean;
  /** Such as `get`, `list`, `patch`. */
  readonly verbs: readonly string[];
  /**
   * Path of one object, or of the list where `name` is left out. Without a namespace the path of a namespaced kind
   * is that of all namespaces. The namespace is ignored for a kind that has none.
   */
  path(namespace?: string, name?: string): string;
}

/** What an API server serves. */
export interface ApiResourceIndex {
  /** `undefined` where the API server does not serve it. Subresources are not listed. */
  find(apiVersion: string, kind: string): ApiResource | undefined;
  /** All of them, by apiVersion, then kind. */
  readonly all: readonly ApiResource[];
}
