import type { FieldChange } from './diff-fields.ts';
export function formatFieldChanges(
  changes: readonly FieldChange[],
  { indent = '' }: { indent?: string } = {},
): string[] {
  return changes.map(({ path }) => `${indent}${path}`);
}
