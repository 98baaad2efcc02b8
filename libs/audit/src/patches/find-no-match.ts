import { type Finding, finding } from '../finding.ts';
import { textOf } from '../load/tree.ts';
import { describeOperation } from './describe.ts';
import type { Entry, Operation } from './entries.ts';
import type { Followed } from './follow.ts';
import { imageNames } from './images.ts';
import { didYouMean, isMisspelling } from './nearest.ts';
import { describeSelector } from './selector.ts';
import type { SimObject } from './sim-object.ts';

/** What matches no object. */
export function withoutMatch(operations: readonly Followed[]): Finding[] {
  const told = new Set<Entry>();
  return operations.flatMap((followed): Finding[] => {
    const { entry, operation, effects, among } = followed;
    if (effects.length > 0) return [];
    // All operations of an entry with a target go by that target.
    if (entry.target) {
      if (told.has(entry)) return [];
      told.add(entry);
    }
    return [noMatch(entry, operation, among)];
  });
}

function noMatch(entry: Entry, operation: Operation, among: readonly SimObject[]): Finding {
  const { name, level, line } = entry;
  const place = { file: level.file, line };
  const near = didYouMean(operation.selector, among);
  switch (operation.kind) {
    case 'json':
    case 'merge':
      return finding(
        'patch-matches-nothing',
        `${name} targets ${describeSelector(operation.selector)}: no such object.${near}`,
        place,
      );
    case 'replace':
      return finding(
        'replacement-matches-nothing',
        `${name} selects ${describeSelector(operation.selector)}: no such object, so nothing is replaced.${near}`,
        { file: operation.file, line: operation.line },
      );
    case 'image': {
      const wanted = textOf(operation.image['name']);
      const used = [...new Set(among.flatMap(({ value }) => imageNames(value)))];
      const other =
        used.find((image) => isMisspelling(wanted, image)) ??
        used.find((image) => image.endsWith(`/${wanted}`) || lastPart(image) === lastPart(wanted));
      const hint = other === undefined ? '' : ` Did you mean ${other}?`;
      return finding(
        'image-matches-nothing',
        `${name} sets the image ${wanted}: no container uses it.${hint}`,
        place,
      );
    }
    case 'replicas':
      return finding(
        'replicas-match-nothing',
        `${name} sets the ${describeOperation(operation)}: no Deployment, StatefulSet, ReplicaSet or ReplicationController has this name.${near}`,
        place,
      );
    case 'generate':
      return finding(
        'generator-merge-matches-nothing',
        `${name} is to ${describeOperation(operation)}: no such object.${near}`,
        place,
      );
  }
}

function lastPart(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1);
}
