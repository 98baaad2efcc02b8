import type { EntryField } from './entries.ts';
import type { Selector } from './selector.ts';

/** What an operation came to. */
export const OUTCOMES = [
  /** The render is another one because of it. */
  'changes',
  /** It asks for a value, and changes none by design. */
  'tests',
  /** No object is selected. */
  'matches-nothing',
  /** Every object that is selected has the value already. */
  'changes-nothing',
  /** It changes something, and what follows it makes the render the same as without it. */
  'undone',
] as const;
export type OperationOutcome = (typeof OUTCOMES)[number];

/** What an operation did to one object. */
export interface ObjectEffect {
  /** The object before the operation, as `Deployment default/deck`. */
  readonly object: string;
  readonly changed: boolean;
}

/** One operation: of a JSON 6902 patch, else a whole strategic merge patch, an image, a target of a replacement, … */
export interface OperationTrace {
  /** Where it is written, relative to the root. */
  readonly file: string;
  readonly line: number;
  /** As people write it: `replace /spec/replicas`, `merge Deployment deck`. */
  readonly does: string;
  readonly selector: Selector;
  readonly outcome: OperationOutcome;
  readonly objects: readonly ObjectEffect[];
  /** The entry that undoes it, where one does: `kustomization.yaml patches[7]`. */
  readonly undoneBy?: string;
}

/** One entry of patches, images, replacements and their like. */
export interface EntryTrace {
  /** The kustomization file, relative to the root. */
  readonly file: string;
  /** The entry's line in it. */
  readonly line: number;
  readonly field: EntryField;
  readonly index: number;
  /** Whether the render would be another one without it. */
  readonly effective: boolean;
  readonly operations: readonly OperationTrace[];
}

export interface TraceCounts {
  readonly entries: number;
  /** Entries without which the render would be the same. */
  readonly entriesWithoutEffect: number;
  readonly operations: number;
  readonly matched: number;
  readonly changed: number;
  /** Operations that match nothing, change nothing or are undone; tests are none of them. */
  readonly didNothing: number;
}

/** What each operation of a kustomization, and of all below it, matches and changes. */
export interface PatchTrace {
  /** Real path of the folder that the files are relative to. */
  readonly root: string;
  readonly entries: readonly EntryTrace[];
  readonly counts: TraceCounts;
}
