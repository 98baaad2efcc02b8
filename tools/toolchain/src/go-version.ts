/** Whether a Go version such as `go1.26.8` is at least what a `go` line asks for, such as `1.26.0`. */
export function isGoAtLeast(have: string, want: string): boolean {
  const a = numbersOf(have);
  const b = numbersOf(want);
  for (const [i, wanted] of b.entries()) {
    const had = a[i] ?? 0;
    if (had !== wanted) return had > wanted;
  }
  return true;
}

function numbersOf(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}
