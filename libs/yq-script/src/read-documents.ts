import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import type { Alias, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';

import { CommentCursor } from './comment-cursor.ts';
import { scanComments } from './comment-tokens.ts';

import { resolveTag } from './resolve-tag.ts';
import { createNode } from './yaml-node.ts';
import type { ScalarStyle, YamlDocument, YamlNode } from './yaml-node.ts';

/** Why a text is no YAML that yq reads, and where: 1-based line and column. */
export interface SyntaxProblem {
  readonly reason: string;
  readonly line: number;
  readonly column: number;
}

/** Where in the text a node begins: 1-based line and column. */
export type LocateNode = (node: YamlNode) => { line: number; column: number } | undefined;

export interface ReadDocuments {
  /** The documents before the first problem. */
  readonly documents: readonly YamlDocument[];
  readonly locate: LocateNode;
  readonly problem?: SyntaxProblem;
}

/**
 * Reads all documents of a YAML text. Scalars stay text (nothing is rounded or respelled), keys may
 * repeat, and an anchor may be used in later documents: as in yq 3.4.1.
 */
export function readDocuments(text: string): ReadDocuments {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const comments = text.includes('#')
    ? new CommentCursor(scanComments(text, tokens, lines))
    : undefined;
  const builder = new NodeBuilder(comments);
  const documents: YamlDocument[] = [];
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate: LocateNode = (node) => {
    const offset = builder.offsets.get(node);
    return offset === undefined ? undefined : positionOf(offset);
  };
  for (const document of new Composer(composeOptions).compose(tokens)) {
    const error = document.errors[0];
    if (error) {
      const problem = { reason: error.message, ...positionOf(error.pos[0]) };
      return { documents, locate, problem };
    }
    const head = comments?.startDocument(documents.length === 0) ?? '';
    const root = builder.build(document.contents);
    if (builder.problem) {
      const { reason, offset } = builder.problem;
      return { documents, locate, problem: { reason, ...positionOf(offset) } };
    }
    documents.push({ root, head, foot: comments?.endDocument() ?? '' });
  }
  return { documents, locate };
}

const composeOptions = {
  schema: 'failsafe',
  resolveKnownTags: false,
  merge: false,
  uniqueKeys: false,
  logLevel: 'silent',
} as const;

const scalarStyles: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const noComments = { head: '', line: '', foot: '' };

const standardTagPrefix = 'tag:yaml.org,2002:';

/** Turns what the YAML library composed into nodes, in the order of the text. */
class NodeBuilder {
  readonly offsets = new Map<YamlNode, number>();
  problem: { reason: string; offset: number } | undefined;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #comments: CommentCursor | undefined;

  constructor(comments: CommentCursor | undefined) {
    this.#comments = comments;
  }

  build(source: ParsedNode | null | undefined): YamlNode {
    this.#comments?.startNode();
    if (!source) return this.#leaf(createNode('scalar', { tag: '!!null', parsed: true }));
    const node = this.#create(source);
    this.offsets.set(node, source.range[0]);
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

  #leaf(node: YamlNode): YamlNode {
    if (this.#comments) node.comments = this.#comments.readLeaf();
    return node;
  }

  #blockMap(node: YamlNode, { items }: YAMLMap.Parsed): void {
    const head = this.#comments?.startBlock().head ?? '';
    for (const pair of items) {
      this.#comments?.skip('key');
      const key = this.build(pair.key);
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
      const key = this.build(pair.key);
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
      parsed: true,
    });
  }

  #alias(source: Alias.Parsed): YamlNode {
    const target = this.#anchors.get(source.source);
    if (!target)
      this.problem ??= {
        reason: `unknown anchor '${source.source}' referenced`,
        offset: source.range[0],
      };
    return createNode('alias', { text: source.source, target, parsed: true });
  }

  #scalar(source: Scalar): YamlNode {
    const text = source.source ?? '';
    const style = scalarStyles[source.type ?? 'PLAIN'] ?? 'plain';
    const written = shortTag(source.tag);
    return createNode('scalar', {
      style,
      text,
      tag: written ?? (style === 'plain' ? resolveTag(text) : '!!str'),
      tagged: written !== undefined,
      parsed: true,
    });
  }
}

function shortTag(tag: string | undefined): string | undefined {
  if (!tag || tag === '!') return undefined;
  return tag.startsWith(standardTagPrefix) ? `!!${tag.slice(standardTagPrefix.length)}` : tag;
}
