/** One `KEY=value` line of an env file. */
export interface EnvEntry {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads an env file by kustomize's rules: leading white space and lines that start with `#` are skipped, a line is split
 * at its first `=`, the value is taken as it stands.
 */
export function parseEnvFile(text: string): EnvEntry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const entry = line.trimStart();
    const at = entry.indexOf('=');
    if (entry === '' || entry.startsWith('#') || at < 1) return [];
    return [{ key: entry.slice(0, at), value: entry.slice(at + 1) }];
  });
}
