import { holdsData } from '../holds-data.ts';
import { few } from '../list-lines.ts';
import { describe } from '../object-reference.ts';
import type { PlannedObject } from './planned-object.ts';

/** What going back to an earlier manifest does not bring back; each a sentence. */
export function whatStays(objects: readonly PlannedObject[]): string[] {
  const named = (wanted: readonly PlannedObject[]) =>
    few(wanted.map(({ object }) => describe(object)));
  const anew = objects.filter(({ object, action }) => action === 'create' && holdsData(object));
  const kept = objects.filter(({ action }) => action === 'keep');
  const secrets = objects.some(({ object }) => object.kind === 'Secret');
  return [
    ...(secrets ? ['Secrets keep the values they have now: earlier values are not kept.'] : []),
    ...(anew.length === 0 ? [] : [`Made anew, without the data it had: ${named(anew)}.`]),
    ...(kept.length === 0 ? [] : [`Not part of the earlier manifest, and stays: ${named(kept)}.`]),
  ];
}
