import { maskText } from '@prow-deploy/secrets/mask';

const PLAIN_EVERY_MS = 5000;

/**
 * Shows what a long piece of work is doing: on a terminal one line that is written over, elsewhere each different line
 * once, at most every five seconds: what is done sooner says so in its result.
 */
export async function withProgress<T>(
  work: (onProgress: (line: string) => void) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  const live = stderr.isTTY && process.env['CI'] !== 'true';
  let last = '';
  let at = Date.now();
  try {
    return await work((text) => {
      // Before it is shortened: half a secret is not recognised.
      const line = maskText(text);
      if (line === last) return;
      if (live) stderr.write(`\r\u001b[2K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      else if (Date.now() - at >= PLAIN_EVERY_MS) stderr.write(`${line}\n`);
      else return;
      last = line;
      at = Date.now();
    });
  } finally {
    if (live && last !== '') stderr.write('\r\u001b[2K');
  }
}
