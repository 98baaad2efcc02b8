import { isScalar, parseDocument } from 'yaml';

/**
 * Another value for one scalar of a YAML text, whatever stands around it left as it is: one line changes. The value is
 * quoted as the old one was, or where it would be read as something else than a text.
 *
 * @returns undefined where `path` leads to no scalar of one line.
 */
export function setScalar(
  text: string,
  path: readonly (string | number)[],
  change: (value: string) => string,
): string | undefined {
  const node = parseDocument(text).getIn(path, true);
  if (!isScalar(node) || !node.range) return undefined;
  const [start, end] = node.range;
  const written = text.slice(start, end);
  if (written.includes('\n')) return undefined;
  const value = change(String(node.source ?? node.value));
  return `${text.slice(0, start)}${quoted(value, written)}${text.slice(end)}`;
}

function quoted(value: string, as: string): string {
  if (as.startsWith("'")) return `'${value.replaceAll("'", "''")}'`;
  if (as.startsWith('"')) return JSON.stringify(value);
  const isPlain = /^[\w./][\w./:@-]*$/.test(value) && !value.endsWith(':');
  return isPlain && typeof parseDocument(value).toJS() === 'string'
    ? value
    : `'${value.replaceAll("'", "''")}'`;
}
