import { Composer, LineCounter, Parser } from 'yaml';
import type { CST } from 'yaml';

import { NodeBuilder } from './build-nodes.ts';
import { CommentCursor } from './comment-cursor.ts';
import { scanComments } from './comment-tokens.ts';
import type { YamlDocument } from './yaml-node.ts';

/** A place in a text: 1-based line and column. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Why a text is no YAML that yq reads, and where. */
export interface SyntaxProblem extends TextPosition {
  readonly reason: string;
}

export interface ReadDocuments {
  /** The documents before the first problem. */
  readonly documents: readonly YamlDocument[];
  readonly problem?: SyntaxProblem;
  /** Where an offset in the text is. */
  readonly positionOf: (offset: number) => TextPosition;
}

const composeOptions = {
  schema: 'failsafe',
  resolveKnownTags: false,
  merge: false,
  uniqueKeys: false,
  keepSourceTokens: true,
  logLevel: 'silent',
} as const;

/**
 * Reads all documents of a YAML text. Scalars stay text (nothing is rounded or respelled), keys may
 * repeat, and an anchor may be used in later documents: as in yq 3.4.1. What only yq refuses, although it
 * is YAML, is refused where it would change the meaning: directives, and documents without `---`. Some
 * YAML 1.2 that yq cannot read is read (`"\/"`, an empty key, an anchor with a dot in its name).
 */
export function readDocuments(text: string): ReadDocuments {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const positionOf = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const documents: YamlDocument[] = [];
  const stop = (reason: string, offset: number): ReadDocuments => ({
    documents,
    positionOf,
    problem: { reason, ...positionOf(offset) },
  });

  const refused = controlCharacter.exec(text);
  if (refused) return stop('control characters are not allowed', refused.index);
  const comments = text.includes('#')
    ? new CommentCursor(scanComments(text, tokens, lines))
    : undefined;
  const builder = new NodeBuilder(text, comments);
  const sources = tokens.filter((token) => token.type === 'document');
  const directive = tokens.find((token) => isRefusedDirective(token));
  for (const document of new Composer(composeOptions).compose(tokens)) {
    const source = sources.shift();
    if (directive && source && directive.offset < source.offset) break;
    const [error] = document.errors;
    if (error) return stop(error.message, error.pos[0]);
    if (source && !isStarted(source)) {
      const empty = isEmpty(source);
      if (documents.length === 0 && empty)
        return stop('there is an end marker, but no document', source.offset);
      if (documents.length > 0 && !empty)
        return stop('a further document begins with ---', source.offset);
      if (empty) continue;
    }
    const head = comments?.startDocument(documents.length === 0) ?? '';
    const root = builder.build(document.contents);
    if (builder.problem) return stop(builder.problem.reason, builder.problem.offset);
    documents.push({ root, head, foot: comments?.endDocument() ?? '' });
  }
  if (directive) return stop('there is no directive but %YAML 1.1 and %TAG', directive.offset);
  return { documents, positionOf };
}

// eslint-disable-next-line no-control-regex -- yq refuses a text that has any of these.
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

const isStarted = (document: CST.Document): boolean =>
  document.start.some(({ type }) => type === 'doc-start');

const isEmpty = ({ start, value }: CST.Document): boolean =>
  !value && !start.some(({ type }) => type === 'anchor' || type === 'tag');

const isRefusedDirective = (token: CST.Token): boolean =>
  token.type === 'directive' && !/^%(?:YAML[ \t]+1\.1(?:\s|$)|TAG\s)/.test(token.source);
