// Decimal and binary suffixes, as powers of ten and of two.
// Source: https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/resource/suffix.go
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

// The API server rounds up to this, 1e-9.
const SCALE = 9;

/**
 * A quantity such as `1Gi`, `500m` or `1e3` in billionths, so that two are equal exactly when they mean the same.
 * `undefined` where it is none.
 */
export function parseQuantity(value: unknown): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/.exec(
    String(value),
  );
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const bits = BINARY[suffix];
  const power =
    SCALE - fraction.length + (bits === undefined ? (DECIMAL[suffix] ?? 0) : 0) + Number(exponent);
  const digits = BigInt(whole + fraction) * (bits === undefined ? 1n : 2n ** BigInt(bits));
  const size = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
  return sign === '-' ? -size : size;
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
