import type { ConfigNode } from './config-node.ts';
import { type Words, wordsOf } from './message-words.ts';
import { narrowNodes } from './narrow-nodes.ts';

/** The files of an environment's configuration, as an index of all their places. */
export interface ConfigIndex {
  readonly nodes: readonly ConfigNode[];
  /** How many places have a text of their own, by the text. */
  readonly counts: ReadonlyMap<string, number>;
  /** All keys, values and names, the longest first. */
  readonly texts: readonly string[];
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
  const texts = [...counts.keys()].sort((a, b) => b.length - a.length);
  return { nodes, counts, texts, jobs };
}

/**
 * Finds the places that a message of Prow is about. Prow names files, jobs, keys and values, but seldom where they are. So
 * the place is the one that explains most of the message: each word of the message that is a key, a value or a name
 * on the way to a place counts for it, and the more the rarer it is. A job that is named narrows that down to
 * the job; where several are, each has its place.
 *
 * @returns those that explain it best, at most {@link MOST} of them, in the order of the files, of duplicates the last first; none
 *   where no word is known.
 */
export function findNodes(message: string, index: ConfigIndex): ConfigNode[] {
  const words = wordsOf(message, index.texts);
  const named = narrowNodes(message, index.nodes);
  const jobs = [...index.jobs].filter((job) => words.texts.has(job)).slice(0, MOST + 1);
  const best = jobs.flatMap((job) => {
    const inside = named.filter(({ texts }) => texts.has(job));
    if (DEFAULTED.test(message) && !inside.some(({ path }) => path.includes('decoration_config')))
      return [];
    return inside.length === 0 ? [] : bestOf(inside, words, index);
  });
  const found = best.length > 0 ? best : bestOf(named, words, index);
  const inOrder = blankFirst(message, [...new Set(found)]);
  const unique = /duplicated|more than once/.test(message) ? inOrder.reverse() : inOrder;
  // Many jobs are a list; many places for one thing are a guess.
  return unique.length > MOST ? unique.slice(0, best.length > 0 ? MOST : 1) : unique;
}

// A value that has to be there and is empty is to blame before those that are not.
function blankFirst(message: string, nodes: readonly ConfigNode[]): ConfigNode[] {
  const isBlank = ({ type, own }: ConfigNode): boolean => type === 'string' && own.length === 1;
  const blank = /must (?:be set|specify)|not specified/.test(message) ? nodes.filter(isBlank) : [];
  return blank.length > 0 ? blank : [...nodes];
}

/** More places than these are no help. */
export const MOST = 8;

// A job without a decoration_config has that of config.yaml.
const DEFAULTED = /invalid decoration config: /;

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
