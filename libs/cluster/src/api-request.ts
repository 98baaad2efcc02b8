/** One request to an API server. */
export interface ApiRequest {
  /** Default: `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** Path below the server's URL, such as `/api/v1/namespaces`, without a query. */
  readonly path: string;
  /** Query parameters; `undefined` ones are left out. Default: none. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Sent as JSON, which is YAML too. Default: no body. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`, as to what answers behind the API server's proxy. Default: none. */
  readonly text?: string | undefined;
  /** More headers, such as `Impersonate-User`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Type of the body. Default: `application/json`; see {@link APPLY_PATCH} for server-side apply. */
  readonly contentType?: string | undefined;
  /** Default: `application/json`. */
  readonly accept?: string | undefined;
  /** Ends the request early, with its reason. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline for the whole answer, in milliseconds. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** A 2xx answer. */
export interface ApiResponse {
  readonly status: number;
  /** Parsed JSON; text where the answer has another type; `undefined` where it is empty. */
  readonly body: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Content type of a server-side apply. */
export const APPLY_PATCH = 'application/apply-patch+yaml';
/** Content type of a JSON merge patch (RFC 7386). */
export const MERGE_PATCH = 'application/merge-patch+json';
/** Content type of a strategic merge patch. */
export const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json';
/** Content type of a JSON patch (RFC 6902). */
export const JSON_PATCH = 'application/json-patch+json';
/** `Accept` for a list of which only the metadata is wanted. */
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
/** `Accept` for an object of which only the metadata is wanted. */
export const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
