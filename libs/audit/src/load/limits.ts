// What an audit takes. Each limit is far above what a deployment holds, and low enough that hostile input is refused
// within seconds and some hundred megabytes.

/** Bytes of one file. The largest manifests in use (bundles of CustomResourceDefinitions) have 2 MiB. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Bytes of all files of one tree. */
export const MAX_TREE_BYTES = 64 * 1024 * 1024;

/** Files of one tree. */
export const MAX_FILES = 5_000;

/**
 * Lines, commas and colons of one document's text, a bound of what parsing it takes: a parser needs a kilobyte for each.
 * A bundle of CustomResourceDefinitions has half as many.
 */
export const MAX_TOKENS = 250_000;

/** The same for all documents of a tree. */
export const MAX_TREE_TOKENS = 600_000;

/** Levels of nesting in a document. */
export const MAX_DEPTH = 200;

/** Values in a document after its aliases are expanded. */
export const MAX_NODES = 500_000;

/** Kustomizations within each other. */
export const MAX_LEVELS = 50;
