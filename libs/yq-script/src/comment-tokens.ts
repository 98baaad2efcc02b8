import { CST } from 'yaml';
import type { LineCounter } from 'yaml';

import { CommentScanner } from './scan-comments.ts';
import type { CommentTokenType, TokenRole } from './scan-comments.ts';

type Item = CST.CollectionItem;

const indicatorTypes: Partial<Record<CST.SourceToken['type'], CommentTokenType>> = {
  'doc-start': 'document-start',
  anchor: 'anchor',
  tag: 'tag',
  'explicit-key-ind': 'key',
  'map-value-ind': 'value',
  'seq-item-ind': 'entry',
  comma: 'flow-separator',
};

/** Scans the comments of a text, given its concrete syntax tree. */
export function scanComments(
  text: string,
  tokens: readonly CST.Token[],
  lines: LineCounter,
): CommentScanner {
  const walker = new TokenWalker(text, new CommentScanner(text, lines));
  for (const token of tokens) walker.walk(token);
  walker.scanner.add('stream-end', text.length, text.length);
  return walker.scanner;
}

/** Hands all tokens that matter to a scanner, in the order of the text. */
class TokenWalker {
  readonly scanner: CommentScanner;
  readonly #text: string;

  constructor(text: string, scanner: CommentScanner) {
    this.#text = text;
    this.scanner = scanner;
  }

  walk(token: CST.Token, role: TokenRole = {}): void {
    if (token.type === 'document') {
      this.#walkIndicators(token.start);
      if (token.value) this.walk(token.value);
    } else if (token.type === 'doc-end') {
      this.scanner.add('document-end', token.offset, token.offset + 3);
    } else if (token.type === 'directive') {
      // What is behind it on the line, a comment too, is lost.
      this.scanner.add('directive', token.offset, this.#skip(/[^\r\n]*/y, token.offset));
    } else if (token.type === 'block-map' || token.type === 'block-seq') {
      for (const item of token.items) this.#walkItem(item);
    } else if (token.type === 'flow-collection') {
      this.#walkFlow(token, role);
    } else if (token.type === 'alias') {
      this.scanner.add('alias', token.offset, token.offset + token.source.length, role);
    } else if (CST.isScalar(token)) {
      this.scanner.add('scalar', token.offset, this.#endOfScalar(token), role);
    }
  }

  #walkFlow({ offset, items, end }: CST.FlowCollection, role: TokenRole): void {
    this.scanner.add('flow-start', offset, offset + 1, role);
    for (const item of items) this.#walkItem(item);
    for (const { type, offset: at } of end)
      if (type === 'flow-map-end' || type === 'flow-seq-end')
        this.scanner.add('flow-end', at, at + 1);
  }

  #walkItem({ start, key, sep, value }: Item): void {
    const explicit = start.some(({ type }) => type === 'explicit-key-ind');
    const hasValue = sep?.some(({ type }) => type === 'map-value-ind') ?? false;
    const simpleKey = !explicit && Boolean(key) && hasValue;
    const propertied = this.#walkIndicators(start, { simpleKey });
    if (key) this.walk(key, { beginsKey: simpleKey && !propertied });
    if (sep) this.#walkIndicators(sep, { loneValue: !explicit && !key });
    if (value) this.walk(value);
  }

  /** Returns whether there was an anchor or a tag. */
  #walkIndicators(
    tokens: readonly CST.SourceToken[],
    { simpleKey = false, loneValue = false } = {},
  ): boolean {
    let propertied = false;
    for (const { type, offset, source } of tokens) {
      const known = indicatorTypes[type];
      if (!known) continue;
      const property = known === 'anchor' || known === 'tag';
      this.scanner.add(known, offset, offset + source.length, {
        beginsKey: simpleKey && property && !propertied,
        mayBeginMap: known === 'key' || (known === 'value' && loneValue),
      });
      propertied ||= property;
    }
    return propertied;
  }

  /** yq reads on behind a plain or block scalar over blank space, until something follows. */
  #endOfScalar(token: CST.FlowScalar | CST.BlockScalar): number {
    if (token.type === 'block-scalar') {
      // Its header, and maybe a comment behind it, come before the text.
      const last = token.props.at(-1);
      const start = last && 'source' in last ? last.offset + last.source.length : token.offset;
      return this.#skip(/(?:[ \t]*\r?\n)*/y, start + token.source.length);
    }
    const end = token.offset + token.source.length;
    return token.type === 'scalar' ? this.#skip(/[ \t\r\n]*/y, end) : end;
  }

  #skip(blank: RegExp, position: number): number {
    blank.lastIndex = position;
    blank.test(this.#text);
    return Math.max(position, blank.lastIndex);
  }
}
