/** One `KEY=value` line of an env file. */
export interface EnvEntry {
  readonly key: string;
  readonly value: string;
}

/** An env file, and what kustomize would refuse or take otherwise than it was meant. */
export interface EnvFile {
  readonly entries: readonly EnvEntry[];
  /** Numbers of the lines that are no `KEY=value`, from 1. */
  readonly strayLines: readonly number[];
}

const KEY = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/**
 * Reads an env file by kustomize's rules: a byte order mark, white space before a key and lines that start with `#` are
 * skipped, a line is split at its first `=`, the value is taken as it stands, quotes and white space included.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go
 */
export function readEnvFile(text: string): EnvFile {
  const entries: EnvEntry[] = [];
  const strayLines: number[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      const entry = line.trimStart();
      if (entry === '' || entry.startsWith('#')) return;
      const at = entry.indexOf('=');
      const key = entry.slice(0, Math.max(at, 0));
      if (KEY.test(key)) entries.push({ key, value: entry.slice(at + 1) });
      else strayLines.push(index + 1);
    });
  return { entries, strayLines };
}
