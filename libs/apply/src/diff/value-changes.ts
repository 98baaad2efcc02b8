import { isFields, type Fields } from '../fields.ts';

/** One place where two values differ. */
export interface ValueChange {
  /** Such as `.spec.template.spec.containers[name="deck"].image`. */
  readonly path: string;
  /** Absent: the field was not there. */
  readonly before?: unknown;
  /** Absent: the field is not there any more. */
  readonly after?: unknown;
}

/**
 * Where two JSON values differ. Items of lists are told apart by what names them (`name`, `mountPath`, …) where that is
 * unique, else by their place, so that an item that is put before others is one change.
 */
export function valueChanges(before: unknown, after: unknown, path = ''): ValueChange[] {
  if (Object.is(before, after)) return [];
  if (isFields(before) && isFields(after)) return memberChanges(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    const name = NAMES.find((key) => [before, after].every((items) => areNamed(items, key)));
    return name === undefined
      ? itemChanges(before, after, path)
      : memberChanges(byName(before, name), byName(after, name), path);
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function memberChanges(before: Fields, after: Fields, path: string): ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => valueChanges(before[key], after[key], `${path}${segment(key)}`));
}

// What is the same at both ends is passed over; what is between is compared place by place.
function itemChanges(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): ValueChange[] {
  const isSame = (one: unknown, other: unknown) => valueChanges(one, other).length === 0;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const [ones, others] = [before, after].map((items) => items.slice(head, items.length - tail));
  const count = Math.max(ones?.length ?? 0, others?.length ?? 0);
  return Array.from({ length: count }, (_, index) =>
    valueChanges(ones?.[index], others?.[index], `${path}[${head + index}]`),
  ).flat();
}

// What names the items of the lists of Kubernetes, the most telling first.
const NAMES = ['name', 'mountPath', 'key', 'containerPort', 'port', 'ip'];

function areNamed(items: readonly unknown[], key: string): boolean {
  const values = items.map((item) => (isFields(item) ? item[key] : undefined));
  const areNames = values.every((value) => typeof value === 'string' || typeof value === 'number');
  return areNames && new Set(values).size === values.length;
}

function byName(items: readonly Fields[], name: string): Fields {
  return Object.fromEntries(items.map((item) => [`[${name}=${JSON.stringify(item[name])}]`, item]));
}

const IS_ITEM = new RegExp(`^\\[(?:${NAMES.join('|')})=`);

function segment(key: string): string {
  if (IS_ITEM.test(key)) return key;
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
