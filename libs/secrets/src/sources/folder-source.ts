import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { SecretsError } from '../errors.ts';
import { pathBelow } from '../placeholders/generator-inputs.ts';
import { readValueFile } from '../read-value-file.ts';
import { boilerplateDirectory } from '../shape/read-shape.ts';
import type { SecretSource } from './source.ts';

/** Names the folder that holds one folder of secrets for each environment. */
const VARIABLE = 'PROW_DEPLOY_SECRETS';

/**
 * A folder outside of the repository, in the boilerplate's shape: `$PROW_DEPLOY_SECRETS/<name>` where that is set, else
 * what environment.yaml names, else `~/.config/prow-deploy/secrets/<name>`.
 *
 * @throws {SecretsError} `unsafe-source` for a folder within the repository, where a value is soon in git.
 */
export async function folderSource(environment: Environment): Promise<SecretSource> {
  const { name, workspaceRoot } = environment;
  const folder = folderOf(environment);
  const shown = fromHome(folder);
  const [real, root] = await Promise.all([existingPart(folder), realpath(workspaceRoot)]);
  if (real === root || pathBelow(root, real) !== undefined) {
    throw new SecretsError(
      'unsafe-source',
      `Cannot take the secrets of ${name} from ${shown}: it is within the repository, where values are soon in git. Move it elsewhere, and name it in ${VARIABLE} (one folder per environment below it) or in environment.yaml.`,
    );
  }
  const boilerplate = relative(workspaceRoot, boilerplateDirectory(workspaceRoot));
  return {
    description: shown,
    folder,
    read: ({ path }) => readValueFile(join(folder, path), folder),
    beginning:
      `Begin with a copy of the boilerplate, then fill it in:\n` +
      `  mkdir -p -m 700 ${dirname(shown)} && cp -r ${boilerplate} ${shown} && chmod 700 ${shown}`,
    warnings: async () => {
      const mode = (await stat(folder).catch(() => undefined))?.mode ?? 0;
      return (mode & 0o007) === 0
        ? []
        : [`Everybody on this machine can look into ${shown}: run chmod 700 ${shown}`];
    },
  };
}

function folderOf({ name, secrets, workspaceRoot }: Environment): string {
  const all = process.env[VARIABLE];
  const path = secrets.source === 'folder' ? secrets.path : undefined;
  const folder =
    all === undefined || all === ''
      ? (path ?? join('~/.config/prow-deploy/secrets', name))
      : join(all, name);
  return resolve(workspaceRoot, folder.replace(/^~(?=$|\/)/, homedir()));
}

function fromHome(folder: string): string {
  const below = pathBelow(homedir(), folder);
  return below === undefined ? folder : `~/${below}`;
}

// The real path, of a folder that may not be there yet.
async function existingPart(folder: string): Promise<string> {
  const parent = dirname(folder);
  return realpath(folder).catch(async () =>
    parent === folder ? folder : join(await existingPart(parent), relative(parent, folder)),
  );
}
