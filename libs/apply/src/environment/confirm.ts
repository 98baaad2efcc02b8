import type { Environment } from '@prow-deploy/environment';

/** A protected environment was not named by whoever wants to change it. Nothing was done. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError';
  readonly code = 'unconfirmed';
}

/** Lets a change of a protected environment pass only where its name was given. @throws {UnconfirmedError} */
export function requireConfirmation(
  environment: Environment,
  confirm: string | undefined,
  target: 'apply' | 'cleanup',
): void {
  const { name, protection } = environment;
  if (protection === 'none' || confirm === name) return;
  const given = confirm === undefined ? 'its name was not given' : `"${confirm}" was given`;
  throw new UnconfirmedError(
    `Cannot run ${target} of ${name}: environments/${name}/environment.yaml protects it, and ${given}. If you mean it: nx run ${name}:${target} --confirm=${name}`,
  );
}
