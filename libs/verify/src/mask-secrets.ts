import type { KubernetesObject } from '@prow-deploy/apply';
import { createMask, maskText } from '@prow-deploy/secrets';

/** Takes the values of the manifest's Secrets out of texts, beside all that this process masks in any case. */
export function maskSecrets(objects: readonly KubernetesObject[]): (text: string) => string {
  const mask = createMask();
  for (const { kind, metadata, data, stringData } of objects) {
    if (kind !== 'Secret') continue;
    const learn = (values: unknown, encoding: BufferEncoding) => {
      for (const [key, value] of Object.entries((values ?? {}) as Record<string, string>)) {
        const name = `${metadata.namespace ?? ''}/${metadata.name}: ${key}`;
        mask.learn(name, Buffer.from(value, encoding));
      }
    };
    learn(data, 'base64');
    learn(stringData, 'utf8');
  }
  return (text) => maskText(mask.text(text));
}
