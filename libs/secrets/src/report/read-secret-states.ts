import { stat } from 'node:fs/promises';
import type { Environment } from '@prow-deploy/environment';
import { readFiles } from '../folder-files.ts';
import { readEnvFile } from '../forms/env-file.ts';
import { readSourceValue, type SourceValue, undeclaredFiles } from '../read-source.ts';
import { secretFiles, secretsDirectory } from '../secret-files.ts';
import type { SecretFileShape } from '../shape/secret-file-shape.ts';
import { openSource } from '../sources/open-source.ts';
import type { SourceOptions } from '../sources/source.ts';

/**
 * `filled`: it can be used. `empty`: the same, though it has no value, as its shape allows. `missing`, `boilerplate`,
 * `unreadable`, `invalid`: it cannot be used, see `says`.
 */
export const SECRET_STATES = [
  'filled',
  'empty',
  'missing',
  'boilerplate',
  'unreadable',
  'invalid',
] as const;
export type SecretStateName = (typeof SECRET_STATES)[number];

/** Whether `environments/<name>/secrets` has the value of the source: `differs` after a rotation. */
export type CopyState = 'yes' | 'differs' | 'no';

/** What is known of one secret file of an environment; nothing of its value. */
export interface SecretState {
  /** Path below `secrets/`. */
  readonly path: string;
  readonly description: string;
  readonly readBy: readonly string[];
  readonly permission?: string;
  readonly state: SecretStateName;
  /** What is wrong, in words that follow the name of the file. */
  readonly says?: string;
  readonly copied: CopyState;
  /** When its source last changed it (of a file: its time; with SOPS: the time in its own data), ISO 8601. */
  readonly changedAt?: string;
  /** Days since then, rounded down. */
  readonly ageDays?: number;
  /** It was not changed for longer than was asked. */
  readonly old: boolean;
}

export interface SecretsReport {
  /** Where the values come from, for people. */
  readonly source: string;
  /** Days after which a secret is old. */
  readonly maxAgeDays: number;
  readonly secrets: readonly SecretState[];
  /** Files of the source that nobody declares. */
  readonly undeclared: readonly string[];
  readonly warnings: readonly string[];
  /** What to do first, where the source itself is not there. */
  readonly beginning?: string;
  /** Whether copy-secrets would succeed. */
  readonly usable: boolean;
}

export interface ReadSecretStatesOptions extends SourceOptions {
  /** After how many days without a change a secret is old. */
  readonly maxAgeDays: number;
  /** Default: now. */
  readonly now?: Date;
}

const DAY_MS = 86_400_000;

/**
 * Looks at each secret file that an environment reads, where it comes from. Writes nothing.
 *
 * @throws {SecretsError} `invalid-shape`, `unknown-secret-file`, `unsafe-source`.
 */
export async function readSecretStates(
  environment: Environment,
  { maxAgeDays, now = new Date(), ...options }: ReadSecretStatesOptions,
): Promise<SecretsReport> {
  const [files, source] = await Promise.all([
    secretFiles(environment),
    openSource(environment, options),
  ]);
  const [values, copies, undeclared, warnings, isThere] = await Promise.all([
    Promise.all(files.map((shape) => readSourceValue(source, shape))),
    readFiles(secretsDirectory(environment)),
    undeclaredFiles(environment, source),
    source.warnings?.() ?? [],
    source.folder === undefined || stat(source.folder).catch(() => false),
  ]);
  const secrets = values.map((value): SecretState => {
    const { path, description, readBy, permission } = value.shape;
    const ageDays =
      value.changedAt && Math.floor((now.getTime() - value.changedAt.getTime()) / DAY_MS);
    return {
      path,
      description,
      readBy,
      ...(permission === undefined ? {} : { permission }),
      ...stateOf(value),
      copied: copyState(value, copies.get(path)?.bytes),
      ...(value.changedAt ? { changedAt: value.changedAt.toISOString() } : {}),
      ...(ageDays === undefined ? {} : { ageDays }),
      old: ageDays !== undefined && ageDays > maxAgeDays,
    };
  });
  const usable = values.every(({ bytes }) => bytes !== undefined) && undeclared.length === 0;
  return {
    source: source.description,
    maxAgeDays,
    secrets,
    undeclared,
    warnings,
    ...(isThere === false ? { beginning: source.beginning } : {}),
    usable,
  };
}

function stateOf({ shape, bytes, fault, says }: SourceValue): Pick<SecretState, 'state' | 'says'> {
  if (bytes) return { state: holdsValue(shape, bytes) ? 'filled' : 'empty' };
  const state = fault === 'empty' || fault === undefined ? 'missing' : fault;
  return { state, ...(says === undefined ? {} : { says }) };
}

// An env file without values still has its keys.
function holdsValue({ format }: SecretFileShape, bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  if (format !== 'env') return text.trim() !== '';
  return readEnvFile(text).entries.some(({ value }) => value !== '');
}

function copyState({ bytes }: SourceValue, copy: Buffer | undefined): CopyState {
  if (!copy) return 'no';
  return bytes?.equals(copy) === true ? 'yes' : 'differs';
}
