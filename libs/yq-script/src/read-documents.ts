import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Alias, Document, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';

import { resolveTag } from './resolve-tag.ts';
import { createNode } from './yaml-node.ts';
import type { NodeStyle, YamlDocument, YamlNode } from './yaml-node.ts';

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
  const parsed = parseAllDocuments<ParsedNode>(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const builder = new NodeBuilder();
  const documents: YamlDocument[] = [];
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate: LocateNode = (node) => {
    const offset = builder.offsets.get(node);
    return offset === undefined ? undefined : positionOf(offset);
  };
  const streamErrors = 'empty' in parsed ? parsed.errors : [];
  for (const document of Array.isArray(parsed) ? (parsed as Document.Parsed<ParsedNode>[]) : []) {
    const error = document.errors[0];
    if (error)
      return {
        documents,
        locate,
        problem: { reason: error.message, ...positionOf(error.pos[0]) },
      };
    const root = builder.build(document.contents);
    if (builder.problem) {
      const { reason, offset } = builder.problem;
      return { documents, locate, problem: { reason, ...positionOf(offset) } };
    }
    documents.push({ root, head: '', foot: '' });
  }
  const error = streamErrors[0];
  if (error)
    return { documents, locate, problem: { reason: error.message, ...positionOf(error.pos[0]) } };
  return { documents, locate };
}

const scalarStyles: Readonly<Record<string, NodeStyle>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const standardTagPrefix = 'tag:yaml.org,2002:';

/** Turns what the YAML library composed into nodes, in the order of the text. */
class NodeBuilder {
  readonly offsets = new Map<YamlNode, number>();
  problem: { reason: string; offset: number } | undefined;
  readonly #anchors = new Map<string, YamlNode>();

  build(source: ParsedNode | null | undefined): YamlNode {
    if (!source) return createNode('scalar', { tag: '!!null', parsed: true });
    const node = this.#create(source);
    this.offsets.set(node, source.range[0]);
    if (!isAlias(source) && source.anchor) {
      node.anchor = source.anchor;
      this.#anchors.set(source.anchor, node);
    }
    if (isMap(source)) {
      for (const { key, value } of (source as YAMLMap<ParsedNode, ParsedNode | null>).items)
        node.children.push(this.build(key), this.build(value));
    } else if (isSeq(source)) {
      for (const item of (source as YAMLSeq<ParsedNode>).items)
        node.children.push(this.build(item));
    }
    return node;
  }

  #create(source: ParsedNode): YamlNode {
    if (isAlias(source)) return this.#alias(source);
    if (isScalar(source)) return this.#scalar(source as Scalar<unknown> & { range: number[] });
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
