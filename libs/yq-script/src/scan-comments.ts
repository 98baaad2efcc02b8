import type { LineCounter } from 'yaml';

/** What the comment rules need to know of the tokens of a YAML text. */
export const commentTokenTypes = [
  'directive',
  'document-start',
  'document-end',
  'stream-end',
  'anchor',
  'tag',
  'scalar',
  'alias',
  'key',
  'value',
  'entry',
  'map-start',
  'sequence-start',
  'block-end',
  'flow-start',
  'flow-separator',
  'flow-end',
] as const;
export type CommentTokenType = (typeof commentTokenTypes)[number];

export interface CommentToken {
  readonly type: CommentTokenType;
  readonly start: number;
}

/** A run of comment lines, or the comment behind a token. */
export interface ScannedComment {
  readonly kind: 'head' | 'line' | 'foot';
  readonly text: string;
  /** It belongs to the first token that starts here or later. */
  readonly mark: number;
  readonly start: number;
  /** 1-based column of the first line, 0 for a comment behind a token. */
  readonly column: number;
  /** Where the blank space that the comment stands in begins, and where the comment ends. */
  readonly scanStart: number;
  readonly end: number;
}

/** How a token bears on the block structure. */
export interface TokenRole {
  /** The token begins a key that is not marked with `?`. */
  readonly beginsKey?: boolean;
  /** The token is `?`, or a `:` without a key, and so may begin a map. */
  readonly mayBeginMap?: boolean;
}

const noLineComment: ReadonlySet<CommentTokenType> = new Set([
  'entry',
  'directive',
  'document-start',
  'document-end',
  'stream-end',
]);

const leavesBlocks: ReadonlySet<CommentTokenType> = new Set([
  'directive',
  'document-start',
  'document-end',
  'stream-end',
]);

/**
 * Finds out which comments are head, line and foot comments, by the rules of the YAML library inside
 * yq 3.4.1: they look at blank lines and indentation around a comment. Takes the tokens in the order of
 * the text and adds those that have no text, the starts and ends of blocks.
 */
export class CommentScanner {
  readonly tokens: CommentToken[] = [];
  readonly comments: ScannedComment[] = [];
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #outerIndents: number[] = [];
  #indent = -1;
  #flowLevel = 0;
  /** Where the search for the next token begins. */
  #position = 0;
  /** The first `#` at the position or behind it, once it is looked for. */
  #nextHash = -1;
  /** The last two tokens that have text. */
  #last: CommentToken | undefined;
  #beforeLast: CommentToken | undefined;

  constructor(text: string, lines: LineCounter) {
    this.#text = text;
    this.#lines = lines;
  }

  /**
   * @param end end of the token, for a plain or block scalar with the blank space and lines behind it
   */
  add(type: CommentTokenType, start: number, end: number, role: TokenRole = {}): void {
    const scanStart = this.#position;
    this.#scanGap(scanStart, start);
    const column = this.#columnOf(start);
    this.#leaveBlocks(column, scanStart);
    if (leavesBlocks.has(type)) this.#leaveBlocks(-1, start);
    const previous = this.tokens.at(-1);

    if (role.beginsKey) {
      this.#enterBlock('map-start', start, column);
      this.tokens.push({ type: 'key', start });
    } else if (role.mayBeginMap) this.#enterBlock('map-start', start, column);
    else if (type === 'entry') this.#enterBlock('sequence-start', start, column);

    const token: CommentToken = { type, start };
    this.tokens.push(token);
    this.#beforeLast = this.#last;
    this.#last = token;
    this.#position = end;
    if (type === 'flow-start') this.#flowLevel++;
    if (type === 'flow-end') this.#flowLevel--;

    if (noLineComment.has(type)) return;
    const separator = this.#flowLevel > 0 ? 'flow-separator' : 'value';
    this.#scanLineComment(type === separator && previous ? previous.start : start);
  }

  #enterBlock(type: CommentTokenType, start: number, column: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#outerIndents.push(this.#indent);
    this.#indent = column;
    this.tokens.push({ type, start });
  }

  /** Ends the blocks that are further in than `column`, before comments at their indentation. */
  #leaveBlocks(column: number, scanStart: number): void {
    if (this.#flowLevel > 0) return;
    let start = scanStart - 1;
    while (this.#indent > column) {
      let stop = start;
      for (let at = this.comments.length - 1; at >= 0; at--) {
        const comment = this.comments[at];
        if (!comment || comment.end < stop) break;
        if (comment.column === this.#indent + 1) start = comment.start;
        stop = comment.scanStart;
      }
      this.tokens.push({ type: 'block-end', start });
      this.#indent = this.#outerIndents.pop() ?? -1;
    }
  }

  #scanLineComment(mark: number): void {
    const behind = /^[ \t]*#/.exec(this.#text.slice(this.#position, this.#position + 512));
    if (!behind || this.#breaksBefore(this.#position) > 0) return;
    const start = this.#position + behind[0].length - 1;
    const end = this.#endOfLine(start);
    const text = this.#text.slice(start, end);
    this.comments.push({ kind: 'line', text, mark, start, column: 0, scanStart: 0, end: 0 });
    this.#position = end;
  }

  #scanGap(scanStart: number, end: number): void {
    if (this.#nextHash < this.#position) {
      const found = this.#text.indexOf('#', this.#position);
      this.#nextHash = found < 0 ? this.#text.length : found;
    }
    if (this.#nextHash < end) this.#scanComments(this.#nextHash, scanStart);
  }

  /** Splits the comments from `first` to the next token: a foot of what is above, a head of what is below. */
  #scanComments(first: number, gapStart: number): void {
    const text = this.#text;
    const above = this.#last?.type === 'flow-separator' ? this.#beforeLast : this.#last;
    let scanStart = gapStart;
    let mark = above?.start ?? 0;
    let comment = '';
    let start = 0;
    let startLine = 0;
    let startColumn = 0;

    const breaks = this.#breaksBefore(first);
    let line = this.#lineOf(first);
    let column = this.#columnOf(first);
    // A foot comment begins right below what it belongs to.
    let footLine = -1;
    if (this.#lineOf(gapStart) > 0) {
      footLine = line - breaks + 1;
      if (breaks === 0 && column > 1) footLine++;
    }
    let noBlankLineYet = breaks <= 1;
    let lastLineWasBlank = false;

    const addFoot = (end: number) => {
      this.comments.push({
        kind: 'foot',
        text: comment,
        mark,
        start,
        column: startColumn,
        scanStart,
        end,
      });
      scanStart = end;
      mark = end;
      comment = '';
    };

    let at = first;
    for (; ; at++) {
      column++;
      const character = text[at];
      if (character === ' ' || character === '\t') continue;
      const isBreak = character === '\n' || character === '\r';
      const closesFlow = this.#flowLevel > 0 && (character === ']' || character === '}');
      if (isBreak || character === undefined || closesFlow) {
        if (!lastLineWasBlank && comment !== '') {
          const dedented = startColumn - 1 < this.#indent;
          if (noBlankLineYet && (startLine === footLine || dedented)) {
            if (dedented) mark = start;
            addFoot(at);
          } else if (character !== undefined) comment += '\n';
        }
        if (!isBreak) break;
        noBlankLineYet = false;
        lastLineWasBlank = true;
        column = 0;
        line++;
        continue;
      }
      // At another indentation, it is a foot of what is above rather than a head of what is below.
      if (comment !== '' && column < this.#indent + 1 && column !== startColumn) addFoot(at);
      if (character !== '#') break;

      if (comment === '') {
        start = at;
        startLine = line;
        startColumn = column;
      } else comment += '\n';
      lastLineWasBlank = false;
      line = this.#lineOf(at);
      const end = this.#endOfLine(at);
      comment += text.slice(at, end);
      // The line break itself is passed over: only a second one makes a blank line.
      at = end;
      column = 0;
    }
    if (comment !== '')
      this.comments.push({
        kind: 'head',
        text: comment,
        mark: start,
        start,
        column: startColumn,
        scanStart,
        end: at - 1,
      });
  }

  /** Line breaks between the last character that is not blank and the position. */
  #breaksBefore(position: number): number {
    let breaks = 0;
    for (let at = position - 1; at >= 0; at--) {
      const character = this.#text[at];
      if (character === '\n') breaks++;
      else if (character !== ' ' && character !== '\t' && character !== '\r') break;
    }
    return breaks;
  }

  #endOfLine(position: number): number {
    let end = position;
    while (end < this.#text.length && this.#text[end] !== '\n' && this.#text[end] !== '\r') end++;
    return end;
  }

  #lineOf(position: number): number {
    return this.#lines.linePos(position).line - 1;
  }

  #columnOf(position: number): number {
    return position - (this.#text.lastIndexOf('\n', position - 1) + 1);
  }
}
