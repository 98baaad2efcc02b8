import { runInNewContext } from 'node:vm';
import { AuditError } from '../audit-error.ts';

/**
 * A test for a regular expression of Go, which kustomize takes in many places.
 *
 * @throws {AuditError} `unbuildable` for an expression that does not parse; when it is used, `too-large` for one that
 * takes too long.
 */
export function pattern(source: string): (text: string) => boolean {
  // Go writes flags inside the expression, JavaScript beside it.
  const flags = /^(\^?(?:\(\?:)?)\(\?([is]+)\)/.exec(source);
  let expression: RegExp;
  try {
    expression = new RegExp(
      flags ? `${flags[1] ?? ''}${source.slice(flags[0].length)}` : source,
      flags?.[2] ?? '',
    );
  } catch (cause) {
    throw new AuditError(
      'unbuildable',
      `Cannot audit the pattern ${source}: it is no regular expression.`,
      { cause },
    );
  }
  // Repeated groups and references can take exponential time here, as they cannot in Go: those run against the clock.
  if (!/\)[*+{?]|\\[1-9]/.test(source.slice(0, -2)) && (source.match(/[*+]/g) ?? []).length < 4) {
    return (text) => expression.test(text);
  }
  return (text) => testInTime(expression, text);
}

function testInTime(expression: RegExp, text: string): boolean {
  try {
    return (
      runInNewContext('expression.test(text)', { expression, text }, { timeout: 500 }) === true
    );
  } catch (cause) {
    throw new AuditError(
      'too-large',
      `Cannot audit the pattern ${expression.source}: it takes too long to match. Write it without nested repetition.`,
      { cause },
    );
  }
}
