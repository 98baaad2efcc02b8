import { setImmediate } from 'node:timers/promises';
import type { Terminal } from './terminal.ts';

interface AskOptions {
  readonly terminal: Terminal;
  /** One line. */
  readonly question: string;
  /** Ends the question. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks for one line and waits for as long as it takes; what was typed before the question is no answer to it, nor is an
 * empty line. `undefined` after Ctrl-C, Ctrl-D or an abort.
 */
export async function ask({ terminal, question, signal }: AskOptions): Promise<string | undefined> {
  if (signal?.aborted === true) return undefined;
  const { createPrompt, isEnterKey, useEffect, useKeypress, useState } =
    await import('@inquirer/core');
  const prompt = createPrompt<string | undefined, { question: string }>((config, done) => {
    const [line, setLine] = useState('');
    // Ctrl-D closes readline without a word: @inquirer/input would wait for ever.
    useEffect((readline) => {
      readline.on('close', () => {
        done(undefined);
      });
    }, []);
    useKeypress((key, readline) => {
      if (!isEnterKey(key)) setLine(readline.line);
      else if (line !== '') done(line);
    });
    return `${config.question} ${line}`;
  });
  await discardTyped(terminal);
  try {
    return await prompt({ question }, { ...terminal, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) return undefined;
    throw error;
  }
}

// What waits in the terminal is read, by nobody, in the first full turn of the event loop.
async function discardTyped({ input }: Terminal): Promise<void> {
  input.setRawMode(true).resume();
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  input.pause();
}
