/** Checks a value of one line that goes into an HTTP header: printable ASCII, without white space within. */
export function checkToken(text: string): string | undefined {
  const value = text.trim();
  if (/[\r\n]/.test(value)) return 'has more than one line';
  if (/\s/.test(value)) return 'has white space within';
  if (!/^[\x21-\x7e]*$/.test(value)) return 'has characters that no token has';
  return undefined;
}
