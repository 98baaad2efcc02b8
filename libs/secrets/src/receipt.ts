import { readFile } from 'node:fs/promises';
import { type Environment, outputFile, writeOutput } from '@prow-deploy/environment';
import { secretsState } from './state.ts';

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

/** Writes the receipt, whole or not at all. */
export function writeSecretsReceipt(
  environment: Environment,
  receipt: SecretsReceipt,
): Promise<void> {
  return writeOutput(environment, 'secretsReceipt', receipt);
}

/**
 * The receipt of the last copy, if it still tells the truth: neither the source nor the environment's secret files have
 * changed since, and none is missing.
 */
export async function currentSecretsReceipt(
  environment: Environment,
): Promise<SecretsReceipt | undefined> {
  const text = await readFile(outputFile(environment, 'secretsReceipt'), 'utf8').catch(
    () => undefined,
  );
  if (text === undefined) return undefined;
  const receipt = JSON.parse(text) as SecretsReceipt;
  return receipt.state === (await secretsState(environment)) ? receipt : undefined;
}
