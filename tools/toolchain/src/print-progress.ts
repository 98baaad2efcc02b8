import type { OnProgress, ProgressEvent } from './progress.ts';

/** What is needed of a stream such as `process.stderr`. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Without a terminal, one line per step and this many seconds. */
const PLAIN_EVERY = 60_000;
/** On a terminal, one redraw in this many milliseconds. */
const LIVE_EVERY = 80;

const ERASE_LINE = '\r\u001b[2K';

/**
 * Makes an `onProgress` for people: on a terminal one line that is redrawn, cut to its width; otherwise, as in CI, plain
 * lines that stay readable in a log. What was installed, and why another way is tried, always gets a line of its own.
 * Colour is left out where NO_COLOR is set.
 */
export function printProgress(stream: ProgressStream): OnProgress {
  const live = stream.isTTY === true;
  const dim = (text: string) =>
    live && !process.env['NO_COLOR'] ? `\u001b[2m${text}\u001b[22m` : text;
  let step = '';
  let printedAt = 0;
  return (event) => {
    const text = describe(event);
    if (event.type === 'installed' || event.type === 'falling-back') {
      stream.write(`${live ? ERASE_LINE : ''}${text}\n`);
      step = '';
      return;
    }
    const now = Date.now();
    const sameStep = step === stepOf(event);
    if (sameStep && now - printedAt < (live ? LIVE_EVERY : PLAIN_EVERY)) return;
    step = stepOf(event);
    printedAt = now;
    if (live) stream.write(ERASE_LINE + dim(text.slice(0, (stream.columns ?? 80) - 1)));
    else if (event.type !== 'verifying') stream.write(`${text}\n`);
  };
}

/** Events with the same step differ in nothing but how far it is. */
function stepOf(event: ProgressEvent): string {
  return 'tools' in event ? `${event.type} ${event.tools.join()}` : `${event.type} ${event.tool}`;
}

function describe(event: ProgressEvent): string {
  switch (event.type) {
    case 'waiting': {
      const { pid, since } = event;
      const who = pid === undefined ? '' : ` (process ${pid}, since ${clock(since)})`;
      return `${event.tools.join(', ')}: waiting for another run${who}, ${event.seconds} s`;
    }
    case 'downloading': {
      const { tool, url, bytes, total } = event;
      const amount = total === undefined ? megabytes(bytes) : portion(bytes, total);
      return `${tool}: downloading ${amount} from ${new URL(url).host}`;
    }
    case 'verifying':
      return `${event.tool}: verifying SHA-256`;
    case 'falling-back':
      return `${event.tools.join(', ')}: ${event.reason}; ${event.next === 'build' ? 'building from source' : 'downloading'} instead`;
    case 'building': {
      const line = event.line === undefined ? '' : `, ${event.line}`;
      return `${event.tools.join(', ')}: building, ${event.seconds} s${line}`;
    }
    case 'installed': {
      const how = event.source === 'build' ? 'built' : 'downloaded';
      return `${event.tool} ${event.version}: ${how} in ${event.seconds} s`;
    }
  }
}

function portion(bytes: number, total: number): string {
  const percent = total === 0 ? 100 : Math.floor((bytes / total) * 100);
  return `${megabytes(bytes)} of ${megabytes(total)} (${percent} %)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function clock(date: Date | undefined): string {
  return date?.toTimeString().slice(0, 8) ?? '?';
}
