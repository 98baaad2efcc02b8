import type { ExecutorContext, PromiseExecutor, TaskGraph } from '@nx/devkit';
import { type Environment, maskOutputs, readEnvironment } from '@prow-deploy/environment';
import { maskProcess, maskText } from '@prow-deploy/secrets/mask';
import { printErrorLines } from './print-error.ts';

/** What a task of an environment gets to work with. */
export interface TaskContext<Options> {
  readonly environment: Environment;
  readonly options: Options;
  /** Prints a line of the task's result. */
  readonly print: (line: string) => void;
  /** Aborted by Ctrl-C and by Nx when it stops the task. */
  readonly signal: AbortSignal;
}

/** Does the work; throws an error whose message says what could not be done, or resolves to false after saying so. */
export type Task<Options> = (context: TaskContext<Options>) => Promise<boolean | undefined>;

/** One task in one process: its lines go to standard output, its error to standard error. */
export function executor<Options>(task: Task<Options>): PromiseExecutor<Options> {
  return (options, { root, projectName = '', configurationName: configuration }) =>
    inProcess(async (context) => {
      const environment = await readEnvironment({
        workspaceRoot: root,
        name: projectName,
        configuration,
      });
      return task({ environment, options, ...context });
    });
}

/** Does the work of the only task of a process. */
export async function inProcess(
  work: (context: Pick<TaskContext<unknown>, 'print' | 'signal'>) => Promise<boolean | undefined>,
): Promise<{ success: boolean }> {
  maskAll();
  const { signal, release } = abortOnSignals();
  try {
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    return { success: (await work({ print, signal })) !== false };
  } catch (error) {
    for (const line of printErrorLines(error)) process.stderr.write(`${line}\n`);
    return { success: false };
  } finally {
    release();
  }
}

export interface BatchResult {
  readonly task: string;
  readonly result: { readonly success: boolean; readonly terminalOutput: string };
}

/** The same task for several environments at once, in one process: starting Node and loading the code is paid once. */
export function batch<Options>(
  task: Task<Options>,
): (
  graph: TaskGraph,
  options: Record<string, Options>,
  overrides: unknown,
  context: ExecutorContext,
) => AsyncGenerator<BatchResult> {
  return async function* run(graph, options, _overrides, { root }) {
    maskAll();
    const { signal, release } = abortOnSignals();
    const running = new Map(
      Object.values(graph.tasks).map(({ id, target }) => [
        id,
        runOne(task, id, target.project, options[id] as Options, root, signal),
      ]),
    );
    try {
      while (running.size > 0) {
        const done = await Promise.race(running.values());
        running.delete(done.task);
        yield done;
      }
    } finally {
      release();
    }
  };
}

async function runOne<Options>(
  task: Task<Options>,
  id: string,
  name: string,
  options: Options,
  workspaceRoot: string,
  signal: AbortSignal,
): Promise<BatchResult> {
  const lines: string[] = [];
  let success = false;
  try {
    const environment = await readEnvironment({ workspaceRoot, name });
    success =
      (await task({ environment, options, signal, print: (line) => void lines.push(line) })) !==
      false;
  } catch (error) {
    lines.push(...printErrorLines(error));
  }
  return {
    task: id,
    // Goes to Nx by a message, past the process's output.
    result: { success, terminalOutput: maskText(lines.map((line) => `${line}\n`).join('')) },
  };
}

// No secret that this process comes to know leaves it: in what it prints, in what it writes to dist.
function maskAll(): void {
  maskProcess();
  maskOutputs(maskText);
}

function abortOnSignals(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', abort).off('SIGTERM', abort),
  };
}
