import { type Severity } from '@prow-deploy/audit';

/** What can become of a patch, or of what is like one, when what it stands on changes; and how much that weighs. */
export const PATCH_CHANGES = {
  /** It matched something, and matches nothing. */
  'stops-matching': 'error',
  /** An object that it changed is still there, and is no longer matched. */
  'leaves-object': 'error',
  /** A position that it counts, or a part of a text, is now something else. */
  'hits-other': 'error',
  /** It makes anew what it used to change: a container, a volume. */
  creates: 'error',
  /** It takes away what it left alone. */
  removes: 'error',
  /** It matched nothing, and matches something. */
  'starts-matching': 'warning',
  /** It matches an object that was there and was not matched. */
  'takes-object': 'warning',
  /** It puts an item before another one than before. */
  'inserts-elsewhere': 'warning',
  /** A position that it counts holds the same thing, which upstream changed. */
  'hits-changed': 'warning',
  /** A field that it sets is no longer there upstream. */
  restores: 'warning',
  /** It sets what upstream changed. */
  overrides: 'info',
} as const satisfies Record<string, Severity>;
export type PatchChangeKind = keyof typeof PATCH_CHANGES;

/** One thing that becomes of one operation. */
export interface PatchChange {
  readonly kind: PatchChangeKind;
  /** `environments/a/kustomization.yaml patches[3]` */
  readonly entry: string;
  readonly file: string;
  readonly line: number;
  /** As people write it: `remove /spec/template/spec/containers/0/args/3`. */
  readonly does: string;
  readonly target: string;
  /** The object; absent where it is all of them. */
  readonly object?: string;
  /** What it did, or found. */
  readonly before: string;
  /** What it does, or finds. */
  readonly after: string;
}
