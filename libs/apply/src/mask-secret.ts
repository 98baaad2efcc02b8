import { createMask, MASK } from '@prow-deploy/secrets';
import type { KubernetesObject } from './kubernetes-object.ts';
import { without } from './without.ts';

/**
 * Takes the values of a Secret out of a text that may echo them, such as an API server's refusal. Each value is
 * looked for however it may be written, also where it is too short for any other text; what a message gives as "the value" goes in any
 * case. A text about another kind is returned as it is.
 */
export function maskSecret(text: string, object: KubernetesObject): string {
  if (object.kind !== 'Secret') return text;
  const mask = createMask();
  const values = new Set<string>();
  for (const value of scalars([
    without(object, 'apiVersion', 'kind', 'metadata'),
    object.metadata.annotations,
  ])) {
    for (const bytes of [Buffer.from(value), Buffer.from(value, 'base64')]) {
      mask.learn(object.metadata.name, bytes);
      const form = bytes.toString('utf8');
      for (const line of [form, ...form.split('\n'), form.trim()]) {
        values.add(line);
        values.add(JSON.stringify(line).slice(1, -1));
      }
    }
  }
  // The longest first, so that no value is left half visible by a shorter one within it.
  const found = [...values]
    .filter((value) => value.length >= 3)
    .sort((a, b) => b.length - a.length);
  let masked = mask.text(text);
  for (const value of found) masked = masked.replaceAll(value, MASK);
  return masked
    .replace(
      /(Invalid value|Unsupported value|Duplicate value): (?:"(?:[^"\\]|\\.)*"|[^:\s]+)/g,
      `$1: ${MASK}`,
    )
    .replace(/got &?value\..*$/s, `got ${MASK}`)
    .replace(/invalid character '(?:[^'\\]|\\.)*'/g, `invalid character ${MASK}`);
}

function* scalars(value: unknown): Generator<string> {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) yield* scalars(member);
  } else if (typeof value === 'string') {
    yield value;
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    yield String(value);
  }
}
