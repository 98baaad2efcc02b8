import type { ReadStream, WriteStream } from 'node:tty';

/** Where a person reads and types. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/** The terminal of this process; `undefined` where nobody would see a question, or answer it. */
export function currentTerminal(): Terminal | undefined {
  const { stdin: input, stderr: output, env } = process;
  // A task of Nx writes to this file alone, unless told to write to the terminal too: nx/bin/run-executor.
  const hidden = env['NX_TERMINAL_OUTPUT_PATH'] !== undefined && env['NX_STREAM_OUTPUT'] !== 'true';
  const automatic = !['', '0', 'false'].includes(env['CI'] ?? '');
  return input.isTTY && output.isTTY && !hidden && !automatic ? { input, output } : undefined;
}
