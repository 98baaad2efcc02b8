import type { KubernetesObject } from '@prow-deploy/apply';
import { createMask, type SecretMask } from '@prow-deploy/secrets';

/** Takes the values of the manifest's Secrets out of texts, with all that the mask knows already. Default: nothing more. */
export function maskSecrets(
  objects: readonly KubernetesObject[],
  mask: SecretMask = createMask(),
): (text: string) => string {
  for (const { kind, metadata, data, stringData } of objects) {
    if (kind !== 'Secret') continue;
    const learn = (values: unknown, encoding: BufferEncoding) => {
      for (const [key, value] of Object.entries(
        (values ?? {}) as Readonly<Record<string, string>>,
      )) {
        mask.learn(
          `${metadata.namespace ?? ''}/${metadata.name}: ${key}`,
          Buffer.from(value, encoding),
        );
      }
    };
    learn(data, 'base64');
    learn(stringData, 'utf8');
  }
  return (text) => mask.text(text);
}
