/** The one field manager of everything that apply writes. */
export const FIELD_MANAGER = 'prow-deploy';

/**
 * Server-side apply refuses a field that no schema has by itself. To look for it once more, and for keys that come twice
 * (which JSON of ours cannot have), the API server would parse each body twice.
 */
export const FIELD_VALIDATION = 'Ignore';
