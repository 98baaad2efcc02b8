import { type Finding } from '@prow-deploy/audit';

export interface FindingChanges {
  readonly new: readonly Finding[];
  readonly gone: readonly Finding[];
}

/**
 * What an audit finds more and less than before. A finding at the same place whose words differ is none of both: the
 * words tell of what is around it.
 */
export function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): FindingChanges {
  const same = pairOff(before, after, (found) => `${placeOf(found)} ${stable(found.message)}`);
  const { left, right } = pairOff(same.left, same.right, (found) =>
    // Without a line of ours, only its words say which of several it is.
    isOurs(found) ? placeOf(found) : undefined,
  );
  return { new: right, gone: left };
}

function placeOf(found: Finding): string {
  const { code, object = '', file = '', line = 0 } = found;
  // Lines of upstream's files move.
  return [code, object, stable(file), isOurs(found) ? line : ''].join('\0');
}

function isOurs({ file, line }: Finding): boolean {
  return file !== undefined && line !== undefined && !/(?:^|\/)[0-9a-f]{40,64}\//.test(file);
}

// The commit is in the paths of its files.
function stable(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g, '<commit>');
}

function pairOff(
  before: readonly Finding[],
  after: readonly Finding[],
  key: (found: Finding) => string | undefined,
): { left: Finding[]; right: Finding[] } {
  const open = new Map<string, Finding[]>();
  for (const found of before) {
    const name = key(found);
    if (name !== undefined) open.set(name, [...(open.get(name) ?? []), found]);
  }
  const paired = new Set<Finding>();
  const right = after.filter((found) => {
    const other = open.get(key(found) ?? '')?.shift();
    if (other) paired.add(other);
    return other === undefined;
  });
  return { left: before.filter((found) => !paired.has(found)), right };
}
