/** What every placeholder begins with; no value may hold it. */
export const PLACEHOLDER_START = '<<SECRET ';

/** The value of a Secret, as a placeholder names it. */
export interface PlaceholderName {
  /** Name of the environment. */
  readonly environment: string;
  /**
   * Where the value comes from: a path below the environment's `secrets/`, such as `hmac-token/hmac`. For what a
   * secretGenerator takes from git itself, a path from the workspace root with `./` before it, followed by `:` and the
   * generator's name for a literal.
   */
  readonly source: string;
  /** The key, where the source has several: an env file, or the literals of a generator. */
  readonly key?: string | undefined;
}

const PLACEHOLDER = /^<<SECRET ([^ #>]+) ([^#>]+)(?:#([^>]+))?>>$/;

/** What a render holds in place of a secret value, the same in every build: `<<SECRET environment source#key>>`. */
export function placeholder({ environment, source, key }: PlaceholderName): string {
  return `${PLACEHOLDER_START}${environment} ${source}${key === undefined ? '' : `#${key}`}>>`;
}

/** What a placeholder names; undefined where the text is no placeholder. */
export function parsePlaceholder(text: string): PlaceholderName | undefined {
  const [, environment, source, key] = PLACEHOLDER.exec(text) ?? [];
  if (environment === undefined || source === undefined) return undefined;
  return { environment, source, ...(key === undefined ? {} : { key }) };
}

/** Whether the value that a placeholder stands for is in git itself. */
export function readsFromGit({ source }: PlaceholderName): boolean {
  return source.startsWith('./');
}

// The beginning in base64, as it stands in a text that was encoded as a whole: at each of the three offsets, the
// characters that do not depend on what is around it.
const ENCODED_STARTS = [0, 1, 2].map((offset) => {
  const encoded = Buffer.from(' '.repeat(offset) + PLACEHOLDER_START).toString('base64');
  const bits = (offset + PLACEHOLDER_START.length) * 8;
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
});

/** Whether a text holds a placeholder, plainly or in base64. */
export function holdsPlaceholder(text: string): boolean {
  return text.includes(PLACEHOLDER_START) || ENCODED_STARTS.some((start) => text.includes(start));
}
