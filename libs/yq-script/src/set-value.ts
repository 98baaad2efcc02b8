import type { YamlNode } from './yaml-node.ts';

/**
 * Gives a node the value of a command: kind, text, tag, style and anchor are copied; the children are
 * shared, so that a later command that changes one of them changes all nodes that this command matched.
 */
export function setValue(node: YamlNode, value: YamlNode): void {
  node.kind = value.kind;
  node.style = value.style;
  node.tag = value.tag;
  node.tagged = value.tagged;
  node.text = value.text;
  node.children = value.children;
  node.anchor = value.anchor;
  node.target = value.target;
}
