/**
 * The name of a base configuration version that is made now, such as `20261123`, or `20261123-1405` where there is one of
 * that day. Sorts after all of that day, by the clock in UTC.
 */
export function nextConfigVersion(existing: readonly string[], now: Date): string {
  const [day = '', time = ''] = now.toISOString().replaceAll(/[-:]/g, '').split('T');
  const names = [day, `${day}-${time.slice(0, 4)}`, `${day}-${time.slice(0, 6)}`];
  return names.find((name) => !existing.includes(name)) ?? `${day}-${time.replace(/\D/g, '')}`;
}
