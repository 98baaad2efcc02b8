/** How many objects each of the actions befell, in the order of `actions`; those that befell none are left out. */
export function countActions<Action extends string>(
  actions: readonly Action[],
  objects: readonly { readonly action: Action }[],
): Partial<Record<Action, number>> {
  const counts = new Map<Action, number>();
  for (const { action } of objects) counts.set(action, (counts.get(action) ?? 0) + 1);
  return Object.fromEntries(
    actions.flatMap((action) => {
      const count = counts.get(action);
      return count === undefined ? [] : [[action, count]];
    }),
  ) as Partial<Record<Action, number>>;
}

/** Counts in words, such as `3 created, 1 configured, 106 unchanged`. */
export function describeCounts(counts: Readonly<Record<string, number | undefined>>): string {
  const parts = Object.entries(counts).map(([action, count]) => `${count ?? 0} ${action}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
