import type * as v from 'valibot';
import { parseDocument } from 'yaml';

/** What a text holds as JSON; `undefined` where it is none. The parser's own message would quote the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a text holds as one YAML document; `undefined` where it is none. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
}

/** Where a value differs from its schema: the field alone, because a schema's message would quote the value. */
export function describeIssue([issue]: readonly v.BaseIssue<unknown>[]): string {
  const field = (issue?.path ?? []).map(({ key }) => String(key)).join('.');
  return field === '' ? 'it has another form' : `${field} is missing or has another form`;
}
