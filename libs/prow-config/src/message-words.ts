/** What a message names. */
export interface Words {
  /** Keys, values and names that are in the message. */
  readonly texts: ReadonlySet<string>;
  /** Whether the message speaks of the item at a position. */
  hasIndex(index: number): boolean;
}

/**
 * Finds the keys, values and names that stand in a message, among those that are known: these come the longest first, so
 * that what stands only within a longer one says nothing.
 */
export function wordsOf(message: string, known: readonly string[]): Words {
  const texts = new Set<string>();
  // As Go quotes it, a backslash is two.
  let rest = `${message.replace(PREAMBLE, '')} ${hintsOf(message)}`.replaceAll(/\\(["\\])/g, '$1');
  for (const text of known) {
    const form = formsOf(text, rest).find((candidate) => candidate.test(rest));
    if (form === undefined) continue;
    texts.add(text);
    rest = rest.replaceAll(form, '\0');
  }
  const indexes = new Set(
    [...message.matchAll(/(?:index |position |#|\[)(\d+)\b/g)].map(([, digits]) => Number(digits)),
  );
  return { texts, hasIndex: (index) => indexes.has(index) };
}

// Where in Prow it went wrong.
const PREAMBLE = /^(?:(?:error|failed) (?:loading|to start) [^:[]*: )+/;

// A text as it is, between characters that no name has in it: a dot ends sentences and joins fields. Or in words, `init
// containers` for initContainers. A single character only in quotes.
function formsOf(text: string, message: string): RegExp[] {
  const forms: RegExp[] = [];
  // There may be a hundred thousand texts, of which a message has a dozen.
  if (message.includes(text)) {
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    forms.push(
      text.length < 2
        ? new RegExp(`(["'])${literal}\\1`, 'g')
        : new RegExp(`(?<![\\w/-])${literal}(?![\\w/-])`, 'g'),
    );
  }
  const words = /[a-z][A-Z_-]/.test(text)
    ? text.replaceAll(/([a-z])([A-Z])|[_-]/g, '$1 $2').toLowerCase()
    : '';
  if (/^[a-z]+( [a-z]+)+$/.test(words) && message.toLowerCase().includes(words)) {
    forms.push(new RegExp(`\\b${words}\\b`, 'gi'));
  }
  return forms;
}

// What Prow calls otherwise than it is spelled in the file.
function hintsOf(message: string): string {
  return HINTS.flatMap(([pattern, hint]) => (pattern.test(message) ? [hint] : [])).join(' ');
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/\bgcs_path_strategy\b/, 'path_strategy'],
  [/template: JobURL:/, 'job_url_template'],
  [/slackreporter config: failed to (?:parse|execute)/, 'report_template'],
  [/template for commit title/, 'merge_commit_template title'],
  [/template for commit body/, 'merge_commit_template body'],
];
