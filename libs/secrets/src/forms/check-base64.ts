import type { SecretFileShape } from '../shape/secret-file-shape.ts';

/** Checks standard base64, with padding, and how many bytes it holds. */
export function checkBase64(text: string, { bytes }: SecretFileShape): string | undefined {
  const value = text.trim();
  const decoded = decodeBase64(value);
  if (decoded === undefined) return 'is no standard base64 with padding';
  if (bytes === undefined || decoded.length === bytes) return undefined;
  return `holds ${decoded.length} bytes, and must hold ${bytes}: make them with openssl rand -base64 ${bytes}`;
}

/** The bytes of standard base64 without line breaks; `undefined` where a text is something else. */
export function decodeBase64(text: string): Buffer | undefined {
  const decoded = Buffer.from(text, 'base64');
  return decoded.toString('base64') === text ? decoded : undefined;
}
