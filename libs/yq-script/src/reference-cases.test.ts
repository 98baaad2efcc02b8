import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { applyScript } from './apply-script.ts';
import type { ApplyScriptOptions } from './apply-script.ts';
import { YqScriptError } from './errors.ts';

const referenceData =
  process.env['PROW_DEPLOY_REFERENCE_DATA'] ??
  resolve(import.meta.dirname, '../../../../shared/data');

interface ReferenceCase {
  readonly name: string;
  readonly doc: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly exit: number;
  readonly expected: string;
  readonly unstable?: 'unparsable' | 'value-differs';
}

/** Where our text differs from that of yq 3.4.1, and why. Values are equal all the same. */
const textDifferences = new Map([
  ['flag/tojson', 'JSON output (-j) is not supported'],
  ['flag/tojson-pretty', 'JSON output (-j) is not supported'],
  [
    'retain/comment-on-replaced-map',
    'below a value that a comment separates from its key, yq indents the next key, which is no YAML',
  ],
]);

describe.skipIf(!existsSync(join(referenceData, 'yq-v3')))(
  'what yq 3.4.1 printed (skipped where the reference data yq-v3 is absent)',
  () => {
    const cases = readCases();

    test.each(cases)('$name', (reference) => {
      const { name, doc, script, exit, expected, unstable } = reference;
      const apply = () => applyScript(doc, script, readOptions(reference.args)).text;
      if (exit !== 0) {
        expect(apply).toThrow(YqScriptError);
        return;
      }
      const text = apply();
      if (unstable === undefined) expect(readValues(text)).toEqual(readValues(expected));
      if (textDifferences.has(name)) expect(text).not.toBe(expected);
      else expect(text).toBe(expected);
    });

    test('each listed difference is about a case that exists', () => {
      const names = new Set(cases.map(({ name }) => name));
      expect([...textDifferences.keys()].filter((name) => !names.has(name))).toEqual([]);
    });
  },
);

const deployment = join(referenceData, 'prow-deploy-2020');

describe.skipIf(!existsSync(deployment))(
  'the configuration of 2020 is rendered (skipped where the reference data prow-deploy-2020 is absent)',
  () => {
    test.each(findScripts())('$environment $file', ({ environment, file }) => {
      const document = readFileSync(join(deployment, 'base/configs/20201021', file), 'utf8');
      const script = join(deployment, 'environments', environment, 'yq_scripts', file);
      const { text, trace } = applyScript(document, readFileSync(script, 'utf8'));

      const rendered = join(deployment, 'expected', environment, file);
      expect(text).toBe(readFileSync(rendered, 'utf8'));
      expect(trace.filter(({ matchedNothing }) => matchedNothing)).toEqual([]);
    });
  },
);

function readCases(): ReferenceCase[] {
  const path = join(referenceData, 'yq-v3/cases.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReferenceCase);
}

function findScripts(): { environment: string; file: string }[] {
  if (!existsSync(deployment)) return [];
  return readdirSync(join(deployment, 'environments')).flatMap((environment) =>
    ['config/config.yaml', 'plugins/plugins.yaml', 'labels/labels.yaml']
      .filter((file) =>
        existsSync(join(deployment, 'environments', environment, 'yq_scripts', file)),
      )
      .map((file) => ({ environment, file })),
  );
}

function readOptions(args: readonly string[]): ApplyScriptOptions {
  const after = (...flags: string[]) =>
    args.find((_, index) => flags.includes(args[index - 1] ?? ''));
  const document = after('-d', '--doc') ?? '0';
  return {
    document: document === '*' ? 'all' : Number(document),
    indent: Number(after('-I') ?? 2),
    prettyPrint: args.includes('-P'),
  };
}

function readValues(text: string): unknown[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  return [...documents].map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as unknown;
  });
}
