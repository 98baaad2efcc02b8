import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { secretsState } from './copy-secrets.ts';

/** What the last copy left behind: no value, and nothing that a value could be guessed from. */
export interface SecretsReceipt {
  /** Hash under which Nx keeps the task. */
  readonly hash: string;
  /** See {@link secretsState}. */
  readonly state: string;
  /** Paths below `secrets/`. */
  readonly files: readonly string[];
  /** Where the values came from, for people. */
  readonly source: string;
}

/** Where the receipt of a copy is written. */
export function receiptFile({ workspaceRoot, name }: Environment): string {
  return join(workspaceRoot, 'dist', name, 'secrets-receipt.json');
}

/** Writes the receipt, whole or not at all. */
export async function writeSecretsReceipt(
  environment: Environment,
  receipt: SecretsReceipt,
): Promise<void> {
  const file = receiptFile(environment);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.tmp`;
  await writeFile(fresh, `${JSON.stringify(receipt, undefined, 2)}\n`);
  await rename(fresh, file);
}

/**
 * The receipt of the last copy, if it still tells the truth: neither the source nor the environment's secret files have
 * changed since, and none is missing.
 */
export async function currentSecretsReceipt(
  environment: Environment,
): Promise<SecretsReceipt | undefined> {
  const text = await readFile(receiptFile(environment), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const receipt = JSON.parse(text) as SecretsReceipt;
  return receipt.state === (await secretsState(environment)) ? receipt : undefined;
}
