import { format } from 'node:util';
import { createMask, type MaskStream } from './secret-mask.ts';

/**
 * The mask of this process. Whatever reads a secret teaches it (see learn-secrets.ts), and whatever leaves the process
 * passes it: what is shown by {@link maskProcess}, what is written to `dist` by writeOutput.
 */
export const processMask = createMask();

let isInstalled = false;

/**
 * Makes everything that this process writes to standard output and standard error pass its mask: what the code prints,
 * what a library or a debug log prints, what Node prints of an error that nobody caught. To be called once, before the
 * work; further calls do nothing. Child processes must not inherit these two.
 */
export function maskProcess(): void {
  if (isInstalled) return;
  isInstalled = true;
  const streams = [process.stdout, process.stderr].map(maskWrites);
  // Node's own warnings and NODE_DEBUG write past process.stderr.
  const raw = process as unknown as { _rawDebug: (...args: unknown[]) => void };
  const rawDebug = raw._rawDebug.bind(process);
  raw._rawDebug = (...args) => {
    rawDebug('%s', processMask.text(format(...args)));
  };
  // Node would print it past process.stderr as well.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${format(error)}\n`);
    process.exit(1);
  });
  process.on('exit', () => {
    for (const flush of streams) flush();
  });
}

/** Takes the secrets that this process knows out of a text. For what leaves it in another way than by its output. */
export function maskText(text: string): string {
  return processMask.text(text);
}

/** Masks the output of a child process on its way to where it is shown or kept. */
export function maskStream(): MaskStream {
  return processMask.stream();
}

type Callback = (error?: Error | null) => void;

function maskWrites(stream: NodeJS.WriteStream): () => void {
  const write = stream.write.bind(stream) as (chunk: Buffer, callback?: Callback) => boolean;
  const mask = processMask.stream();
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): boolean => {
    const done = typeof encoding === 'function' ? encoding : callback;
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return write(mask.write(bytes), done);
  };
  return () => {
    const rest = mask.end();
    if (rest.length > 0) write(rest);
  };
}
