import { delimiter } from 'node:path';

/** The folders with checks of the user's own: of the command line, and those of `PROW_DEPLOY_VERIFY`, joined by colons. */
export function ownChecksFolders(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  const more = (env['PROW_DEPLOY_VERIFY'] ?? '').split(delimiter);
  return [given ?? '', ...more].filter((folder) => folder !== '');
}
