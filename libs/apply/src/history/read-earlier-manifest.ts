import { nxRun } from '@prow-deploy/environment/nx-run';
import { type InventoryPlace, readInventory } from '../inventory-store.ts';
import { HistoryError } from './history-error.ts';
import { type HistoryRecord, readHistory } from './history.ts';
import { readStoredManifest } from './manifest-store.ts';

/** The manifest of an earlier apply. */
export interface EarlierManifest {
  readonly record: HistoryRecord;
  /** With placeholders where secrets go. */
  readonly manifest: string;
}

/**
 * Reads the manifest of an earlier apply from the cluster.
 *
 * @throws {HistoryError} where the cluster does not remember it; says what it remembers.
 */
export async function readEarlierManifest(
  options: InventoryPlace & {
    readonly environment: string;
    /** Which of its configurations is meant, for the commands that errors name. Default: none. */
    readonly configuration?: string | undefined;
    readonly id: number;
  },
): Promise<EarlierManifest> {
  const { environment, configuration, id } = options;
  const history = readHistory(await readInventory(options));
  const record = history.find((one) => one.id === id);
  const see = `See ${nxRun({ name: environment, configuration }, 'history')}`;
  if (record === undefined) {
    const known = history.map((one) => one.id).join(', ') || 'none';
    throw new HistoryError(
      'unknown-record',
      `Cannot go back to apply ${id} of ${environment}: its cluster remembers ${known}. ${see}.`,
    );
  }
  const manifest = await readStoredManifest(options, record.manifestDigest);
  if (manifest === undefined) {
    throw new HistoryError(
      'manifest-gone',
      `Cannot go back to apply ${id} of ${environment}: its manifest is not kept in the cluster. ` +
        `Check out commit ${record.commit ?? '(unknown)'} and apply that. ${see}.`,
    );
  }
  return { record, manifest };
}
