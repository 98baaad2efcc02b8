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
