import { SELECTOR_FIELDS, type Selector, type SelectorField, selectorMatcher } from './selector.ts';
import { type SimObject, describeId, idOf, originalId } from './sim-object.ts';

/** The fewest letters to add, remove, change or swap with a neighbour that make one text the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_zero, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** Whether one text is likely a misspelling of the other: one letter in four, at most two, is another. */
export function isMisspelling(text: string, of: string): boolean {
  if (text === of || Math.abs(text.length - of.length) > 2) return false;
  const allowed = Math.min(2, Math.floor(Math.max(text.length, of.length) / 4));
  return allowed > 0 && editDistance(text.slice(0, 260), of.slice(0, 260)) <= allowed;
}

/**
 * The sentence that names the object which a selector that selects nothing was likely meant for, such as
 * `Did you mean Deployment default/deck?`; empty where no object is near.
 */
export function didYouMean(selector: Selector, objects: readonly SimObject[]): string {
  let best:
    { object: SimObject; cost: number; wrong: SelectorField[]; labels: boolean } | undefined;
  const matcher = selectorMatcher(selector);
  for (const object of objects) {
    const wrong = SELECTOR_FIELDS.filter((field) => !matcher.field(object, field));
    const labels = matcher.labels(object);
    const cost = wrong.reduce(
      (sum, field) => sum + costOf(selector, object, field),
      labels ? 0 : 2,
    );
    // One field that is another value, or two that are misspelled, are near; a wholly different name never is.
    if (cost <= 3 && (best === undefined || cost < best.cost))
      best = { object, cost, wrong, labels };
  }
  if (!best) return '';
  // A selector may say the first name; it is the one in the manifests.
  const id = originalId(best.object);
  const told = best.wrong
    .filter((field) => field === 'group' || field === 'version' || field === 'namespace')
    .map((field) => `its ${field} is ${id[field] === '' ? 'empty' : id[field]}`);
  if (!best.labels) told.push('it has other labels or annotations');
  const why = told.length === 0 ? '' : ` (${told.join(', ')})`;
  return ` Did you mean ${describeId(id)}${why}?`;
}

function costOf(selector: Selector, object: SimObject, field: SelectorField): number {
  const value = idOf(object.value)[field];
  const wanted = selector[field];
  if (isMisspelling(wanted, value)) return 1;
  if (field === 'name') return wanted.toLowerCase() === value.toLowerCase() ? 1 : 100;
  if (field === 'kind') return wanted.toLowerCase() === value.toLowerCase() ? 1 : 3;
  return field === 'version' ? 1.5 : 2;
}
