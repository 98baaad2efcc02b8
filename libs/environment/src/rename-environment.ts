/** What tells one environment from another in its files. */
export interface EnvironmentNames {
  readonly name: string;
  readonly namespaces: { readonly prow: string; readonly jobs: string };
  /** What its host names end with, such as `prowdeploy.ci`; absent where it has none. */
  readonly domain?: string | undefined;
}

/**
 * The text of a file of one environment as another has it: its name, namespaces (and what is named after them: buckets,
 * folders) and host names are replaced where they stand as words of their own.
 */
export function renameEnvironment(
  text: string,
  from: EnvironmentNames,
  to: EnvironmentNames,
): string {
  const pairs = [
    [from.namespaces.jobs, to.namespaces.jobs],
    [from.namespaces.prow, to.namespaces.prow],
    [from.name, to.name],
    ...(from.domain !== undefined && to.domain !== undefined ? [[from.domain, to.domain]] : []),
  ] as [string, string][];
  const renamed = new Map(pairs);
  // All at once, the longest first: what was put in is not replaced again.
  const words = [...renamed.keys()].sort((a, b) => b.length - a.length).map(escapePattern);
  const pattern = new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-])`, 'g');
  return text.replaceAll(pattern, (word) => renamed.get(word) ?? word);
}

/** What all host names of an environment's Ingresses end with; undefined where they have nothing in common. */
export function domainOf(hosts: readonly string[]): string | undefined {
  const [first = [], ...others] = hosts.map((host) => host.split('.').reverse());
  const common = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  // Of a single host, all but the first part.
  const length = common < 0 ? first.length - 1 : common;
  return length < 1 ? undefined : first.slice(0, length).reverse().join('.');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
