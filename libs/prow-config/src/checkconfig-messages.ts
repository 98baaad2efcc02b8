/** What Prow's checkconfig says. */
export interface CheckconfigMessage {
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

/**
 * Reads what checkconfig logs, a JSON object on each line. Each of the things that it refuses is an error; what else it
 * warns of is a warning. Where it failed without saying why, all that it printed is the error.
 *
 * Source: main and reportWarning in cmd/checkconfig/main.go of Prow.
 *
 * @param output standard error and standard output
 */
export function readCheckconfigMessages(output: string, failed: boolean): CheckconfigMessage[] {
  const messages = output.split('\n').flatMap((line) => readLine(line));
  if (failed && !messages.some(({ severity }) => severity === 'error')) {
    return [...messages, { severity: 'error', text: output.trim() || 'checkconfig said nothing.' }];
  }
  return messages;
}

const STRICT = 'Strict is set and there were warnings';

function readLine(line: string): CheckconfigMessage[] {
  const entry = parseEntry(line);
  const { level = '', msg = '', error = '', func = '' } = entry;
  if (!['warning', 'error', 'fatal', 'panic'].includes(level) || msg === STRICT) return [];
  // Without --strict it would pass with these.
  const refused = level === 'fatal' || level === 'panic' || func.endsWith('.reportWarning');
  const text = level === 'fatal' && error !== '' ? error : [msg, error].filter(Boolean).join(': ');
  return splitErrors(text).map((part) => ({ severity: refused ? 'error' : 'warning', text: part }));
}

type LogEntry = Partial<Record<'level' | 'msg' | 'error' | 'func', string>>;

function parseEntry(line: string): LogEntry {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : {};
  } catch {
    return {};
  }
}

/**
 * Takes apart several errors that Prow joined: `loading failed: [one, two]`. A list within one error stays whole, so it is
 * taken apart only where each part begins like an error.
 *
 * Source: aggregate.Error in k8s.io/apimachinery/pkg/util/errors.
 */
export function splitErrors(text: string): string[] {
  const open = /^(?:[^[\]"]*: )?\[/.exec(text);
  if (open === null || !text.endsWith(']')) return [text];
  const parts = splitTopLevel(text.slice(open[0].length, -1));
  const isList = parts.length > 1 && parts.every((part) => BEGINNING.test(part));
  return isList ? parts.flatMap(splitErrors) : [text];
}

const BEGINNING =
  /^\[|^(?:invalid|duplicated|cron,|at least one|cannot|could not|error|jobs?|name of|the following|periodic jobs|failed|validating|unknown|context policy|org-level|branch protection|merge type|rerun command|for job|label|plugins?|both|item|you|the [a-z]+) /i;

// At commas outside of brackets and quotes, in front of what begins like an error.
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (depth === 0 && text.startsWith(', ', at) && BEGINNING.test(text.slice(at + 2))) {
      parts.push(text.slice(start, at));
      start = at + 2;
    }
  }
  return [...parts, text.slice(start)];
}
