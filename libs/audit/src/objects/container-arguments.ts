/** One argument of a container, as most programs read it. */
export interface ContainerArgument {
  /** The flag without its dashes; absent for a positional argument. */
  readonly flag?: string;
  /** The flag as it is written, `--dry-run`. */
  readonly written?: string;
  /** The value behind `=`, or the next argument where that is no flag; absent for a flag alone. */
  readonly value?: string;
  /** Whether the value is an argument of its own: then it may as well be a positional one. */
  readonly apart: boolean;
}

const FLAG = /^(--?([A-Za-z][\w.-]*))(?:=([\s\S]*))?$/;

/** Reads the arguments of a container, `command` and `args` in one list. */
export function containerArguments(words: readonly string[]): ContainerArgument[] {
  const found: ContainerArgument[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const [, written, flag, value] = FLAG.exec(word) ?? [];
    if (written === undefined || flag === undefined) {
      found.push({ value: word, apart: false });
    } else if (value !== undefined) {
      found.push({ flag, written, value, apart: false });
    } else {
      const next = words[index + 1];
      if (next === undefined || next.startsWith('-')) {
        found.push({ flag, written, apart: false });
      } else {
        found.push({ flag, written, value: next, apart: true });
        index++;
      }
    }
  }
  return found;
}
