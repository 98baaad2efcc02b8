import type { KubernetesObject } from '@prow-deploy/apply';
import { createMask, maskText } from '@prow-deploy/secrets';

/** Takes the values of the manifest's Secrets out of texts, beside all that this process masks in any case. */
export function maskSecrets(objects: readonly KubernetesObject[]): (text: string) => string {
  const mask = createMask();
  for (const { kind, metadata, data, stringData } of objects) {
    if (kind !== 'Secret') continue;
    const encoded = Object.values((data ?? {}) as Readonly<Record<string, string>>);
    const plain = Object.values((stringData ?? {}) as Readonly<Record<string, string>>);
    for (const value of [
      ...encoded.map((text) => Buffer.from(text, 'base64')),
      ...plain.map((text) => Buffer.from(text)),
    ]) {
      mask.learn(metadata.name, value);
    }
  }
  return (text) => maskText(mask.text(text));
}
