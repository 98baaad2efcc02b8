import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';

import type { CommentCursor } from './comment-cursor.ts';
import { resolveTag } from './resolve-tag.ts';
import { createNode } from './yaml-node.ts';
import type { ScalarStyle, YamlNode } from './yaml-node.ts';

const scalarStyles: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const noComments = { head: '', line: '', foot: '' };

const standardTagPrefix = 'tag:yaml.org,2002:';

/** Turns what the YAML library composed into nodes, in the order of the text. */
export class NodeBuilder {
  /** The first thing that yq cannot read although the YAML library can. */
  problem: { reason: string; offset: number } | undefined;
  readonly #text: string;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #comments: CommentCursor | undefined;

  constructor(text: string, comments: CommentCursor | undefined) {
    this.#text = text;
    this.#comments = comments;
  }

  build(source: ParsedNode | null | undefined): YamlNode {
    this.#comments?.startNode();
    if (!source) return this.#leaf(createNode('scalar', { tag: '!!null', offset: 0 }));
    const node = this.#create(source);
    if (!isAlias(source) && source.anchor) {
      node.anchor = source.anchor;
      this.#anchors.set(source.anchor, node);
    }
    if (isMap(source)) {
      if (source.flow) this.#flowMap(node, source);
      else this.#blockMap(node, source);
    } else if (isSeq(source)) {
      if (source.flow) this.#flowSequence(node, source);
      else this.#blockSequence(node, source);
    } else this.#leaf(node);
    return node;
  }

  #fail(reason: string, offset: number): void {
    this.problem ??= { reason, offset };
  }

  /** A key may be empty only behind a `?`. */
  #key({ key, srcToken }: Pair<ParsedNode, ParsedNode | null>): YamlNode {
    const explicit = srcToken?.start.some(({ type }) => type === 'explicit-key-ind');
    if (isScalar(key) && key.range[0] === key.range[1] && !key.tag && !key.anchor && !explicit)
      this.#fail('there is a value without a key', key.range[0]);
    return this.build(key);
  }

  #leaf(node: YamlNode): YamlNode {
    if (this.#comments) node.comments = this.#comments.readLeaf();
    return node;
  }

  #blockMap(node: YamlNode, { items }: YAMLMap.Parsed): void {
    const head = this.#comments?.startBlock().head ?? '';
    for (const pair of items) {
      this.#comments?.skip('key');
      const key = this.#key(pair);
      const above = node.children.at(-2);
      if (key.comments.foot !== '' && above) {
        // It is the foot of the entry above, further in.
        above.comments.foot = key.comments.foot;
        key.comments.foot = '';
      }
      this.#comments?.skip('value');
      const value = this.build(pair.value);
      if (key.comments.foot === '') {
        key.comments.foot = value.comments.foot;
        value.comments.foot = '';
      }
      node.children.push(key, value);
    }
    const { line, foot } = this.#comments?.endMap() ?? noComments;
    const last = node.children.at(-2);
    if (foot !== '' && last) last.comments.foot = foot;
    node.comments = { head, line, foot: last ? '' : foot };
  }

  #blockSequence(node: YamlNode, { items }: YAMLSeq.Parsed): void {
    const { head, indented } = this.#comments?.startBlock() ?? { head: '', indented: false };
    for (const item of items) {
      this.#comments?.startItem();
      node.children.push(this.build(item));
    }
    if (indented) this.#comments?.skip('block-end');
    node.comments.head = head;
  }

  #flowMap(node: YamlNode, { items }: YAMLMap.Parsed): void {
    const braced = this.#comments?.isBraced() ?? false;
    const head = this.#comments?.startFlow() ?? '';
    for (const [index, pair] of items.entries()) {
      if (index > 0) this.#comments?.skip('flow-separator');
      this.#comments?.skip('key');
      const key = this.#key(pair);
      this.#comments?.skip('value');
      const value = this.build(pair.value);
      if (key.comments.foot === '') {
        key.comments.foot = value.comments.foot;
        value.comments.foot = '';
      }
      node.children.push(key, value);
    }
    const { line, foot } = this.#comments?.endFlow(braced) ?? noComments;
    node.comments = { head, line, foot };
  }

  #flowSequence(node: YamlNode, { items }: YAMLSeq.Parsed): void {
    const head = this.#comments?.startFlow() ?? '';
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#comments?.skip('flow-separator');
      node.children.push(this.build(item));
    }
    const { line, foot } = this.#comments?.endFlow(true) ?? noComments;
    node.comments = { head, line, foot };
  }

  #create(source: ParsedNode): YamlNode {
    if (isAlias(source)) return this.#alias(source);
    if (isScalar(source)) return this.#scalar(source);
    const written = shortTag(source.tag);
    const kind = isMap(source) ? 'map' : 'sequence';
    return createNode(kind, {
      style: source.flow ? 'flow' : 'block',
      tag: written ?? (kind === 'map' ? '!!map' : '!!seq'),
      tagged: written !== undefined,
      offset: source.range[0],
    });
  }

  #alias(source: Alias.Parsed): YamlNode {
    const target = this.#anchors.get(source.source);
    if (!target) this.#fail(`unknown anchor '${source.source}' referenced`, source.range[0]);
    return createNode('alias', { text: source.source, target, offset: source.range[0] });
  }

  #scalar(source: Scalar.Parsed): YamlNode {
    const text = this.#textOf(source);
    const style = scalarStyles[source.type ?? 'PLAIN'] ?? 'plain';
    const written = shortTag(source.tag);
    return createNode('scalar', {
      style,
      text,
      tag: written ?? (style === 'plain' ? resolveTag(text) : '!!str'),
      tagged: written !== undefined,
      offset: source.range[0],
    });
  }

  /** A block scalar that ends with the text, without a line break, has none at its end in yq. */
  #textOf({ source, type, range }: Scalar.Parsed): string {
    const block = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
    const atEnd = range[1] === this.#text.length && /\n[ \t]*\S[^\n]*$/.test(this.#text);
    return block && atEnd && source.endsWith('\n') ? source.slice(0, -1) : source;
  }
}

function shortTag(tag: string | undefined): string | undefined {
  if (!tag || tag === '!') return undefined;
  return tag.startsWith(standardTagPrefix) ? `!!${tag.slice(standardTagPrefix.length)}` : tag;
}
