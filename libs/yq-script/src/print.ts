import { resolveTag } from './resolve-tag.ts';
import { analyzeScalar, chooseStyle, quoteDouble } from './scalar-text.ts';
import type { ScalarForm } from './scalar-text.ts';
import type { ScalarStyle, YamlDocument, YamlNode } from './yaml-node.ts';

export interface PrintOptions {
  /** Spaces per level, 2 to 9. */
  readonly indent: number;
}

/** A node of kind `unset` stands where a value was read from the document: yq cannot write it. */
export class UnprintableNodeError extends Error {
  override readonly name = 'UnprintableNodeError';
}

/**
 * Writes a document the way yq 3.4.1 does: sequences are indented under their key, blank lines go, long
 * lines stay, comments keep their place, and below a foot comment there is a blank line.
 */
export function printDocument(document: YamlDocument, options: PrintOptions): string {
  return new Printer(options).print(document);
}

type Parent = 'root' | 'sequence' | 'map' | 'key';

const standardTagPrefix = 'tag:yaml.org,2002:';
const maxSimpleKeyLength = 128;

class Printer {
  readonly #step: number;
  #text = '';
  #column = 0;
  #indent = -1;
  #flowLevel = 0;
  /** Whether the last thing written separates by itself. */
  #whitespace = true;
  /** Whether nothing but indentation and `- ` was written on this line. */
  #indentation = true;
  /** The indentation at which the next line is set off by a blank line, because a foot comment is above; -1 for none. */
  #footIndent = -1;
  // Comments that are still to be written, at the next place that is fit for them.
  #head = '';
  #line = '';
  #foot = '';
  #tail = '';
  #keyLine = '';

  constructor(options: PrintOptions) {
    this.#step = options.indent;
  }

  print({ root, head, foot }: YamlDocument): string {
    if (head !== '') {
      this.#head = head;
      this.#writeHead();
      this.#break();
    }
    this.#takeComments(root, '');
    this.#writeHead();
    this.#node(root, 'root');
    this.#writeLineAndFoot(root);
    if (foot !== '') this.#foot = foot;
    this.#footIndent = 0;
    this.#writeFoot();
    this.#footIndent = -1;
    this.#startLine();
    return this.#text;
  }

  /** Takes what stands before the content of a node; `tail` is the foot comment of the entry before. */
  #takeComments(node: YamlNode, tail: string): void {
    const { head, line, foot } = node.comments;
    if (head !== '') this.#head = head;
    if (tail !== '') this.#tail = tail;
    if (isCollection(node)) return;
    if (line !== '') this.#line = line;
    if (foot !== '') this.#foot = foot;
  }

  /** Takes what stands behind the content of a collection. */
  #takeEndComments(node: YamlNode, tail: string): void {
    if (tail !== '') this.#tail = tail;
    if (node.comments.line !== '') this.#line = node.comments.line;
    if (node.comments.foot !== '') this.#foot = node.comments.foot;
  }

  #node(node: YamlNode, parent: Parent, simpleKey = false): void {
    switch (node.kind) {
      case 'alias':
        this.#indicator(`*${node.text}`, { separate: true });
        return;
      case 'unset':
        if (node.offset !== undefined || !isUntouched(node)) throw new UnprintableNodeError();
        this.#scalar({ ...node, kind: 'scalar', text: 'null' }, parent, simpleKey);
        return;
      case 'scalar':
        this.#scalar(node, parent, simpleKey);
        return;
      case 'map':
      case 'sequence': {
        this.#properties(node, writtenTag(node).tag);
        if (parent !== 'key' && this.#flowLevel === 0) {
          // Left over from a flow collection before that is now written as a block.
          this.#writeLine();
          this.#writeFoot();
        }
        const flow = this.#flowLevel > 0 || node.style === 'flow' || node.children.length === 0;
        if (flow) this.#flowCollection(node, parent);
        else if (node.kind === 'map') this.#blockMap(node, parent);
        else this.#blockSequence(node, parent);
      }
    }
  }

  #blockSequence(node: YamlNode, parent: Parent): void {
    const outer = this.#indent;
    this.#increaseIndent(false, parent);
    for (const item of node.children) {
      this.#takeComments(item, '');
      this.#writeHead();
      this.#startLine();
      this.#indicator('-', { separate: true, indentation: true });
      this.#node(item, 'sequence');
      this.#writeLineAndFoot(item);
    }
    this.#takeEndComments(node, '');
    this.#indent = outer;
  }

  #blockMap(node: YamlNode, parent: Parent): void {
    const outer = this.#indent;
    this.#increaseIndent(false, parent);
    let tail = '';
    for (const [key, value] of entriesOf(node)) {
      // The foot comment of an entry is written below its value.
      this.#takeComments({ ...key, comments: { ...key.comments, foot: '' } }, tail);
      tail = key.comments.foot;
      this.#writeHead();
      this.#startLine();
      if (this.#line !== '') {
        this.#keyLine = this.#line;
        this.#line = '';
      }
      const simple = isSimpleKey(key);
      if (!simple) this.#indicator('?', { separate: true, indentation: true });
      this.#node(key, 'key', simple);
      if (!simple) this.#startLine();
      this.#takeComments(value, '');
      this.#indicator(':', { separate: !simple, indentation: !simple });
      const inner = this.#indent;
      this.#writeKeyLine(value);
      this.#node(value, 'map');
      this.#writeLineAndFoot(value);
      this.#indent = inner;
    }
    this.#takeEndComments(node, tail);
    this.#writeHead();
    this.#indent = outer;
  }

  /** Writes a comment between a key and its value; a value that is no block goes on the next line. */
  #writeKeyLine(value: YamlNode): void {
    if (this.#keyLine === '') return;
    const comment = this.#keyLine;
    this.#keyLine = '';
    const silent = value.kind === 'scalar' && value.text === '' && writtenTag(value).tag === '';
    if (silent && this.#line === '') {
      this.#line = comment;
      return;
    }
    const line = this.#line;
    this.#line = comment;
    this.#writeLine();
    this.#line = line;
    if (!isCollection(value) || value.style === 'flow') {
      this.#indent = this.#aligned();
      this.#startLine();
    }
  }

  #flowCollection(node: YamlNode, parent: Parent): void {
    const map = node.kind === 'map';
    const outer = this.#indent;
    this.#indicator(map ? '{' : '[', { separate: true, whitespace: true });
    this.#increaseIndent(true, parent);
    this.#flowLevel++;
    const { tail, separated } = map ? this.#flowEntries(node) : this.#flowItems(node);
    this.#takeEndComments(node, tail);
    if (map) {
      const pending = this.#head + this.#foot + this.#tail !== '';
      if (pending && node.children.length > 0 && !separated) this.#indicator(',');
      this.#writeHead();
    }
    this.#flowLevel--;
    this.#indent = outer;
    if (!map && this.#column === 0) this.#startLine();
    this.#indicator(map ? '}' : ']');
    this.#writeLine();
    this.#writeFoot();
  }

  #flowItems(node: YamlNode): { tail: string; separated: boolean } {
    let separated = true;
    for (const item of node.children) {
      if (!separated) this.#indicator(',');
      this.#takeComments(item, '');
      this.#writeHead();
      if (this.#column === 0) this.#startLine();
      separated = !isCollection(item) && this.#line + this.#foot + this.#tail !== '';
      this.#node(item, 'root');
      if (separated) this.#indicator(',');
      this.#writeLineAndFoot(item);
    }
    return { tail: '', separated };
  }

  #flowEntries(node: YamlNode): { tail: string; separated: boolean } {
    let separated = true;
    let tail = '';
    for (const [key, value] of entriesOf(node)) {
      if (!separated) this.#indicator(',');
      this.#takeComments({ ...key, comments: { ...key.comments, foot: '' } }, tail);
      tail = key.comments.foot;
      this.#writeHead();
      if (this.#column === 0) this.#startLine();
      const simple = isSimpleKey(key);
      if (!simple) this.#indicator('?', { separate: true });
      this.#node(key, 'key', simple);
      this.#indicator(':', { separate: !simple });
      this.#takeComments(value, '');
      separated = !isCollection(value) && this.#line + this.#foot + this.#tail !== '';
      this.#node(value, 'map');
      if (separated) this.#indicator(',');
      this.#writeLineAndFoot(value);
    }
    return { tail, separated };
  }

  #scalar(node: YamlNode, parent: Parent, simpleKey: boolean): void {
    const { tag, quote } = writtenTag(node);
    const form = analyzeScalar(node.text);
    const wanted = wantedStyle(node, quote);
    const style = chooseStyle(wanted, node.text, form, { inFlow: this.#flowLevel > 0, simpleKey });
    this.#properties(node, tag);
    const outer = this.#indent;
    this.#increaseIndent(true, parent);
    this.#scalarText(node.text, style);
    this.#indent = outer;
  }

  #scalarText(text: string, style: ScalarStyle): void {
    switch (style) {
      case 'plain':
        if (text !== '' && !this.#whitespace) this.#write(' ');
        this.#write(text);
        if (text !== '') this.#whitespace = false;
        this.#indentation = false;
        return;
      case 'single':
        this.#indicator("'", { separate: true });
        this.#brokenText(text.replaceAll("'", "''"));
        this.#indicator("'");
        return;
      case 'double':
        this.#indicator(quoteDouble(text), { separate: true });
        return;
      case 'literal':
        this.#indicator(`|${blockHints(text, this.#step)}`, { separate: true });
        this.#blockText(text);
        return;
      case 'folded':
        this.#indicator(`>${blockHints(text, this.#step)}`, { separate: true });
        this.#blockText(unfold(text));
    }
  }

  /** Text in single quotes: a line break is written as a blank line. */
  #brokenText(text: string): void {
    for (const [index, line] of text.split(/(\n+)/).entries()) {
      if (index % 2 === 1) {
        this.#break();
        for (let count = 0; count < line.length; count++) this.#break();
      } else if (line !== '') {
        if (index > 0) this.#startLine();
        this.#write(line);
        this.#indentation = false;
      }
    }
  }

  #blockText(text: string): void {
    this.#break();
    this.#whitespace = true;
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line !== '') {
        this.#startLine();
        this.#write(line);
        this.#indentation = false;
      }
      if (index < lines.length - 1) this.#break();
    }
  }

  #properties(node: YamlNode, tag: string): void {
    if (node.anchor !== '') this.#indicator(`&${node.anchor}`, { separate: true });
    if (tag !== '') this.#indicator(tagText(tag), { separate: true });
  }

  #writeHead(): void {
    if (this.#tail !== '') {
      this.#startLine();
      this.#comment(this.#tail);
      this.#tail = '';
      this.#footIndent = Math.max(this.#indent, 0);
    }
    if (this.#head === '') return;
    this.#startLine();
    this.#comment(this.#head);
    this.#head = '';
  }

  /** Collections have written theirs at their end. */
  #writeLineAndFoot(node: YamlNode): void {
    if (isCollection(node)) return;
    this.#writeLine();
    this.#writeFoot();
  }

  #writeLine(): void {
    if (this.#line === '') return;
    if (!this.#whitespace) this.#write(' ');
    this.#comment(this.#line);
    this.#line = '';
  }

  #writeFoot(): void {
    if (this.#foot === '') return;
    this.#startLine();
    this.#comment(this.#foot);
    this.#foot = '';
    this.#footIndent = Math.max(this.#indent, 0);
  }

  #comment(comment: string): void {
    const lines = comment.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line !== '') {
        if (index > 0) this.#startLine();
        this.#write(line.startsWith('#') ? line : `# ${line}`);
        this.#indentation = false;
      }
      if (index < lines.length - 1 || line !== '') this.#break();
    }
    this.#whitespace = true;
  }

  #increaseIndent(flow: boolean, parent: Parent): void {
    if (this.#indent < 0) this.#indent = flow ? this.#step : 0;
    else this.#indent = parent === 'sequence' ? this.#indent + 2 : this.#aligned();
  }

  #aligned(): number {
    return this.#step * Math.floor((this.#indent + this.#step) / this.#step);
  }

  #startLine(): void {
    const indent = Math.max(this.#indent, 0);
    const used = this.#column > indent || (this.#column === indent && !this.#whitespace);
    if (!this.#indentation || used) this.#break();
    if (this.#footIndent === indent) this.#break();
    if (this.#column < indent) this.#write(' '.repeat(indent - this.#column));
    this.#whitespace = true;
    this.#footIndent = -1;
  }

  #indicator(
    text: string,
    how: { separate?: boolean; whitespace?: boolean; indentation?: boolean } = {},
  ): void {
    if (how.separate && !this.#whitespace) this.#write(' ');
    this.#write(text);
    this.#whitespace = how.whitespace ?? false;
    this.#indentation &&= how.indentation ?? false;
  }

  #write(text: string): void {
    this.#text += text;
    this.#column += text.length;
  }

  #break(): void {
    this.#text += '\n';
    this.#column = 0;
    this.#indentation = true;
  }
}

const isCollection = (node: YamlNode): boolean => node.kind === 'map' || node.kind === 'sequence';

const isUntouched = ({ comments }: YamlNode): boolean =>
  comments.head + comments.line + comments.foot === '';

function* entriesOf(map: YamlNode): Generator<[key: YamlNode, value: YamlNode]> {
  for (let at = 0; at + 1 < map.children.length; at += 2)
    yield map.children.slice(at, at + 2) as [YamlNode, YamlNode];
}

/** The tag to write, '' for none, and whether quotes are needed instead so that text stays text. */
function writtenTag(node: YamlNode): { tag: string; quote: boolean } {
  if (node.tag === '' || node.tagged) return { tag: node.tag, quote: false };
  if (node.kind !== 'scalar') {
    const implied = node.kind === 'map' ? '!!map' : '!!seq';
    return { tag: node.tag === implied ? '' : node.tag, quote: false };
  }
  if (node.tag === '!!str' && node.style !== 'plain') return { tag: '', quote: false };
  // A plain `<<` resolves to text in yq, so the tag of a merge key does not go without saying.
  const implied = resolveTag(node.text) === '!!merge' ? '!!str' : resolveTag(node.text);
  if (implied === node.tag) return { tag: '', quote: false };
  return node.tag === '!!str' ? { tag: '', quote: true } : { tag: node.tag, quote: false };
}

function wantedStyle(node: YamlNode, quote: boolean): ScalarStyle {
  if (node.style !== 'plain' && node.style !== 'block' && node.style !== 'flow') return node.style;
  if (node.text.includes('\n')) return 'literal';
  return quote ? 'double' : 'plain';
}

function isSimpleKey(key: YamlNode): boolean {
  if (isCollection(key)) {
    if (key.children.length > 0) return false;
  } else if (key.kind === 'scalar' && form(key).multiline) return false;
  const tag = key.kind === 'alias' ? '' : writtenTag(key).tag;
  const length =
    Buffer.byteLength(key.anchor) +
    Buffer.byteLength(tag) +
    (isCollection(key) ? 0 : Buffer.byteLength(key.text));
  return length <= maxSimpleKeyLength;
}

const form = (node: YamlNode): ScalarForm => analyzeScalar(node.text);

function tagText(tag: string): string {
  const full = tag.startsWith('!!') ? standardTagPrefix + tag.slice(2) : tag;
  if (full.startsWith(standardTagPrefix))
    return `!!${escapeTag(full.slice(standardTagPrefix.length))}`;
  return full.startsWith('!') ? `!${escapeTag(full.slice(1))}` : `!<${escapeTag(full)}>`;
}

const escapeTag = (tag: string): string =>
  tag.replace(/[^-\w;/?:@&=+$,.~*'()[\]]/gu, (character) => encodeURIComponent(character));

/** The digit and sign behind `|` and `>`: a text that begins with a space, and how it ends. */
function blockHints(text: string, step: number): string {
  const indent = /^[ \n]/.test(text) ? String(step) : '';
  if (!text.endsWith('\n')) return `${indent}-`;
  return text === '\n' || text.endsWith('\n\n') ? `${indent}+` : indent;
}

/** Doubles the line breaks that folding takes away: those between two lines that begin with no space. */
function unfold(text: string): string {
  let unfolded = '';
  let indented = true;
  let broken = true;
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) {
      // yq looks at the beginning of the whole text here, where this should look at the next line.
      if (!broken && !indented && !/^\n*(?:[ \t]|$)/.test(text)) unfolded += '\n';
      unfolded += '\n';
      broken = true;
    }
    if (line !== '') {
      unfolded += line;
      indented = /^[ \t]/.test(line);
      broken = false;
    }
  }
  return unfolded;
}
