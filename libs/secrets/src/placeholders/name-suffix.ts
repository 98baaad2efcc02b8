import { createHash } from 'node:crypto';
import type { SecretObject } from './fill-placeholders.ts';

/**
 * The suffix that kustomize appends to the name of a generated Secret unless `disableNameSuffixHash` is set: a digest of
 * its content, in ten characters. `data` has to be as kustomize writes it, see {@link wrapBase64}.
 *
 * A suffix tells whoever may list names whether a guess at the values is right: it has no key. A Secret of little chance
 * should go without one.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/hasher/hasher.go
 */
export function nameSuffix({ data, stringData, type }: SecretObject): string {
  const content = {
    data: sorted(data),
    kind: 'Secret',
    // kustomize looks the name up where no object has it.
    name: '',
    ...(stringData ? { stringData: sorted(stringData) } : {}),
    type: type ?? '',
  };
  // Go's encoder writes these as escapes.
  const json = JSON.stringify(content).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  const hex = createHash('sha256').update(json).digest('hex').slice(0, 10);
  const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  return hex.replace(/./g, (digit) => letters[digit] ?? digit);
}

/** Whether the name of a Secret, as it was rendered, ends with the suffix of what it holds: kustomize gave it that name. */
export function hasNameSuffix(secret: SecretObject): boolean {
  const name = secret.metadata?.name ?? '';
  const at = name.lastIndexOf('-');
  return at > 0 && nameSuffix(secret) === name.slice(at + 1);
}

function sorted(
  record: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | '' {
  if (!record) return '';
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Base64 as kustomize writes it into a Secret: longer than 69 characters, it is broken into lines of 70. */
export function wrapBase64(bytes: Buffer): string {
  const encoded = bytes.toString('base64');
  return encoded.length < 70 ? encoded : encoded.replace(/.{1,70}/g, '$&\n');
}
