import { Buffer } from 'node:buffer';

/** What stands in for the value of a Secret: no secret is kept, nor handed to kustomize. */
export const STAND_IN = 'value-left-out-of-the-audit';

/** Stands in for a file of a secretGenerator. */
export function standInValue(): Buffer {
  return Buffer.from(STAND_IN);
}

/** Stands in for an env file of a secretGenerator: its keys, without the values. */
export function standInEnv(bytes: Buffer): Buffer {
  const lines = envKeys(bytes.toString('utf8')).map((key) => `${key}=${STAND_IN}\n`);
  return Buffer.from(lines.join(''));
}

function envKeys(text: string): string[] {
  return envPairs(text).map(([key]) => key);
}

/** The pairs of an env file, as kustomize reads it. */
export function envPairs(text: string): [key: string, value: string][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });
}
