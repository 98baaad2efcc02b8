import { parseDocument } from 'yaml';
import { checkToken } from './check-token.ts';

/**
 * Estimated bits that a key needs. NIST SP 800-131A asks for 112 bits of key strength; the estimate of a text this short
 * is too low, and of random bytes sometimes lower still: the least seen in 800,000 estimates of 20 random bytes, in hex
 * or base64, is 99. The bound leaves room below that, so that no such key is ever refused.
 */
const BITS = 80;
const REMEDY = 'make one with openssl rand -hex 20';

/**
 * Checks the keys that webhooks are signed with, in either form that Prow takes: one key, or a YAML map of organizations
 * and repositories, each with a list of `value` and `created_at`.
 *
 * @see https://docs.prow.k8s.io/docs/components/core/hook/
 */
export function checkHmac(text: string): string | undefined {
  const { contents, errors } = parseDocument(text);
  const content: unknown = errors.length > 0 ? undefined : contents?.toJSON();
  if (typeof content !== 'object' || content === null) return checkKey(text.trim());
  for (const [name, keys] of Object.entries(content as Record<string, unknown>)) {
    if (!Array.isArray(keys) || keys.length === 0) return `has no list of keys for ${name}`;
    for (const key of keys as unknown[]) {
      const value = (key as { value?: unknown } | null)?.value;
      if (typeof value !== 'string') return `has no text as value of a key for ${name}`;
      const problem = checkKey(value);
      if (problem !== undefined) return `${problem} (for ${name})`;
    }
  }
  return undefined;
}

function checkKey(key: string): string | undefined {
  return (
    checkToken(key) ??
    (estimatedBits(key) < BITS ? `is too easy to guess for an HMAC key: ${REMEDY}` : undefined)
  );
}

/**
 * Estimates from below how many bits of chance a text holds: characters that could not be foretold from those before
 * them (by a repeated triple, or by a run such as `1234` or `aaaa`), times the entropy of the text's characters.
 */
export function estimatedBits(text: string): number {
  const characters = Array.from(text);
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / characters.length;
    entropy -= share * Math.log2(share);
  }
  const seen = new Set<string>();
  const surprising = characters.filter((character, index) => {
    const triple = characters.slice(index - 2, index + 1).join('');
    if (index < 2) return true;
    const [first = '', second = ''] = triple;
    const isRun = code(second) - code(first) === code(character) - code(second);
    const isRepeated = seen.has(triple);
    seen.add(triple);
    return !isRun && !isRepeated;
  });
  return surprising.length * entropy;
}

function code(character: string): number {
  return character.codePointAt(0) ?? 0;
}
