import { SecretsError } from '../errors.ts';
import type { SecretValues } from '../secret-values.ts';
import { hasNameSuffix, nameSuffix, wrapBase64 } from './name-suffix.ts';
import { holdsPlaceholder, parsePlaceholder } from './placeholder.ts';

/** The part of a Secret that values stand in. */
export interface SecretObject {
  readonly kind?: string;
  readonly type?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/**
 * Puts the bytes in place of the placeholders, in memory: copies of the Secrets, all other objects as they are. Values of
 * `stringData` join `data`, as the API server would have it. The data of a Secret that holds no placeholder stays as it
 * is. Where kustomize gave a Secret a name with a suffix of its content, it gets that of its real content, and whatever
 * mentions the name follows: the result is what kustomize makes of the values themselves.
 *
 * @throws {SecretsError} `unfilled-placeholder` for a placeholder without a value, or one outside of a Secret's data.
 */
export function fillPlaceholders<T extends object>(
  objects: readonly T[],
  values: SecretValues,
): T[] {
  const names = new Map<string, string>();
  const filled = objects.map((object) => {
    const secret = object as SecretObject;
    const where = `${secret.kind ?? 'object'} ${secret.metadata?.namespace ?? ''}/${secret.metadata?.name ?? ''}`;
    const result = secret.kind === 'Secret' ? fillSecret(secret, where, values) : undefined;
    if (result?.name !== undefined) names.set(secret.metadata?.name ?? '', result.name);
    // Filled values hold no placeholder: that was checked where they were read.
    const rest = result ? { ...secret, ...result.filled, data: result.own } : object;
    requireNoPlaceholder(rest, where);
    return (result?.filled ?? object) as T;
  });
  return names.size === 0 ? filled : (filled.map((object) => rename(object, names)) as T[]);
}

function requireNoPlaceholder(object: object, where: string): void {
  const text = JSON.stringify(object);
  if (!holdsPlaceholder(text)) return;
  const [found = 'a placeholder in base64'] = /<<SECRET [^>]*>>/.exec(text) ?? [];
  throw new SecretsError(
    'unfilled-placeholder',
    `Cannot fill ${where}: ${found} stands outside of a Secret's data, or is only part of a value. A secret is the whole value of a key of a Secret.`,
  );
}

interface FilledSecret {
  readonly filled: SecretObject;
  /** What was there without a placeholder. */
  readonly own: Readonly<Record<string, string>>;
  /** The new name, where it has a suffix. */
  readonly name?: string;
}

// Undefined where there is nothing to fill.
function fillSecret(
  secret: SecretObject,
  where: string,
  values: SecretValues,
): FilledSecret | undefined {
  const bytesOf = (key: string, text: string): Buffer | undefined => {
    if (!parsePlaceholder(text)) return undefined;
    const bytes = values.get(text);
    if (bytes) return bytes;
    throw new SecretsError(
      'unfilled-placeholder',
      `Cannot fill ${where}, key ${key}: nothing is known for ${text}. Render again: the manifest and the secrets do not belong together.`,
    );
  };
  const data: Record<string, string> = {};
  const own: Record<string, string> = {};
  const wrapped: Record<string, string> = {};
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    const bytes = bytesOf(key, Buffer.from(value, 'base64').toString('utf8'));
    if (!bytes) own[key] = value;
    data[key] = bytes?.toString('base64') ?? value;
    wrapped[key] = bytes ? wrapBase64(bytes) : value;
  }
  const stringData: Record<string, string> = {};
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(secret.stringData ?? {})) {
    const bytes = bytesOf(key, value);
    if (bytes) data[key] = bytes.toString('base64');
    else stringData[key] = value;
    texts[key] = bytes?.toString('utf8') ?? value;
  }
  const { stringData: had, ...rest } = secret;
  const filled: SecretObject = {
    ...rest,
    data,
    ...(Object.keys(stringData).length > 0 ? { stringData } : {}),
  };
  const content = {
    ...secret,
    ...(secret.data ? { data: wrapped } : {}),
    ...(had ? { stringData: texts } : {}),
  };
  const name = renamed(secret, content);
  return { filled, own, ...(name === undefined ? {} : { name }) };
}

// A name that ends with the suffix of what the object holds was given one by kustomize.
function renamed(rendered: SecretObject, content: SecretObject): string | undefined {
  const name = rendered.metadata?.name ?? '';
  if (!hasNameSuffix(rendered)) return undefined;
  const fresh = `${name.slice(0, name.lastIndexOf('-'))}-${nameSuffix(content)}`;
  return fresh === name ? undefined : fresh;
}

// The suffix makes a name that nothing else has, so every text that holds it means that Secret.
function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    let text = value;
    for (const [from, to] of names) text = text.replaceAll(from, to);
    return text;
  }
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, names)]));
}
