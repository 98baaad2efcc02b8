import { SecretsError } from './errors.ts';
import { parsePlaceholder } from './placeholder.ts';
import type { SecretValues } from './secret-values.ts';

interface SecretLike {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Puts the bytes in place of the placeholders, in memory: copies of the Secrets, all other objects as they are. The data
 * of a Secret that holds no placeholder stays as it is.
 *
 * @throws {SecretsError} `unfilled-placeholder` for a placeholder without a value, or one outside of a Secret's data.
 */
export function fillPlaceholders<T extends object>(
  objects: readonly T[],
  values: SecretValues,
): T[] {
  return objects.map((object) => {
    const { kind, metadata, data } = object as SecretLike;
    const name = `${kind ?? 'object'} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
    const filled =
      kind === 'Secret' && data
        ? {
            ...object,
            data: Object.fromEntries(
              Object.entries(data).map(([key, value]) => [
                key,
                fill(value, `${name}, key ${key}`, values),
              ]),
            ),
          }
        : object;
    const left = /<<SECRET [^>]*>>/.exec(JSON.stringify(filled));
    if (left) {
      throw new SecretsError(
        'unfilled-placeholder',
        `Cannot fill ${name}: ${left[0]} stands outside of a Secret's data. A secret belongs into a Secret.`,
      );
    }
    return filled;
  });
}

function fill(base64: string, where: string, values: SecretValues): string {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  if (!parsePlaceholder(text)) return base64;
  const bytes = values.get(text);
  if (bytes) return bytes.toString('base64');
  throw new SecretsError(
    'unfilled-placeholder',
    `Cannot fill ${where}: nothing is known for ${text}. Render again: the manifest and the secrets do not belong together.`,
  );
}
