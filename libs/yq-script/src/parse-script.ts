import { YqScriptError } from './errors.ts';
import { parsePath } from './parse-path.ts';
import type { PathElement } from './parse-path.ts';
import { readDocuments } from './read-documents.ts';
import type { ReadDocuments } from './read-documents.ts';
import { createNode } from './yaml-node.ts';
import type { YamlNode } from './yaml-node.ts';

export const commandNames = ['update', 'delete', 'merge'] as const;
export type CommandName = (typeof commandNames)[number];

/** A command of a script. */
export interface ScriptCommand {
  /** 1-based position among the commands of the script. */
  readonly number: number;
  readonly name: CommandName;
  /** Path as written; '' for none. */
  readonly path: string;
  readonly elements: readonly PathElement[];
  /** The node under `value`; one of kind `unset` for a command without it. */
  readonly value: YamlNode;
  /** 1-based line of the script where the command begins. */
  readonly line: number;
}

/** A command whose name is not known. yq notices when it comes to it, after the commands before. */
export interface UnknownCommand {
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly elements?: undefined;
}

type Fields = Partial<Record<'command' | 'path' | 'value', YamlNode>>;

/**
 * Reads a write script: a list of maps with the fields `command`, `path` and `value`, other fields
 * ignored. Only the first document of the text counts, empty list items are skipped, aliases and merge
 * keys work, and an empty text is a script without commands.
 *
 * @throws {YqScriptError} script-syntax, script-structure
 */
export function parseScript(text: string, file: string): (ScriptCommand | UnknownCommand)[] {
  const { documents, positionOf, problem } = readDocuments(text);
  const [document] = documents;
  if (problem && !document) {
    const { reason, line, column } = problem;
    throw new YqScriptError('script-syntax', 'read', { file, line, column }, reason);
  }
  const reader = new ScriptReader(file, positionOf);
  return document ? reader.readCommands(document.root) : [];
}

class ScriptReader {
  readonly #file: string;
  readonly #positionOf: ReadDocuments['positionOf'];

  constructor(file: string, positionOf: ReadDocuments['positionOf']) {
    this.#file = file;
    this.#positionOf = positionOf;
  }

  readCommands(root: YamlNode): (ScriptCommand | UnknownCommand)[] {
    const list = followAlias(root);
    if (isNull(list)) return [];
    if (list.kind !== 'sequence')
      this.#fail(list, `a script is a list of commands, not a ${list.kind}`);
    return list.children
      .filter((item) => !isNull(followAlias(item)))
      .map((item, index) => this.#readCommand(item, index + 1));
  }

  #readCommand(item: YamlNode, number: number): ScriptCommand | UnknownCommand {
    const fields: Fields = {};
    this.#readFields(item, fields);
    const name = this.#readText(fields.command, 'command');
    const path = this.#readText(fields.path, 'path');
    const { line } = this.#positionOf(item.offset ?? 0);
    if (!isCommandName(name)) return { number, name, path, line };
    const value = fields.value ?? createNode('unset');
    return { number, name, path, elements: parsePath(path), value, line };
  }

  #readFields(item: YamlNode, fields: Fields): void {
    const map = followAlias(item);
    if (map.kind !== 'map')
      this.#fail(item, `a command is a map with command, path and value, not a ${map.kind}`);
    const seen = new Set<string>();
    for (let at = 0; at + 1 < map.children.length; at += 2) {
      const [key, value] = map.children.slice(at, at + 2) as [YamlNode, YamlNode];
      if (key.tag === '!!merge') this.#mergeFields(value, fields);
      else {
        const name = this.#readText(key, 'field name');
        if (seen.has(name)) this.#fail(key, `the field ${name} is given twice in one command`);
        seen.add(name);
        if (name === 'command' || name === 'path' || name === 'value') fields[name] = value;
      }
    }
  }

  #mergeFields(source: YamlNode, fields: Fields): void {
    const target = followAlias(source);
    if (target.kind !== 'sequence') {
      this.#readFields(source, fields);
      return;
    }
    for (const item of target.children.toReversed()) this.#readFields(item, fields);
  }

  #readText(node: YamlNode | undefined, what: string): string {
    const scalar = node && followAlias(node);
    if (!scalar || isNull(scalar)) return '';
    if (scalar.kind !== 'scalar') this.#fail(scalar, `the ${what} is a ${scalar.kind}, not a text`);
    return scalar.text;
  }

  #fail(node: YamlNode, reason: string): never {
    throw new YqScriptError(
      'script-structure',
      'read',
      { file: this.#file, ...this.#positionOf(node.offset ?? 0) },
      reason,
    );
  }
}

const followAlias = (node: YamlNode): YamlNode => node.target ?? node;

const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && node.tag === '!!null';

const isCommandName = (name: string): name is CommandName =>
  (commandNames as readonly string[]).includes(name);
