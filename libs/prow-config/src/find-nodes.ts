import type { ConfigNode } from './config-node.ts';

/** The files of an environment's configuration, as an index of all their places. */
export interface ConfigIndex {
  readonly nodes: readonly ConfigNode[];
  /** How many places have a text of their own, by the text. */
  readonly counts: ReadonlyMap<string, number>;
  /** Names of the jobs. */
  readonly jobs: ReadonlySet<string>;
}

export function indexNodes(nodes: readonly ConfigNode[]): ConfigIndex {
  const counts = new Map<string, number>();
  const jobs = new Set<string>();
  for (const { own, path } of nodes) {
    for (const text of own) counts.set(text, (counts.get(text) ?? 0) + 1);
    const [top = '', , third] = path;
    const depth = { periodics: 3, presubmits: 4, postsubmits: 4 }[top];
    const isName = path.length === depth && path.at(-1) === 'name' && third !== undefined;
    if (isName && own[1] !== undefined) jobs.add(own[1]);
  }
  return { nodes, counts, jobs };
}

/**
 * Finds the places that a message of Prow is about. Prow names files, jobs, keys and values, but seldom where they are. So
 * the place is the one that explains most of the message: each word of the message that is a key, a value or a name
 * on the way to a place counts for it, and the more the rarer it is. A job that is named narrows that down to
 * the job; where several are, each has its place.
 *
 * @returns those that explain it best, at most {@link MOST}, in the order of the files, of duplicates the last first; none
 *   where no word is known.
 */
export function findNodes(message: string, index: ConfigIndex): ConfigNode[] {
  const words = wordsOf(message, index.counts.keys());
  const named = candidates(message, index.nodes);
  const jobs = [...index.jobs].filter((job) => words.texts.has(job));
  const best = jobs.flatMap((job) => {
    const inside = named.filter(({ texts }) => texts.has(job));
    if (DEFAULTED.test(message) && !inside.some(({ path }) => path.includes('decoration_config')))
      return [];
    return inside.length === 0 ? [] : bestOf(inside, words, index);
  });
  const found = best.length > 0 ? best : bestOf(named, words, index);
  const inOrder = [...new Set(found)];
  const unique = /duplicated|more than once/.test(message) ? inOrder.reverse() : inOrder;
  return unique.length > MOST ? unique.slice(0, 1) : unique;
}

/** More places than these are no help: then only the first is given. */
export const MOST = 8;

// A job without a decoration_config has that of config.yaml.
const DEFAULTED = /invalid decoration config: /;

// What the message says for certain: a field that Prow does not know, or a value of another type than Prow takes.
function candidates(message: string, nodes: readonly ConfigNode[]): readonly ConfigNode[] {
  const unknown = /unknown field "([^"]+)"/.exec(message)?.[1]?.split('.').at(-1);
  const type = /cannot unmarshal (\w+).* into Go /.exec(message)?.[1];
  const fitting = nodes.filter(
    (node) =>
      (unknown === undefined || node.path.at(-1) === unknown) &&
      (type === undefined || node.type === type) &&
      (node.deletedBy === undefined || (unknown === undefined && type === undefined)),
  );
  return fitting.length > 0 ? fitting : nodes;
}

function bestOf(
  nodes: readonly ConfigNode[],
  words: Words,
  { nodes: all, counts }: ConfigIndex,
): ConfigNode[] {
  let best = 0;
  let found: ConfigNode[] = [];
  for (const node of nodes) {
    const position = node.path.at(-1);
    let score = typeof position === 'number' && words.hasIndex(position) ? INDEX_WEIGHT : 0;
    for (const text of node.texts) {
      if (words.texts.has(text)) score += Math.log(1 + all.length / (counts.get(text) ?? 1));
    }
    if (score > best + TIE) found = [];
    if (score > 0 && score >= best - TIE) found.push(node);
    best = Math.max(best, score);
  }
  return outermost(found);
}

const TIE = 1e-9;
// Less than any word: it decides between places that are otherwise the same.
const INDEX_WEIGHT = 0.1;

function outermost(nodes: readonly ConfigNode[]): ConfigNode[] {
  const places = new Set(nodes.map(({ file, path }) => JSON.stringify([file, ...path])));
  return nodes.filter(
    ({ file, path }) =>
      !path.some((_step, depth) => places.has(JSON.stringify([file, ...path.slice(0, depth)]))),
  );
}

interface Words {
  /** Keys, values and names that are in the message. */
  readonly texts: ReadonlySet<string>;
  /** Whether the message speaks of the item at a position. */
  hasIndex(index: number): boolean;
}

// Longest first: what stands only within a longer one says nothing.
function wordsOf(message: string, known: Iterable<string>): Words {
  const texts = new Set<string>();
  // As Go quotes it, a backslash is two.
  let rest = `${message} ${hintsOf(message)}`.replaceAll(/\\(["\\])/g, '$1');
  for (const text of [...known].sort((a, b) => b.length - a.length)) {
    const forms = formsOf(text);
    const form = forms.find((candidate) => candidate.test(rest));
    if (form === undefined) continue;
    texts.add(text);
    rest = rest.replaceAll(form, '\0');
  }
  const indexes = new Set(
    [...message.matchAll(/(?:index |position |#|\[)(\d+)\b/g)].map(([, digits]) => Number(digits)),
  );
  return { texts, hasIndex: (index) => indexes.has(index) };
}

// A text as it is, between characters that no name has in it: a dot ends sentences and joins fields. Or in words, `init
// containers` for initContainers. A single character only in quotes.
function formsOf(text: string): RegExp[] {
  const literal = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (text.length < 2) return [new RegExp(`(["'])${literal}\\1`, 'g')];
  const words = text.replaceAll(/([a-z])([A-Z])|[_-]/g, '$1 $2');
  const isPhrase = /^[a-z]+( [a-z]+)+$/i.test(words);
  return [
    new RegExp(`(?<![\\w/-])${literal}(?![\\w/-])`, 'g'),
    ...(isPhrase ? [new RegExp(`\\b${words}\\b`, 'gi')] : []),
  ];
}

// What Prow calls otherwise than it is spelled in the file.
function hintsOf(message: string): string {
  return HINTS.flatMap(([pattern, hint]) => (pattern.test(message) ? [hint] : [])).join(' ');
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/\bgcs_path_strategy\b/, 'path_strategy'],
  [/template: JobURL:/, 'job_url_template'],
  [/template: Report:/, 'report_template'],
  [/template for commit title/, 'merge_commit_template title'],
  [/template for commit body/, 'merge_commit_template body'],
];
