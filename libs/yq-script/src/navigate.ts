import { isPattern, matchesElement } from './matches-element.ts';
import type { PathElement } from './parse-path.ts';
import { createNode } from './yaml-node.ts';
import type { NodeKind, YamlNode } from './yaml-node.ts';

/** Who hears of changes beside the visits. */
export interface NavigationEffects {
  /** Called where a node is made: a key, an appended item, or an item that fills a gap. */
  readonly onCreate?: (effect: CreateEffect) => void;
  /** Called where a node of the wrong kind gives way to an empty one. */
  readonly onReplace?: (effect: ReplaceEffect) => void;
}

/** How a command walks along a path, and what it does at the end of it. */
export interface Navigation extends NavigationEffects {
  /** Whether to go on in what an alias or a merge key (`<<`) refers to. Only filters do. */
  readonly followAliases: boolean;
  /** Whether a key that is missing on the way is added. */
  readonly createKeys: boolean;
  /** Whether `**` also ends at maps and sequences, instead of at leaves only. */
  readonly visitInnerNodes: boolean;
  /** A further condition on the node at the end of the path. Default: none. */
  readonly accepts?: (node: YamlNode) => boolean;
  /** Called once for each place at the end of the path, in the order of the document. */
  readonly visit: (node: YamlNode, place: Place) => void;
}

/** Where a node is. */
export interface Place {
  /** Keys and indexes (from the start) from the root to the node. */
  readonly path: readonly PathElement[];
  /** The last step as text, an index as it was asked for. */
  readonly key: string;
  /** Distinguishes places: yq visits each one only once. */
  readonly id: string;
  /** Length of the shortest beginning of the path that did not exist before the command. */
  readonly createdFrom: number | undefined;
  /** Whether the node hangs nowhere: yq changes a copy, and the change is lost. */
  readonly detached: boolean;
}

export interface CreateEffect {
  readonly path: readonly PathElement[];
  /** Whether the node only fills the gap before the index that was asked for. */
  readonly padding: boolean;
}

export interface ReplaceEffect {
  readonly path: readonly PathElement[];
  readonly old: YamlNode;
}

/** A negative index that reaches before the first item. */
export interface IndexProblem {
  readonly index: number;
  readonly length: number;
}

/**
 * Walks from `root` along `path`, making on the way what is missing or of the wrong kind, and visits
 * what is at the end. This is the traversal of yq 3.4.1, its surprises included:
 *
 * - a scalar on the way to something deeper is replaced by an empty map or sequence, also in a delete
 *   and also while a filter is only looking; but an item of a sequence met by a name or a pattern is
 *   replaced in a copy only, so the change is lost
 * - a key on a sequence walks through its items
 * - the root is never replaced: a root scalar is visited whatever the path
 *
 * @returns the first index that is out of range; what was done before it stays done
 */
export function navigate(
  root: YamlNode,
  path: readonly PathElement[],
  navigation: Navigation,
): IndexProblem | undefined {
  const place: Place = { path: [], key: '', id: '', createdFrom: undefined, detached: false };
  return new Navigator(navigation).traverse(root, '', path, place);
}

class Navigator {
  readonly #navigation: Navigation;
  readonly #visited = new Set<string>();

  constructor(navigation: Navigation) {
    this.#navigation = navigation;
  }

  /** Stands at `node`, which `head` led to; `tail` is still to go. */
  traverse(
    node: YamlNode,
    head: PathElement,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    const [next, ...rest] = tail;
    if (head === '**' && node.kind !== 'scalar') {
      const problem = place.key === '<<' ? undefined : this.#enter(node, head, tail, place);
      // The rest of the path may well not fit here: its problems do not count.
      if (next !== undefined) this.#enter(node, next, rest, place);
      return problem;
    }
    if (next !== undefined && node.kind !== 'scalar') return this.#enter(node, next, rest, place);
    this.#visit(node, head, tail, place);
    return undefined;
  }

  /** Goes from `node` to its children that `head` stands for. */
  #enter(
    node: YamlNode,
    head: PathElement,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    if (head === '**' && this.#navigation.visitInnerNodes) this.#visit(node, head, tail, place);
    switch (node.kind) {
      case 'map':
        return this.#enterMap(node, String(head), tail, place);
      case 'sequence':
        if (typeof head === 'number') return this.#enterItem(node, head, tail, place);
        if (head === '+') return this.#append(node, head, tail, place);
        if (node.children.length > 0 || head !== '**')
          return this.#enterItems(node, head, tail, place);
        break;
      case 'alias':
        return this.#navigation.followAliases && node.target
          ? this.#enter(node.target, head, tail, place)
          : undefined;
      case 'scalar':
      case 'unset':
        break;
    }
    this.#visit(node, head, tail, place);
    return undefined;
  }

  #enterMap(
    map: YamlNode,
    head: string,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    const entered = { some: false };
    const problem = this.#enterEntries(map, head, tail, place, entered);
    if (problem) return problem;
    if (map.children.length === 0 && head === '**') {
      this.#visit(map, head, tail, place);
      return undefined;
    }
    if (entered.some || isPattern(head) || !this.#navigation.createKeys) return undefined;

    const key = createNode('scalar', { text: head });
    // A key that looks like a number is quoted.
    if (/^[-+]?[0-9]+$/.test(head)) key.style = 'literal';
    const value = createNode(kindFor(head, tail, undefined));
    // A new list: other nodes may share the old one, and they do not get the key.
    map.children = [...map.children, key, value];
    const child = this.#created(step(place, head, 'key'), false);
    return this.traverse(value, head, tail, child);
  }

  #enterEntries(
    map: YamlNode,
    head: string,
    tail: readonly PathElement[],
    place: Place,
    entered: { some: boolean },
  ): IndexProblem | undefined {
    const { children } = map;
    for (let at = 0; at + 1 < children.length; at += 2) {
      const key = children[at]?.text ?? '';
      const value = children[at + 1];
      if (!value) continue;
      const child = step(place, key, 'key');
      if (!this.#leadsOn(value, head, key, child)) continue;
      entered.some = true;
      const replacement = this.#fit(value, kindFor(head, tail, value.kind), child);
      children[at + 1] = replacement;
      const problem = this.traverse(replacement, head, tail, child);
      if (problem) return problem;
    }
    if (!this.#navigation.followAliases) return undefined;
    for (const merged of mergedMaps(children)) {
      const problem = this.#enterEntries(merged, head, tail, place, entered);
      if (problem) return problem;
    }
    return undefined;
  }

  #enterItem(
    sequence: YamlNode,
    index: number,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    const { length } = sequence.children;
    if (length <= index) {
      const missing = Array.from({ length: index + 1 - length }, (_, gap) => {
        if (length + gap < index) this.#created(step(place, length + gap, 'item'), true);
        return createNode(kindFor(index, tail, undefined));
      });
      sequence.children = [...sequence.children, ...missing];
    }
    const at = index < 0 ? length + index : index;
    const item = sequence.children[at];
    if (!item) return { index, length };
    let child: Place = { ...step(place, at, 'index', String(index)) };
    if (length <= index) child = this.#created(child, false);
    const replacement = this.#fit(item, kindFor(index, tail, item.kind), child);
    sequence.children[at] = replacement;
    return this.traverse(replacement, index, tail, child);
  }

  #enterItems(
    sequence: YamlNode,
    head: string,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    for (const [index, item] of sequence.children.entries()) {
      const fits = item.kind === kindFor(head, tail, item.kind);
      // yq forgets to put the replacement into the sequence.
      const candidate = fits ? item : createNode(kindFor(head, tail, item.kind));
      const child = step(place, index, 'item');
      if (!this.#leadsOn(candidate, head, candidate.text, child)) continue;
      const problem = this.traverse(
        candidate,
        head,
        tail,
        fits ? child : { ...child, detached: true },
      );
      if (problem) return problem;
    }
    return undefined;
  }

  #append(
    sequence: YamlNode,
    head: string,
    tail: readonly PathElement[],
    place: Place,
  ): IndexProblem | undefined {
    const item = createNode(kindFor(head, tail, undefined));
    const child = this.#created(step(place, sequence.children.length, 'item'), false);
    sequence.children = [...sequence.children, item];
    return this.traverse(item, head, tail, child);
  }

  #visit(node: YamlNode, head: PathElement, tail: readonly PathElement[], place: Place): void {
    if (place.path.length > 0) {
      if (this.#visited.has(place.id) || tail.length > 0) return;
      const matches =
        place.key === '<<' ? head === '<<' : this.#matches(head, node, place.key, place);
      if (!matches || this.#navigation.accepts?.(node) === false) return;
    }
    this.#visited.add(place.id);
    this.#navigation.visit(node, place);
  }

  #leadsOn(node: YamlNode, head: PathElement, key: string, place: Place): boolean {
    if (this.#visited.has(place.id)) return false;
    return key === '<<' ? this.#navigation.followAliases : this.#matches(head, node, key, place);
  }

  #matches(head: PathElement, node: YamlNode, key: string, place: Place): boolean {
    const { onCreate, onReplace } = this.#navigation;
    if (place.detached || (!onCreate && !onReplace)) return matchesElement(head, node, key);
    const below = (path: readonly PathElement[]) => [...place.path, ...path];
    return matchesElement(head, node, key, {
      onCreate: (effect) => onCreate?.({ ...effect, path: below(effect.path) }),
      onReplace: (effect) => onReplace?.({ ...effect, path: below(effect.path) }),
    });
  }

  #fit(node: YamlNode, kind: NodeKind, place: Place): YamlNode {
    if (node.kind === kind) return node;
    if (!place.detached) this.#navigation.onReplace?.({ path: place.path, old: node });
    return createNode(kind);
  }

  #created(place: Place, padding: boolean): Place {
    if (!place.detached) this.#navigation.onCreate?.({ path: place.path, padding });
    return { ...place, createdFrom: place.createdFrom ?? place.path.length };
  }
}

function step(
  place: Place,
  element: PathElement,
  type: 'key' | 'item' | 'index',
  key = String(element),
): Place {
  return {
    path: [...place.path, element],
    key,
    id: `${place.id}/${type}${key.length}:${key}`,
    createdFrom: place.createdFrom,
    detached: place.detached,
  };
}

/** The kind a node needs so that the rest of the path can go on in it; `current` is what it is now, if it is. */
function kindFor(
  head: PathElement,
  tail: readonly PathElement[],
  current: NodeKind | undefined,
): NodeKind {
  const kind = current === 'unset' ? undefined : current;
  const [next] = tail;
  if (next === undefined) return kind ?? 'scalar';
  if (typeof next === 'number' || next === '+') return 'sequence';
  if (isPattern(next) && (kind === 'sequence' || kind === 'map')) return kind;
  if (kind === 'alias') return kind;
  if (head === '**') return kind ?? 'unset';
  return 'map';
}

/** The maps that merge keys refer to, the last one first; as in yq, any sequence of aliases counts as one. */
function* mergedMaps(children: readonly YamlNode[]): Generator<YamlNode> {
  for (let at = children.length - 2; at >= 0; at -= 2) {
    const value = children[at + 1];
    if (value?.kind === 'alias') {
      if (children[at]?.text === '<<' && value.target) yield value.target;
    } else if (value?.kind === 'sequence') {
      for (const item of value.children.toReversed())
        if (item.kind === 'alias' && item.target) yield item.target;
    }
  }
}
