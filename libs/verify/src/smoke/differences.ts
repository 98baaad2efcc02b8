/**
 * Where a loaded configuration lacks a value of the file that it was loaded from, as paths. What the program adds by
 * itself is no difference, neither is the order of a list, how it writes a duration, nor an empty value that it leaves
 * out. Pure.
 */
export function differences(file: unknown, loaded: unknown, path = ''): readonly string[] {
  if (Array.isArray(file)) {
    if (file.length > 0 && !Array.isArray(loaded)) return [path];
    return file.flatMap((item, index) => {
      const place = `${path}[${index}]`;
      const found = (loaded as readonly unknown[]).some(
        (candidate) => differences(item, candidate, place).length === 0,
      );
      return found ? [] : [place];
    });
  }
  if (typeof file === 'object' && file !== null) {
    const fields = typeof loaded === 'object' && loaded !== null ? loaded : {};
    return Object.entries(file).flatMap(([key, value]) =>
      differences(
        value,
        (fields as Readonly<Record<string, unknown>>)[key],
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  if (isEmpty(file)) return isEmpty(loaded) ? [] : [path];
  if (file === loaded) return [];
  const seconds = typeof file === 'string' ? secondsOf(file) : undefined;
  return seconds !== undefined && typeof loaded === 'string' && secondsOf(loaded) === seconds
    ? []
    : [path];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === '' ||
    value === 0 ||
    (typeof value === 'object' && Object.values(value).every(isEmpty))
  );
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A duration as Go writes it, such as `1h0m0s`. */
function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}
