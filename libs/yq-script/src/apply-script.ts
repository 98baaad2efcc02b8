import { deleteMatches } from './delete.ts';
import { YqScriptError } from './errors.ts';
import type { YqScriptErrorCode } from './errors.ts';
import { merge } from './merge.ts';
import type { IndexProblem } from './navigate.ts';
import { parseScript } from './parse-script.ts';
import type { ScriptCommand, UnknownCommand } from './parse-script.ts';
import { printDocument, UnprintableNodeError } from './print.ts';
import { readDocuments } from './read-documents.ts';
import type { ReadDocuments } from './read-documents.ts';
import { TraceRecorder } from './trace.ts';
import type { CommandTrace } from './trace.ts';
import { update } from './update.ts';
import { createNode } from './yaml-node.ts';
import type { YamlDocument, YamlNode } from './yaml-node.ts';

export interface ApplyScriptOptions {
  /** The document to change, 0-based, or all of them; the others are written as they are. Default: 0. */
  readonly document?: number | 'all';
  /** What errors call the document. Default: `document`. */
  readonly documentName?: string;
  /** What errors call the script. Default: `script`. */
  readonly scriptName?: string;
  /** Spaces per level; yq takes anything but 2 to 9 for 2, and so does this. Default: 2. */
  readonly indent?: number;
  /** Whether flow collections, quotes and block scalars give way to the ordinary style (`yq -P`). Default: false. */
  readonly prettyPrint?: boolean;
}

export interface AppliedScript {
  /** All documents, with the script applied, as YAML. */
  readonly text: string;
  /** What each command did, in the order of the script. */
  readonly trace: CommandTrace[];
}

/**
 * Applies a write script of yq v3 (mikefarah 3.4.1: `yq write document --script script`) to a YAML text.
 * Takes texts and gives a text; reads and writes no files. Either the whole script is applied, or an
 * error is thrown.
 *
 * @example
 * const { text } = applyScript('a: 1\n', '- command: update\n  path: a\n  value: 2\n');
 * // 'a: 2\n'
 *
 * @throws {YqScriptError} where yq ends with an error or panics
 */
export function applyScript(
  document: string,
  script: string,
  options: ApplyScriptOptions = {},
): AppliedScript {
  const { documentName = 'document', scriptName = 'script' } = options;
  const commands = parseScript(script, scriptName);
  const read = readDocuments(document);
  const documents = selectableDocuments(read, options, documentName);
  const recorders = commands.map((command) =>
    isKnown(command) ? new TraceRecorder(command) : undefined,
  );

  const texts = documents.map((target, index) => {
    if (options.document === 'all' || index === (options.document ?? 0)) {
      if (isNull(target.root)) target.root = createNode('map');
      for (const [position, command] of commands.entries()) {
        const recorder = recorders[position];
        if (!isKnown(command) || !recorder) throw unknownCommand(command, scriptName);
        recorder.startDocument(index);
        applyCommand(target.root, command, recorder, scriptName);
        recorder.endDocument();
      }
    }
    if (options.prettyPrint) resetStyle(target.root);
    return print(target, options, commands, scriptName);
  });
  if (read.problem) throw documentSyntax(read.problem, documentName);

  return {
    text: texts.join('---\n'),
    trace: recorders.flatMap((recorder) => (recorder ? [recorder.finish()] : [])),
  };
}

/** The documents of the text; where there is none, an empty one to write to. */
function selectableDocuments(
  { documents, problem }: ReadDocuments,
  { document: wanted = 0 }: ApplyScriptOptions,
  file: string,
): YamlDocument[] {
  if (wanted !== 'all' && !(Number.isInteger(wanted) && wanted >= 0))
    throw new YqScriptError(
      'document-index',
      'apply',
      { file },
      `${wanted} is no index of a document. Give a whole number from 0, or 'all'.`,
    );
  if (documents.length === 0 && problem) throw documentSyntax(problem, file);
  if (documents.length === 0 && wanted === 0)
    return [{ root: createNode('map'), head: '', foot: '' }];
  if (wanted !== 'all' && wanted >= documents.length && !problem)
    throw new YqScriptError(
      'document-index',
      'apply',
      { file },
      `document ${wanted} is asked for, but there are only ${documents.length}.`,
    );
  return [...documents];
}

function applyCommand(
  root: YamlNode,
  command: ScriptCommand,
  recorder: TraceRecorder,
  file: string,
): void {
  const apply = { update, merge, delete: deleteMatches }[command.name];
  const problem = apply(root, command, recorder);
  if (problem === undefined) return;
  if (typeof problem === 'object')
    throw commandError('index-out-of-range', command, file, describeIndex(problem));
  const reason = {
    'negative-delete-index': 'a delete by negative index. Give the index from the start.',
    'empty-delete-path': 'a delete without a path. Give the path of what shall go.',
  }[problem];
  throw commandError(problem, command, file, reason);
}

const describeIndex = ({ index, length }: IndexProblem): string =>
  `index ${index} reaches before the first of ${length} items.`;

function print(
  document: YamlDocument,
  { indent = 2 }: ApplyScriptOptions,
  commands: readonly (ScriptCommand | UnknownCommand)[],
  file: string,
): string {
  try {
    return printDocument(document, { indent: indent >= 2 && indent <= 9 ? indent : 2 });
  } catch (error) {
    if (!(error instanceof UnprintableNodeError)) throw error;
    const culprit = commands.find(
      (command) => isKnown(command) && command.name !== 'delete' && command.value.kind === 'unset',
    );
    const reason = 'the command has no value. Give one, or delete the path.';
    if (!culprit) throw error;
    throw commandError('missing-value', culprit, file, reason, { cause: error });
  }
}

function resetStyle(node: YamlNode): void {
  node.style = node.kind === 'map' || node.kind === 'sequence' ? 'block' : 'plain';
  node.tagged = false;
  for (const child of node.children) resetStyle(child);
}

const isKnown = (command: ScriptCommand | UnknownCommand): command is ScriptCommand =>
  command.elements !== undefined;

const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && node.tag === '!!null';

const unknownCommand = (command: ScriptCommand | UnknownCommand, file: string): YqScriptError =>
  commandError(
    'unknown-command',
    command,
    file,
    `there is no command "${command.name}". Use update, delete or merge, in lower case.`,
  );

function commandError(
  code: YqScriptErrorCode,
  command: ScriptCommand | UnknownCommand,
  file: string,
  reason: string,
  options?: ErrorOptions,
): YqScriptError {
  return new YqScriptError(code, 'apply', { file, line: command.line, command }, reason, options);
}

function documentSyntax(
  { reason, line, column }: NonNullable<ReadDocuments['problem']>,
  file: string,
): YqScriptError {
  return new YqScriptError('document-syntax', 'read', { file, line, column }, reason);
}
