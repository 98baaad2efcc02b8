import { createHash } from 'node:crypto';
import type { Credentials } from './credentials.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/**
 * SHA-256, in lower-case hex, of the DER of the CA certificates, one after the other; for a single one the same as
 * `openssl x509 -fingerprint -sha256`. `system` when those of the system are trusted, `insecure` when any is.
 */
export function caSha256({ ca, rejectUnauthorized }: Credentials): string {
  if (rejectUnauthorized === false) {
    return 'insecure';
  }
  if (ca === undefined) {
    return 'system';
  }
  const hash = createHash('sha256');
  for (const [, base64 = ''] of ca.toString('latin1').matchAll(CERTIFICATE)) {
    hash.update(Buffer.from(base64, 'base64'));
  }
  return hash.digest('hex');
}
