/**
 * What a node is. `unset` is the value of a command that has none: yq writes it as null where the
 * node is new, and fails to write it where the node was read from the document.
 */
export type NodeKind = 'scalar' | 'map' | 'sequence' | 'alias' | 'unset';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';
export type NodeStyle = ScalarStyle | 'block' | 'flow';

/** The three places where a comment belongs to a node; each text keeps its `#` and its lines. */
export interface NodeComments {
  /** Lines above the node. */
  head: string;
  /** Behind the node, on its line. */
  line: string;
  /** Lines below the node, set off from what follows. */
  foot: string;
}

/**
 * A node of a YAML document in the shape that the yq language is defined on: text with its style, the
 * comments, and children in one list. It is changed in place, and two nodes may share one list of
 * children, because an update hands the children of its value to every node it matched.
 */
export interface YamlNode {
  kind: NodeKind;
  style: NodeStyle;
  /** A tag in short form (`!!int`, `!mine`): as written, else the one that the text resolves to; '' for a node that yq makes. */
  tag: string;
  /** Whether the tag is written in the text, and so is kept. */
  tagged: boolean;
  /** Text of a scalar without quotes, name of an alias. */
  text: string;
  /** Items of a sequence; keys and values of a map, in turn. */
  children: YamlNode[];
  /** Name of the anchor, '' for none. */
  anchor: string;
  /** What an alias stands for. */
  target: YamlNode | undefined;
  comments: NodeComments;
  /** Where the node begins in the text it was read from; undefined for one made on the way to a path. */
  readonly offset: number | undefined;
}

export interface YamlDocument {
  root: YamlNode;
  head: string;
  foot: string;
}

/** A node of the given kind with nothing in it. */
export function createNode(kind: NodeKind, fields: Partial<YamlNode> = {}): YamlNode {
  return {
    kind,
    style: kind === 'map' || kind === 'sequence' ? 'block' : 'plain',
    tag: '',
    tagged: false,
    text: '',
    children: [],
    anchor: '',
    target: undefined,
    comments: { head: '', line: '', foot: '' },
    offset: undefined,
    ...fields,
  };
}
