/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** The condition of that type, where the object has it. */
export function findCondition(
  status: Readonly<Record<string, unknown>>,
  type: string,
): Condition | undefined {
  const conditions: unknown = status['conditions'];
  if (!Array.isArray(conditions)) return undefined;
  // Of a custom resource, conditions may be anything.
  return (
    (conditions as (Condition | null)[]).find((condition) => condition?.type === type) ?? undefined
  );
}

/** A condition in words: its message, else its reason, else its type. */
export function explain(condition: Condition): string {
  const text = [condition.message, condition.reason, condition.type].find(
    (part) => typeof part === 'string' && part.trim() !== '',
  );
  return (text ?? '').trim().replace(/\.$/, '');
}
