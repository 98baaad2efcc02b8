/** A number of `spec` or `status`; API servers leave out zeros. */
export function numberField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  absent = 0,
): number {
  const value = fields[name];
  return typeof value === 'number' ? value : absent;
}
