import { spawn } from '@lydell/node-pty';

/** A command on a terminal of its own. */
export interface TerminalCommand {
  /** All that it printed so far. */
  output(): string;
  /** Types; `\r` is Enter, `\u0003` is Ctrl-C, `\u0004` is Ctrl-D. */
  type(keys: string): void;
  /** Resolves once it has printed this; rejects when it ends without. */
  printed(text: string): Promise<void>;
  /** Its exit code. */
  readonly exitCode: Promise<number>;
  /** Sends a signal, by default SIGHUP, as a terminal that is closed. */
  kill(signal?: NodeJS.Signals): void;
}

/** Starts a command on a pseudo-terminal of 120 columns; `env` is its whole environment. */
export function startOnTerminal(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string | undefined> },
): TerminalCommand {
  const process = spawn(command, [...args], {
    ...options,
    name: 'xterm-256color',
    cols: 120,
    rows: 30,
  });
  let output = '';
  const listeners = new Set<() => void>();
  process.onData((text) => {
    output += text;
    for (const listener of listeners) listener();
  });
  const exitCode = new Promise<number>((resolve) => {
    process.onExit(({ exitCode: code, signal }) => {
      resolve(signal === undefined || signal === 0 ? code : 128 + signal);
    });
  });
  return {
    output: () => output,
    type: (keys) => {
      process.write(keys);
    },
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!output.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void exitCode.then((code) => {
          reject(
            new Error(`ended with ${code} and never printed ${JSON.stringify(text)}:\n${output}`),
          );
        });
      }),
    exitCode,
    kill: (signal) => {
      process.kill(signal);
    },
  };
}
