import type { Cluster } from '@prow-deploy/cluster';
import { type Environment, nxRun } from '@prow-deploy/environment';
import { ask } from './ask.ts';
import { currentTerminal } from './terminal.ts';

/** A protected environment was not named by whoever wants to change it. Nothing was done. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError';
  readonly code = 'unconfirmed';
}

/** What has to be confirmed for a protected environment. */
export const CONFIRMED_TARGETS = ['apply', 'cleanup', 'debug', 'pin-cluster'] as const;
export type ConfirmedTarget = (typeof CONFIRMED_TARGETS)[number];

/** Options of {@link confirmEnvironment}. */
export interface ConfirmOptions {
  readonly environment: Environment;
  readonly target: ConfirmedTarget;
  /** The name, as it was given with the command. Default: not given, so it is asked for. */
  readonly confirm?: string | undefined;
  /** The cluster, where the work is connected to it. Default: as environment.yaml says. */
  readonly cluster?: Pick<Cluster, 'server' | 'context'> | undefined;
  /** What is about to happen, such as `12 to create, 3 to change`: shown with the question. Default: nothing. */
  readonly summary?: string | undefined;
  /** Ends the question. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets a change of a protected environment pass only where its name was given: with the command, or at the terminal,
 * which is asked for it and waits for as long as it takes. To be called after all that reads and before all that writes,
 * so that `summary` can say what is about to happen.
 *
 * @throws {UnconfirmedError} where the name is another, the question was stopped, or there is nobody to ask.
 */
export async function confirmEnvironment(options: ConfirmOptions): Promise<void> {
  const { environment, target, confirm, signal } = options;
  requireConfirmable(environment, confirm, target);
  const { name, protection } = environment;
  if (protection === 'none' || confirm === name) return;
  const terminal = currentTerminal();
  if (terminal === undefined) throw unconfirmed(environment, confirm, target);
  // The first bytes remove a line of progress that may still stand there.
  terminal.output.write(`\r\u001b[2K${announcement(options)}\n`);
  const question = 'Type the name of the environment to go on:';
  const answer = await ask({ terminal, question, signal });
  if (answer === name) return;
  const why = answer === undefined ? 'the question was stopped' : `"${answer}" is not its name`;
  const done = target === 'pin-cluster' ? 'written' : 'sent';
  throw new UnconfirmedError(`Cannot run ${target} of ${name}: ${why}. Nothing was ${done}.`);
}

/**
 * Fails early where {@link confirmEnvironment} would fail whatever comes before it: another name was given with the
 * command, or none, and there is nobody to ask.
 *
 * @throws {UnconfirmedError}
 */
export function requireConfirmable(
  environment: Environment,
  confirm: string | undefined,
  target: ConfirmedTarget,
): void {
  if (confirm !== undefined || currentTerminal() === undefined) {
    requireConfirmation(environment, confirm, target);
  }
}

// Lets a change of a protected environment pass only where its name was given.
function requireConfirmation(
  environment: Environment,
  confirm: string | undefined,
  target: ConfirmedTarget,
): void {
  const { name, protection } = environment;
  if (protection !== 'none' && confirm !== name) throw unconfirmed(environment, confirm, target);
}

function unconfirmed(
  environment: Environment,
  confirm: string | undefined,
  target: ConfirmedTarget,
): UnconfirmedError {
  const { name } = environment;
  const given =
    confirm === undefined
      ? 'its name was not given, and there is no terminal to ask for it'
      : `"${confirm}" was given`;
  return new UnconfirmedError(
    `Cannot run ${target} of ${name}: environments/${name}/environment.yaml protects it, and ${given}. If you mean it: ${nxRun(environment, target)} --confirm=${name}`,
  );
}

function announcement({ environment, target, cluster, summary }: ConfirmOptions): string {
  const { name, cluster: spec } = environment;
  const { context, server } =
    cluster ??
    (spec.provider === 'kubeconfig'
      ? { context: spec.context, server: spec.identity?.server }
      : { context: name, server: undefined });
  return [
    `About to run ${target} of ${name}, which is protected:`,
    `  cluster  ${server ?? 'not pinned'}, context ${context}`,
    ...(summary === undefined ? [] : [`  changes  ${summary}`]),
  ].join('\n');
}
