import { isDeepStrictEqual } from 'node:util';

import type { CreateEffect, Place, ReplaceEffect } from './navigate.ts';
import { formatPath } from './parse-path.ts';
import type { PathElement } from './parse-path.ts';
import type { ScriptCommand } from './parse-script.ts';
import { toValue } from './to-value.ts';

/**
 * What a command did to one place it matched.
 *
 * - `updated` the place had another value
 * - `created` the place did not exist
 * - `deleted` the place is gone
 * - `no-op` the place already had this value; at most its spelling or comments changed
 * - `lost` the place is below a sequence item of the wrong kind: yq changes a copy, so nothing changes
 */
export const locationActions = ['updated', 'created', 'deleted', 'no-op', 'lost'] as const;
export type LocationAction = (typeof locationActions)[number];

/** One place at the end of a command's path. */
export interface LocationTrace {
  /** 0-based index of the document in the text. */
  readonly document: number;
  /** Concrete path: keys and indexes from the start, no patterns; '' is the root. */
  readonly path: string;
  readonly action: LocationAction;
  /** Value before; absent when created. */
  readonly oldValue?: unknown;
  /** Value after; absent when deleted. */
  readonly newValue?: unknown;
  /**
   * Only when created: the shortest beginning of `path` that did not exist. A new item or last key has its
   * own path here; anything shorter means that whole branches were made on the way, which is what a
   * misspelt or outdated path looks like.
   */
  readonly createdFrom?: string;
}

/**
 * - `created` an empty map or sequence made on the way to a place that was then not found (`m.*` with no m)
 * - `padded` an empty item that fills the gap before an index past the end
 * - `replaced` a value that gave way to an empty map or sequence, because the path goes on below it
 */
export const sideEffectKinds = ['created', 'padded', 'replaced'] as const;
export type SideEffectKind = (typeof sideEffectKinds)[number];

/** A change beside the matched places. */
export interface SideEffect {
  readonly document: number;
  readonly path: string;
  readonly effect: SideEffectKind;
  /** Only when replaced: what was there. */
  readonly oldValue?: unknown;
}

/** What one command of a script did, over all documents it was applied to. */
export interface CommandTrace {
  /** 1-based position among the commands of the script. */
  readonly number: number;
  readonly command: 'update' | 'delete' | 'merge';
  /** Path as written; '' for none. */
  readonly path: string;
  /** 1-based line of the script where the command begins. */
  readonly line: number;
  /** Whether `locations` is empty: the path led to nothing, and nothing was made for it. */
  readonly matchedNothing: boolean;
  /** Whether no value differs after the command: no location but no-op and lost ones, and no side effect. */
  readonly changedNothing: boolean;
  readonly locations: readonly LocationTrace[];
  readonly sideEffects: readonly SideEffect[];
}

/** Collects what a command does; values are taken at the moment, as later commands change the nodes. */
export class TraceRecorder {
  readonly #command: ScriptCommand;
  readonly #locations: LocationTrace[] = [];
  readonly #sideEffects: SideEffect[] = [];
  #document = 0;
  #created: CreateEffect[] = [];
  /** Paths that were created and lead to a visited place. */
  #leadingOn = new Set<string>();

  constructor(command: ScriptCommand) {
    this.#command = command;
  }

  startDocument(index: number): void {
    this.#document = index;
    this.#created = [];
    this.#leadingOn = new Set();
  }

  readonly onCreate = (effect: CreateEffect): void => {
    this.#created.push(effect);
  };

  readonly onReplace = ({ path, old }: ReplaceEffect): void => {
    this.#addSideEffect(path, 'replaced', { oldValue: toValue(old) });
  };

  /** A place got a value. */
  setValue(place: Place, oldValue: unknown, newValue: unknown): void {
    if (place.detached) {
      this.#addLocation(place.path, 'lost', { newValue });
    } else if (place.createdFrom !== undefined) {
      for (let length = place.createdFrom; length <= place.path.length; length++)
        this.#leadingOn.add(formatPath(place.path.slice(0, length)));
      const createdFrom = formatPath(place.path.slice(0, place.createdFrom));
      this.#addLocation(place.path, 'created', { newValue, createdFrom });
    } else {
      const action = isDeepStrictEqual(oldValue, newValue) ? 'no-op' : 'updated';
      this.#addLocation(place.path, action, { oldValue, newValue });
    }
  }

  /** A key or an item is gone from the node at a place. */
  deleteChild(parent: Place, element: PathElement, oldValue: unknown): void {
    const action = parent.detached ? 'lost' : 'deleted';
    this.#addLocation([...parent.path, element], action, { oldValue });
  }

  /** Keeps as side effects those created nodes that do not lead to a visited place. */
  endDocument(): void {
    for (const { path, padding } of this.#created) {
      if (padding) this.#addSideEffect(path, 'padded');
      else if (!this.#leadingOn.has(formatPath(path))) this.#addSideEffect(path, 'created');
    }
  }

  finish(): CommandTrace {
    const { number, name, path, line } = this.#command;
    return {
      number,
      command: name,
      path,
      line,
      matchedNothing: this.#locations.length === 0,
      changedNothing:
        this.#sideEffects.length === 0 &&
        this.#locations.every(({ action }) => action === 'no-op' || action === 'lost'),
      locations: this.#locations,
      sideEffects: this.#sideEffects,
    };
  }

  #addLocation(
    path: readonly PathElement[],
    action: LocationAction,
    values: Pick<LocationTrace, 'oldValue' | 'newValue' | 'createdFrom'>,
  ): void {
    this.#locations.push({ document: this.#document, path: formatPath(path), action, ...values });
  }

  #addSideEffect(
    path: readonly PathElement[],
    effect: SideEffectKind,
    values: Pick<SideEffect, 'oldValue'> = {},
  ): void {
    this.#sideEffects.push({ document: this.#document, path: formatPath(path), effect, ...values });
  }
}
