/** How long a verification counts, in milliseconds: what runs can fail without any object being changed. */
export const VERIFIED_FOR_MS = 10 * 60_000;
