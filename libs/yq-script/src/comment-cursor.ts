import type { CommentScanner, CommentToken, CommentTokenType } from './scan-comments.ts';
import type { NodeComments } from './yaml-node.ts';

/**
 * Walks along the tokens of a text beside the building of its nodes, and gathers the comments that
 * belong to the node at hand. A comment is taken up by the token at its mark and handed to the next
 * node that can hold it: a scalar, an alias, the beginning of a flow collection, the end of a
 * collection, or the end of the document.
 */
export class CommentCursor {
  readonly #scanner: CommentScanner;
  #token = 0;
  #comment = 0;
  #head = '';
  #line = '';
  #foot = '';
  /** Head comment of an item that is itself a block: it belongs to the block, not to its first entry. */
  #stem = '';

  constructor(scanner: CommentScanner) {
    this.#scanner = scanner;
  }

  /** Skips up to the content and returns the head comment of the document. */
  startDocument(first: boolean): string {
    while (!first && this.#at('document-end')) this.#token++;
    if (!this.#at('directive') && !this.#at('document-start')) return this.#splitHead();
    while (this.#at('directive')) this.#token++;
    if (this.#at('document-start')) this.#token++;
    return '';
  }

  /** Skips the end marker and returns the foot comment of the document. */
  endDocument(): string {
    if (this.#at('document-end')) this.#token++;
    const { head, foot } = this.#take();
    return foot === '' ? head : foot;
  }

  /** Skips anchor and tag of a node. */
  startNode(): void {
    while (this.#at('anchor') || this.#at('tag')) this.#token++;
  }

  /** Comments of a scalar or alias; an empty one has none. */
  readLeaf(): NodeComments {
    if (!this.#at('scalar') && !this.#at('alias')) return { head: '', line: '', foot: '' };
    this.#token++;
    return this.#take();
  }

  /** Head comment of a flow collection; comments behind its opening bracket are lost, as in yq. */
  startFlow(): string {
    if (!this.#at('flow-start')) return '';
    this.#token++;
    return this.#take().head;
  }

  /** Line and foot comment of a flow collection; of a pair without braces there are none. */
  endFlow(braced: boolean): Pick<NodeComments, 'line' | 'foot'> {
    if (!braced) return { line: '', foot: '' };
    this.skip('flow-separator');
    this.skip('flow-end');
    return this.#take();
  }

  /** Whether a flow collection has brackets of its own, in contrast to a pair in a flow sequence. */
  isBraced(): boolean {
    return this.#at('flow-start');
  }

  /** Head comment of a block. */
  startBlock(): { head: string; indented: boolean } {
    const indented = this.#at('map-start') || this.#at('sequence-start');
    if (!indented) return { head: '', indented };
    this.#token++;
    const head = this.#stem;
    this.#stem = '';
    return { head, indented };
  }

  startItem(): void {
    if (!this.#at('entry')) return;
    const { length } = this.#head;
    this.#token++;
    if (length === 0 || !(this.#at('map-start') || this.#at('sequence-start'))) return;
    this.#stem = this.#head.slice(0, length);
    this.#head = this.#head.slice(length + 1);
  }

  endMap(): Pick<NodeComments, 'line' | 'foot'> {
    this.skip('block-end');
    return this.#take();
  }

  skip(type: CommentTokenType): void {
    if (this.#at(type)) this.#token++;
  }

  /** Looks at the current token; that is when comments are taken up. */
  #at(type: CommentTokenType): boolean {
    const token = this.#scanner.tokens[this.#token];
    if (!token) return false;
    this.#gather(token);
    return token.type === type;
  }

  #gather(token: CommentToken): void {
    for (;;) {
      const comment = this.#scanner.comments[this.#comment];
      if (!comment || token.start < comment.mark) return;
      if (comment.kind === 'head') {
        // The end of a block has no head: it stays for what follows.
        if (token.type === 'block-end') return;
        this.#head = join(this.#head, comment.text);
      } else if (comment.kind === 'line') this.#line = join(this.#line, comment.text);
      else this.#foot = join(this.#foot, comment.text);
      this.#comment++;
    }
  }

  #take(): NodeComments {
    const comments = { head: this.#head, line: this.#line, foot: this.#foot };
    this.#head = this.#line = this.#foot = this.#stem = '';
    return comments;
  }

  /** What is above the last blank line of the first comment belongs to the document. */
  #splitHead(): string {
    const head = this.#head;
    for (let at = head.length - 1; at > 0; at--) {
      if (head[at] !== '\n') continue;
      if (at === head.length - 1) {
        this.#head = '';
        return head.slice(0, at);
      }
      if (head[at - 1] === '\n') {
        this.#head = head.slice(at + 1);
        return head.slice(0, at - 1);
      }
    }
    return '';
  }
}

const join = (above: string, below: string): string =>
  above === '' ? below : `${above}\n${below}`;
