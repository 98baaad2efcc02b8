import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Recipe } from '../shape/secret-file-shape.ts';

/**
 * Makes a throw-away value: each `${hex:N}` and `${base64:N}` becomes N fresh random bytes, each `${private-key}` a fresh
 * RSA key in PEM with its line breaks as JSON escapes them; the rest stays as written.
 */
export function generate(recipe: Recipe): string {
  return recipe
    .replaceAll(/\$\{(hex|base64):(\d+)\}/g, (_match, encoding: 'hex' | 'base64', bytes: string) =>
      randomBytes(Number(bytes)).toString(encoding),
    )
    .replaceAll('${private-key}', () => JSON.stringify(privateKey()).slice(1, -1));
}

function privateKey(): string {
  const { privateKey: pem } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return pem;
}
