const LISTED_AT_MOST = 8;

/** A titled list in few lines; empty for no items. */
export function listLines(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - LISTED_AT_MOST;
  return [
    `${title} (${items.length}):`,
    ...items.slice(0, LISTED_AT_MOST).map((item) => `  ${item}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** The first of several, in one line: `a, b, c, d, e, and 2 more`. */
export function few(texts: readonly string[], atMost = 5): string {
  const shown = texts.slice(0, atMost).join(', ');
  const more = texts.length - atMost;
  return more > 0 ? `${shown}, and ${more} more` : shown;
}
