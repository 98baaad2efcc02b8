import type { SecretFileShape } from '../shape/secret-file-shape.ts';
import { readEnvFile } from './env-file.ts';

/** Checks an env file against the keys of the boilerplate's: each of them once, and no other. */
export function checkEnv(
  text: string,
  { path, keys = [], presence }: SecretFileShape,
): string | undefined {
  const { entries, strayLines } = readEnvFile(text);
  const [stray] = strayLines;
  if (stray !== undefined) return `has no KEY=value in line ${stray}`;
  const given = entries.map(({ key }) => key);
  const twice = given.find((key, index) => given.indexOf(key) < index);
  if (twice !== undefined) return `has ${twice} twice`;
  const undeclared = given.find((key) => !keys.includes(key));
  if (undeclared !== undefined) {
    return `has the key ${undeclared}, which nobody declares: the boilerplate's ${path} has ${keys.join(', ')}`;
  }
  const missing = keys.find((key) => !given.includes(key));
  if (missing !== undefined) return `has no key ${missing}`;
  const quoted = entries.find(({ value }) => /^(["']).*\1$/s.test(value));
  if (quoted) return `has quotes around the value of ${quoted.key}, which would be part of it`;
  const spaced = entries.find(({ value }) => value !== value.trim());
  if (spaced) return `has white space around the value of ${spaced.key}, which would be part of it`;
  const empty = entries.find(({ value }) => value === '');
  if (empty && presence === 'required') return `has no value for ${empty.key}`;
  return undefined;
}
