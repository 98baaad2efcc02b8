import type { ReadStream, WriteStream } from 'node:tty';

/** Where a person reads and types. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/** The terminal of this process; `undefined` where nobody would see a question, or answer it. */
export function currentTerminal(): Terminal | undefined {
  const { stdin: input, stderr: output, env } = process;
  // Nx keeps the output of a task to itself, and says so here, where it runs several projects (run-many).
  const hidden = env['NX_STREAM_OUTPUT'] === 'false';
  const automatic = !['', '0', 'false'].includes(env['CI'] ?? '');
  return input.isTTY && output.isTTY && !hidden && !automatic ? { input, output } : undefined;
}
