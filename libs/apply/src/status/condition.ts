/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The condition of that type, where the object has it. */
export function findCondition(
  status: Readonly<Record<string, unknown>>,
  type: string,
): Condition | undefined {
  const conditions = status['conditions'];
  if (!Array.isArray(conditions)) return undefined;
  return (conditions as Condition[]).find((condition) => condition.type === type);
}

/** A condition in words: its message, else its reason, else its type. */
export function explain(condition: Condition): string {
  const text = [condition.message, condition.reason, condition.type].find(
    (part) => part !== undefined && part !== '',
  );
  return (text ?? '').trim().replace(/\.$/, '');
}
