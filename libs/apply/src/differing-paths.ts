/**
 * Where two JSON values differ, as paths such as `.spec.template.spec.containers[name="deck"].image`; never the
 * values. Items of a list are told apart by their name where all have one, else by their place.
 */
export function differingPaths(one: unknown, other: unknown, path = ''): string[] {
  if (Object.is(one, other)) return [];
  if (Array.isArray(one) && Array.isArray(other)) {
    const [ones, others] =
      isNamed(one) && isNamed(other) ? [byName(one), byName(other)] : [one, other];
    return membersOf(ones, others, path);
  }
  if (isRecord(one) && isRecord(other)) return membersOf(one, other, path);
  return [path];
}

type Members = Readonly<Record<string, unknown>> | readonly unknown[];

function membersOf(one: Members, other: Members, path: string): string[] {
  const [ones, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const keys = [...new Set([...ones.keys(), ...others.keys()])];
  return keys.flatMap((key) =>
    differingPaths(ones.get(key), others.get(key), `${path}${segment(key, Array.isArray(one))}`),
  );
}

function segment(key: string, isIndex: boolean): string {
  if (isIndex) return `[${key}]`;
  if (key.startsWith('[name=')) return key;
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isNamed(items: readonly unknown[]): items is readonly { readonly name: string }[] {
  const names = items.map((item) => (isRecord(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

function byName(items: readonly { readonly name: string }[]): Record<string, unknown> {
  return Object.fromEntries(items.map((item) => [`[name=${JSON.stringify(item.name)}]`, item]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
