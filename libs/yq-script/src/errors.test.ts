import { describe, expect, test } from 'vitest';

import { applyScript } from './apply-script.ts';
import type { ApplyScriptOptions } from './apply-script.ts';
import { YqScriptError, yqScriptErrorCodes } from './errors.ts';
import type { YqScriptErrorCode } from './errors.ts';

interface Failure {
  readonly code: YqScriptErrorCode;
  readonly title: string;
  readonly document?: string;
  readonly script: string;
  readonly options?: ApplyScriptOptions;
  readonly message: string;
}

const update = '- command: update\n  path: a\n  value: 1\n';

const failures: Failure[] = [
  {
    code: 'script-syntax',
    title: 'a script that is no YAML',
    script: '- command: update\n  path: [a\n',
    message:
      'Cannot read s.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
  },
  {
    code: 'script-syntax',
    title: 'a script with an unknown anchor',
    script: '- command: update\n  path: *p\n',
    message: "Cannot read s.yaml:2:9: unknown anchor 'p' referenced",
  },
  {
    code: 'script-structure',
    title: 'a script that is no list',
    script: 'hello\n',
    message: 'Cannot read s.yaml:1:1: a script is a list of commands, not a scalar',
  },
  {
    code: 'script-structure',
    title: 'a command that is no map',
    script: `${update}- update\n`,
    message:
      'Cannot read s.yaml:4:3: a command is a map with command, path and value, not a scalar',
  },
  {
    code: 'script-structure',
    title: 'a path that is a list',
    script: '- command: update\n  path: [a, b]\n  value: 2\n',
    message: 'Cannot read s.yaml:2:9: the path is a sequence, not a text',
  },
  {
    code: 'script-structure',
    title: 'a field given twice',
    script: '- command: update\n  path: a\n  path: b\n',
    message: 'Cannot read s.yaml:3:3: the field path is given twice in one command',
  },
  {
    code: 'unknown-command',
    title: 'another word',
    script: `${update}\n- command: Update\n  path: a.b\n`,
    message:
      'Cannot apply s.yaml:5: command 2 (Update a.b): there is no command "Update". Use update, delete or merge, in lower case.',
  },
  {
    code: 'unknown-command',
    title: 'no command, as the field names are in the wrong case',
    script: '- Command: update\n  Path: a\n',
    message:
      'Cannot apply s.yaml:1: command 1 (): there is no command "". Use update, delete or merge, in lower case.',
  },
  {
    code: 'missing-value',
    title: 'an update without a value where there is one',
    script: `${update}- command: update\n  path: a\n`,
    message:
      'Cannot apply s.yaml:4: command 2 (update a): the command has no value. Give one, or delete the path.',
  },
  {
    code: 'index-out-of-range',
    title: 'a negative index before the first item',
    document: 'l: [1, 2]\n',
    script: '- command: update\n  path: l[-3]\n  value: 1\n',
    message:
      'Cannot apply s.yaml:1: command 1 (update l[-3]): index -3 reaches before the first of 2 items.',
  },
  {
    code: 'negative-delete-index',
    title: 'a delete by negative index, where yq panics',
    document: 'l: [1, 2]\n',
    script: '- command: delete\n  path: l[-1]\n',
    message:
      'Cannot apply s.yaml:1: command 1 (delete l[-1]): a delete by negative index. Give the index from the start.',
  },
  {
    code: 'empty-delete-path',
    title: 'a delete without a path, where yq panics',
    script: '- command: delete\n',
    message:
      'Cannot apply s.yaml:1: command 1 (delete): a delete without a path. Give the path of what shall go.',
  },
  {
    code: 'document-syntax',
    title: 'a document that is no YAML',
    document: 'a: 1\nb: "x\n',
    script: update,
    message: 'Cannot read d.yaml:3:1: Missing closing "quote',
  },
  {
    code: 'document-syntax',
    title: 'a second document that is no YAML',
    document: 'a: 1\n---\nb: [\n',
    script: update,
    message:
      'Cannot read d.yaml:4:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
  },
  {
    code: 'document-syntax',
    title: 'an unknown anchor in the document',
    document: 'a: 1\nb: *nope\n',
    script: update,
    message: "Cannot read d.yaml:2:4: unknown anchor 'nope' referenced",
  },
  {
    code: 'document-syntax',
    title: 'another version of YAML',
    document: '%YAML 1.2\n---\na: 1\n',
    script: update,
    message: 'Cannot read d.yaml:1:1: there is no directive but %YAML 1.1 and %TAG',
  },
  {
    code: 'document-index',
    title: 'a document that is not there',
    document: 'a: 1\n---\na: 2\n',
    script: update,
    options: { document: 2 },
    message: 'Cannot apply d.yaml: document 2 is asked for, but there are only 2.',
  },
  {
    code: 'document-index',
    title: 'an index that is no whole number',
    script: update,
    options: { document: NaN },
    message:
      "Cannot apply d.yaml: NaN is no index of a document. Give a whole number from 0, or 'all'.",
  },
];

describe('an error names the file, the line, the command and the path for', () => {
  test.each(failures)('$title', ({ document = 'a: 1\n', script, options, code, message }) => {
    const names = { documentName: 'd.yaml', scriptName: 's.yaml' };
    const error = catchError(() => applyScript(document, script, { ...names, ...options }));
    expect(error).toBeInstanceOf(YqScriptError);
    expect(error).toMatchObject({ name: 'YqScriptError', code, message });
  });

  test('each code', () => {
    const tried = new Set(failures.map(({ code }) => code));
    expect(yqScriptErrorCodes.filter((code) => !tried.has(code))).toEqual([]);
  });
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
