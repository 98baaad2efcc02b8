/** What a commit says of itself. */
export interface Commit {
  readonly hash: string;
  /** When it was committed, as ISO 8601 with its own offset: `2020-10-22T12:49:36-07:00`. */
  readonly date: string;
  /** First line of its message. */
  readonly subject: string;
  /** Hash of its root folder. */
  readonly tree: string;
}

/** Reads the text of a commit object. */
export function parseCommit(hash: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const header = end < 0 ? text : text.slice(0, end);
  const field = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(header)?.[1] ?? '';
  const [, seconds = '0', offset = '+0000'] = / (\d+) ([+-]\d{4})$/.exec(field('committer')) ?? [];
  const subject = end < 0 ? '' : (text.slice(end).trim().split('\n')[0] ?? '');
  return { hash, tree: field('tree'), subject, date: isoDate(Number(seconds), offset) };
}

function isoDate(seconds: number, offset: string): string {
  const sign = offset.startsWith('-') ? -1 : 1;
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5)));
  const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
  return `${local}${offset.slice(0, 3)}:${offset.slice(3)}`;
}
