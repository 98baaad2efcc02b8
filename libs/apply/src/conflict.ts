import type { ApiError } from '@prow-deploy/cluster';

/** A field that another field manager owns, and that holds another value than the manifest's. */
export interface FieldConflict {
  /** Such as `kubectl-edit`. */
  readonly manager: string;
  /** Such as `.spec.replicas`. */
  readonly field: string;
}

/** Whose fields are taken over by an apply; what is not taken over fails with the field and its manager. */
export const TAKE_OVER = [
  /** Nobody's. */
  'nothing',
  /** What people wrote with kubectl, oc or k9s: the repository says what is deployed. */
  'edits',
  /** Everybody's, controllers and other tools included. */
  'everything',
] as const;
export type TakeOver = (typeof TAKE_OVER)[number];

const HAND_TOOLS = /^(?:kubectl|oc|k9s|before-first-apply)(?:$|[-/ ])/;

/** The fields for which a server-side apply was refused; empty where it was refused for another reason. */
export function conflictsOf(error: Pick<ApiError, 'status' | 'causes'>): FieldConflict[] {
  if (error.status !== 409) return [];
  return error.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({ manager: /"([^"]*)"/.exec(message)?.[1] ?? 'another', field }));
}

/** Whether all of these fields may be taken over. */
export function mayTakeOver(conflicts: readonly FieldConflict[], takeOver: TakeOver): boolean {
  switch (takeOver) {
    case 'nothing':
      return false;
    case 'edits':
      return conflicts.every(({ manager }) => HAND_TOOLS.test(manager));
    case 'everything':
      return true;
  }
}

/** `kubectl-edit holds .spec.replicas; helm holds .data.a, .data.b`. */
export function describeConflicts(conflicts: readonly FieldConflict[]): string {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  return managers
    .map((manager) => {
      const fields = conflicts.filter((conflict) => conflict.manager === manager);
      return `${manager} holds ${fields.map(({ field }) => field).join(', ')}`;
    })
    .join('; ');
}
