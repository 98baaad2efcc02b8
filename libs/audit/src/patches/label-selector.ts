import { AuditError } from '../audit-error.ts';

type Test = (labels: ReadonlyMap<string, string>) => boolean;

/**
 * Reads a selector in Kubernetes' notation: `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a`, `!a`, `a>1`,
 * `a<1`, joined by commas. An empty text selects everything.
 *
 * @throws {AuditError} `unbuildable` for what is none.
 */
export function labelSelector(text: string): Test {
  const tests = requirements(text).map((part) => requirement(part, text));
  return (labels) => tests.every((test) => test(labels));
}

// Splits at the commas outside of parentheses.
function requirements(text: string): string[] {
  return (text.match(/(?:[^,()]|\([^()]*\))+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function requirement(part: string, text: string): Test {
  const set = /^([^\s=!<>]+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return operator === 'in'
      ? (labels) => values.includes(labels.get(key) ?? '') && labels.has(key)
      : (labels) => !labels.has(key) || !values.includes(labels.get(key) ?? '');
  }
  const compared = /^([^\s=!<>]+)\s*(==?|!=|<|>)\s*(\S*)$/.exec(part);
  if (compared) {
    const [, key = '', operator, value = ''] = compared;
    if (operator === '!=') return (labels) => labels.get(key) !== value;
    if (operator === '<')
      return (labels) => labels.has(key) && Number(labels.get(key)) < Number(value);
    if (operator === '>')
      return (labels) => labels.has(key) && Number(labels.get(key)) > Number(value);
    return (labels) => labels.get(key) === value;
  }
  const exists = /^(!?)\s*([^\s=!<>]+)$/.exec(part);
  if (exists) {
    const [, not, key = ''] = exists;
    return (labels) => labels.has(key) === (not === '');
  }
  throw new AuditError(
    'unbuildable',
    `Cannot audit the selector ${text}: ${part} is no requirement.`,
  );
}
