import { join } from 'node:path';
import { readYamlFile } from '@prow-deploy/environment';
import * as v from 'valibot';
import { SecretsError } from './errors.ts';

/** How a throw-away value is made. `${hex:N}` and `${base64:N}` in it become N random bytes, written that way. */
export type Recipe = string;

/** One secret file as `kustom-base/secrets-boilerplate/shape.yaml` describes it. */
export interface SecretFileShape {
  /** Path below `secrets/`, such as `hmac-token/hmac`. */
  readonly path: string;
  /** What the value is and where it comes from. */
  readonly description: string;
  /** `env`: one `KEY=value` a line, each key becomes a key of the Secret. Anything else is one value. */
  readonly format: SecretFormat;
  /** Prow starts without a value. */
  readonly mayBeEmpty: boolean;
  readonly generate: Recipe;
}

export const SECRET_FORMATS = ['text', 'hex', 'base64', 'json', 'yaml', 'env'] as const;
export type SecretFormat = (typeof SECRET_FORMATS)[number];

/** Folder that holds the shape of every secret, with instructions and without values. */
export function boilerplateDirectory(workspaceRoot: string): string {
  return join(workspaceRoot, 'kustom-base', 'secrets-boilerplate');
}

/**
 * Reads the shape of every secret file.
 *
 * @throws {SecretsError} `invalid-shape`, naming file and line.
 */
export async function readShape(
  workspaceRoot: string,
): Promise<ReadonlyMap<string, SecretFileShape>> {
  const source = await readYamlFile(
    join(boilerplateDirectory(workspaceRoot), 'shape.yaml'),
    workspaceRoot,
  );
  const schema = v.record(
    v.string(),
    v.strictObject({
      description: v.string(),
      format: v.picklist(SECRET_FORMATS),
      mayBeEmpty: v.optional(v.boolean(), false),
      generate: v.string(),
    }),
  );
  const result = v.safeParse(schema, source.documents[0]?.toJS());
  const problems = [
    ...source.errors,
    ...(result.issues ?? []).map(({ path = [], message }) => {
      const keys = (path as { key: unknown }[]).map(({ key }) => key);
      return `${source.where(keys)}: ${keys.join('.')}: ${message}`;
    }),
  ];
  if (!result.success || problems.length > 0) {
    throw new SecretsError('invalid-shape', `Cannot use ${source.file}: ${problems.join('\n  ')}`);
  }
  return new Map(Object.entries(result.output).map(([path, shape]) => [path, { path, ...shape }]));
}
