import {
  type Document,
  LineCounter,
  type ScalarTag,
  type Tags,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import { AuditError } from '../audit-error.ts';
import { MAX_DEPTH, MAX_NODES, MAX_TOKENS } from './limits.ts';

/** A YAML text that knows the line of each of its nodes. */
export interface YamlText {
  /** The value of each document, in the types of JSON; empty documents are `null`. */
  readonly documents: readonly unknown[];
  /** The line, from 1, of the key or item that `path` leads to, or of its closest parent that exists. */
  line(path: readonly (string | number)[], document?: number): number;
}

/** How plain scalars become values. */
export interface ParseYamlOptions {
  /**
   * `manifest` is kustomize's way with objects (YAML 1.2, but 0644 is octal), `configuration` its way with
   * kustomizations and JSON 6902 patches, where yes, no, on and off are booleans. Default: `manifest`.
   */
  readonly scalars?: 'manifest' | 'configuration';
  /** Line of the text's first line in its file. Default: 1. */
  readonly firstLine?: number;
}

/**
 * Parses untrusted YAML.
 *
 * @param shown path of the file for messages
 * @throws {AuditError} `unreadable` for a syntax error, with its line; `too-large` for aliases that explode, too many
 * values or too deep nesting.
 */
export function parseYaml(text: string, shown: string, options: ParseYamlOptions = {}): YamlText {
  const { scalars = 'manifest', firstLine = 1 } = options;
  refuseDeepFlow(text, shown);
  if (countTokens(text) > MAX_TOKENS) throw tooMany(shown);
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number =>
    Math.max(1, lineCounter.linePos(offset).line) + firstLine - 1;
  const parsed = guarded(shown, () =>
    parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: 'error',
      merge: true,
      schema: 'core',
      customTags: scalars === 'manifest' ? manifestTags : configurationTags,
    }),
  );
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [parsed];
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) {
    // The parser's own limit.
    if (/nest|stack|deep/i.test(error.message)) throw tooDeep(shown, error);
    throw new AuditError(
      'unreadable',
      `Cannot parse ${shown}:${lineAt(error.pos[0])}: ${error.message}`,
      { cause: error },
    );
  }
  const values = guarded(shown, () =>
    documents.map((document): unknown => {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      refuseLarge(value, shown);
      return value;
    }),
  );
  return {
    documents: values,
    line: (path, document = 0) => lineAt(offsetOf(documents[document], path)),
  };
}

// Octal numbers are written 0644 in manifests, which YAML 1.2 reads as decimal.
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};
const yes: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[Yy]es|YES|[Oo]n|ON)$/,
  resolve: () => true,
};
const no: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[Nn]o|NO|[Oo]ff|OFF)$/,
  resolve: () => false,
};
const manifestTags = (tags: Tags): Tags => [octal, ...tags];
const configurationTags = (tags: Tags): Tags => [octal, yes, no, ...tags];

/** How many lines, commas and colons a text has: what it takes to parse it grows with them. */
export function countTokens(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 44 || code === 58) count += 1;
  }
  return count;
}

function tooMany(shown: string): AuditError {
  return new AuditError('too-large', `Cannot audit ${shown}: it holds too many values. Split it.`);
}

// The parser recurses on nesting and takes quadratic time in unclosed brackets: a run of them is refused before.
function refuseDeepFlow(text: string, shown: string): void {
  const run = new RegExp(`(?:[[{]\\s*){${MAX_DEPTH}}|(?:[-?]\\s+){${MAX_DEPTH}}`);
  if (run.test(text)) throw tooDeep(shown);
}

function guarded<T>(shown: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AuditError) throw error;
    if (error instanceof ReferenceError) {
      throw new AuditError(
        'too-large',
        `Cannot audit ${shown}: its aliases expand without end. Write the values out.`,
        { cause: error },
      );
    }
    // The call stack was used up.
    if (error instanceof RangeError) throw tooDeep(shown, error);
    throw error;
  }
}

function tooDeep(shown: string, cause?: unknown): AuditError {
  return new AuditError(
    'too-large',
    `Cannot audit ${shown}: it nests more than ${MAX_DEPTH} levels deep.`,
    { cause },
  );
}

// Aliases give one value in many places: each place counts, as it will when the value is written out.
function refuseLarge(value: unknown, shown: string): void {
  let nodes = 0;
  const visit = (node: unknown, depth: number): void => {
    nodes += 1;
    if (nodes > MAX_NODES) {
      throw new AuditError(
        'too-large',
        `Cannot audit ${shown}: it expands to more than ${MAX_NODES} values. Split it.`,
      );
    }
    if (depth > MAX_DEPTH) throw tooDeep(shown);
    if (Array.isArray(node)) for (const item of node) visit(item, depth + 1);
    else if (node !== null && typeof node === 'object') {
      for (const item of Object.values(node)) visit(item, depth + 1);
    }
  };
  visit(value, 0);
}

// The offset of the deepest node on the way along `path`.
function offsetOf(
  document: Document.Parsed | undefined,
  path: readonly (string | number)[],
): number {
  let node: unknown = document?.contents;
  let offset = startOf(node) ?? document?.range[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isScalar(node) || isSeq(node) ? node.range?.[0] : undefined;
}
