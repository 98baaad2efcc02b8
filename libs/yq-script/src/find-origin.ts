import { parsePath } from './parse-path.ts';
import type { PathElement } from './parse-path.ts';
import type { CommandTrace, LocationTrace } from './trace.ts';

/** Where a place of the text that a script made comes from. */
export interface Origin {
  /** The command that wrote it last. Absent: it was in the document before. */
  readonly command?: CommandTrace;
  /** Keys and indexes in the value of the command, or else in the document as it was before the script. */
  readonly path: readonly PathElement[];
}

/** Something that a command took away. */
export interface Deletion {
  readonly command: CommandTrace;
  readonly oldValue: unknown;
}

/**
 * Follows a place of the text that a script made back to what wrote it. A value that a command wrote once more as it was
 * before is not the command's.
 *
 * @param path keys as text and indexes from the start, in the document after the script
 *
 * @example
 * const { trace } = applyScript('l: [a, b]\n', '- {command: delete, path: "l[0]"}\n');
 * findOrigin(trace, ['l', 0]);
 * // { path: ['l', 1] }
 */
export function findOrigin(
  trace: readonly CommandTrace[],
  path: readonly PathElement[],
  document = 0,
): Origin {
  let current = path;
  for (const command of trace.toReversed()) {
    const written = writtenBy(command, current, document);
    if (written !== undefined) return { command, path: written };
    current = beforeDeletions(command, current, document);
  }
  return { path: current };
}

/** What the commands of a script deleted at a place, or below it. */
export function findDeletions(
  trace: readonly CommandTrace[],
  path: readonly PathElement[],
  document = 0,
): Deletion[] {
  return trace.flatMap((command) =>
    locationsOf(command, document)
      .filter(({ action, elements }) => action === 'deleted' && startsWith(elements, path))
      .map(({ oldValue }) => ({ command, oldValue })),
  );
}

// The place within what the command wrote; undefined where it did not write it.
function writtenBy(
  command: CommandTrace,
  path: readonly PathElement[],
  document: number,
): readonly PathElement[] | undefined {
  for (const { action, elements, createdFrom } of locationsOf(command, document)) {
    if (action !== 'updated' && action !== 'created') continue;
    if (startsWith(path, elements)) return path.slice(elements.length);
    const isOnTheWay =
      createdFrom !== undefined &&
      startsWith(path, parsePath(createdFrom)) &&
      startsWith(elements, path);
    if (isOnTheWay) return [];
  }
  const isBeside = command.sideEffects.some(
    (effect) => effect.document === document && startsWith(path, parsePath(effect.path)),
  );
  return isBeside ? [] : undefined;
}

// Items behind one that was deleted moved up; all indexes of a command are those before it.
function beforeDeletions(
  command: CommandTrace,
  path: readonly PathElement[],
  document: number,
): readonly PathElement[] {
  const deleted = locationsOf(command, document).filter(({ action }) => action === 'deleted');
  return path.map((element, depth) => {
    if (typeof element !== 'number') return element;
    const siblings = deleted.filter(
      ({ elements }) => elements.length === depth + 1 && startsWith(path, elements.slice(0, depth)),
    );
    const indexes = siblings
      .map(({ elements }) => elements[depth])
      .filter((index) => typeof index === 'number')
      .sort((a, b) => a - b);
    return indexes.reduce((index, gone) => (gone <= index ? index + 1 : index), element);
  });
}

function locationsOf(
  { locations }: CommandTrace,
  document: number,
): (LocationTrace & { readonly elements: readonly PathElement[] })[] {
  return locations
    .filter((location) => location.document === document)
    .map((location) => ({ ...location, elements: parsePath(location.path) }));
}

function startsWith(path: readonly PathElement[], beginning: readonly PathElement[]): boolean {
  return beginning.length <= path.length && beginning.every((element, at) => element === path[at]);
}
