/** Why a script could not be applied. A panic of yq 3.4.1 is an error here, with a code of its own. */
export const yqScriptErrorCodes = [
  /** The script is no valid YAML, or refers to an anchor that does not exist. */
  'script-syntax',
  /** The script is valid YAML, but no list of commands with `command`, `path` and `value`. */
  'script-structure',
  /** A command is neither update nor delete nor merge; the words are case-sensitive. */
  'unknown-command',
  /** An update or merge has no `value`, and its path leads to something that was in the document before. */
  'missing-value',
  /** A negative index reaches before the first item of its sequence. */
  'index-out-of-range',
  /** A delete whose last path element is a negative index: yq 3.4.1 panics. */
  'negative-delete-index',
  /** A delete without a path: yq 3.4.1 panics. */
  'empty-delete-path',
  /** The document is no valid YAML, or refers to an anchor that does not exist. */
  'document-syntax',
  /** `options.document` is no index of a document in the text. */
  'document-index',
] as const;

export type YqScriptErrorCode = (typeof yqScriptErrorCodes)[number];

/** Where the error is: in the script (with the command, if one is to blame), or in the document. */
export interface YqScriptErrorPlace {
  /** Name of the file, as given in the options. */
  readonly file: string;
  /** 1-based line in that file. */
  readonly line?: number | undefined;
  /** 1-based column in that file. */
  readonly column?: number | undefined;
  /** The command being applied: 1-based number, name and path as written in the script. */
  readonly command?:
    { readonly number: number; readonly name: string; readonly path: string } | undefined;
}

/**
 * The only error that `applyScript` throws. Its message reads
 * `Cannot apply scripts/config.yaml:4: command 2 (update plank.foo): reason. Remedy.`
 */
export class YqScriptError extends Error {
  override readonly name = 'YqScriptError';
  readonly code: YqScriptErrorCode;
  readonly place: YqScriptErrorPlace;

  constructor(
    code: YqScriptErrorCode,
    verb: 'apply' | 'read',
    place: YqScriptErrorPlace,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Cannot ${verb} ${describePlace(place)}: ${reason}`, options);
    this.code = code;
    this.place = place;
  }
}

function describePlace({ file, line, column, command }: YqScriptErrorPlace): string {
  let text = file;
  if (line !== undefined) text += `:${line}`;
  if (column !== undefined) text += `:${column}`;
  if (command) text += `: command ${command.number} (${`${command.name} ${command.path}`.trim()})`;
  return text;
}
