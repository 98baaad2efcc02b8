import { resolveScalar } from './resolve-tag.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * What a node means to a program: null, boolean, number, text, array or object, aliases followed, merge
 * keys left as keys `<<`. A number that JavaScript cannot hold exactly, a date, and text with a tag of
 * its own are given as their text; an alias inside its own anchor as `*name`.
 */
export function toValue(node: YamlNode): unknown {
  return convert(node, new Set());
}

function convert(node: YamlNode, within: Set<YamlNode>): unknown {
  switch (node.kind) {
    case 'unset':
      return null;
    case 'scalar':
      // A node that yq made has no tag; as a value it is still empty.
      return node.tag === '' && node.text === '' ? null : resolveScalar(node.tag, node.text);
    case 'alias':
      if (!node.target || within.has(node.target)) return `*${node.text}`;
      return convert(node.target, within);
    case 'sequence': {
      within.add(node);
      const items = node.children.map((item) => convert(item, within));
      within.delete(node);
      return items;
    }
    case 'map': {
      within.add(node);
      const entries: [string, unknown][] = [];
      for (let at = 0; at + 1 < node.children.length; at += 2) {
        const [key, value] = node.children.slice(at, at + 2) as [YamlNode, YamlNode];
        entries.push([keyText(key, within), convert(value, within)]);
      }
      within.delete(node);
      return Object.fromEntries(entries);
    }
  }
}

function keyText(key: YamlNode, within: Set<YamlNode>): string {
  return key.kind === 'scalar' ? key.text : JSON.stringify(convert(key, within));
}
