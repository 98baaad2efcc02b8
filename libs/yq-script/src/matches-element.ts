import { navigate } from './navigate.ts';
import type { NavigationEffects } from './navigate.ts';
import { parseInteger, parsePath } from './parse-path.ts';
import type { PathElement } from './parse-path.ts';
import type { YamlNode } from './yaml-node.ts';

/** Whether the element stands for many keys, so that a key it does not match is not created. */
export function isPattern(element: PathElement): boolean {
  return element === '*' || element === '**' || isFilter(element);
}

/**
 * Whether a path element covers a child, given the child's node and its key.
 *
 * @param key key of a map entry; for an item of a sequence its text while looking for a way, and its
 *   index when the item is to be changed. So `tags.beta` finds its way into an item "beta" but changes none.
 * @param effects hears of what a filter changes on its way through the node
 */
export function matchesElement(
  element: PathElement,
  node: YamlNode,
  key: string,
  effects: NavigationEffects = {},
): boolean {
  if (element === '*' || element === '**') return true;
  if (isFilter(element)) {
    const [path, value] = splitFilter(element);
    if (node.kind !== 'scalar') return filterMatches(node, path, value, effects);
    if (path === '.') return matchesText(value, node.text);
  }
  if (element === '+' && parseInteger(key) !== undefined) return true;
  return matchesText(String(element), key);
}

const isFilter = (element: PathElement): element is string =>
  typeof element === 'string' && element.includes('==');

/** Equal, or with a `*` at the end of the pattern a common beginning. */
function matchesText(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function splitFilter(filter: string): [path: string, value: string] {
  const at = filter.indexOf('==');
  return [filter.slice(0, at).trim(), filter.slice(at + 2).trim()];
}

function filterMatches(
  node: YamlNode,
  path: string,
  value: string,
  effects: NavigationEffects,
): boolean {
  let found = false;
  navigate(node, parsePath(path), {
    ...effects,
    followAliases: true,
    createKeys: false,
    visitInnerNodes: false,
    accepts: (candidate) => matchesText(value, candidate.text),
    visit: () => {
      found = true;
    },
  });
  return found;
}
