/** An error as the lines that a person is shown: its message alone where it is one of ours, else with its stack. */
export function printErrorLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (error.name === 'AbortError') return ['Stopped.'];
  const expected = 'code' in error && typeof error.code === 'string' && error.name !== 'Error';
  const text =
    expected && process.env['NX_VERBOSE_LOGGING'] !== 'true'
      ? error.message
      : (error.stack ?? error.message);
  return text.split('\n');
}
