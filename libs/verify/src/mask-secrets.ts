import type { KubernetesObject } from '@prow-deploy/apply';

const MASK = '(masked)';
/** Shorter ones are parts of words. */
const SHORTEST = 6;

/** Takes the values of the manifest's Secrets out of texts: as they are, line by line, and in base64. */
export function maskSecrets(objects: readonly KubernetesObject[]): (text: string) => string {
  const values = new Set<string>();
  for (const { kind, data, stringData } of objects) {
    if (kind !== 'Secret') continue;
    for (const encoded of Object.values((data ?? {}) as Readonly<Record<string, string>>)) {
      const text = Buffer.from(encoded, 'base64').toString('utf8');
      for (const form of [encoded, text, text.trim(), ...text.split('\n')]) values.add(form);
    }
    for (const text of Object.values((stringData ?? {}) as Readonly<Record<string, string>>)) {
      for (const form of [text, text.trim(), ...text.split('\n')]) values.add(form);
    }
  }
  // The longest first, so that no value is left half visible by a shorter one within it.
  const forms = [...values]
    .filter((value) => value.trim().length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}
