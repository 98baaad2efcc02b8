import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { listEnvironments } from '@prow-deploy/environment';
import { learnSecrets } from '../mask/learn-secrets.ts';
import { type Matcher, PIECE } from '../mask/matcher.ts';
import { type FoundSecret, createMask } from '../mask/secret-mask.ts';
import { gitFiles, gitObjects } from './git-objects.ts';
import { unpack } from './unpack.ts';

/** A secret where none may be. Holds nothing of its value. */
export interface Leak {
  /** Path relative to the workspace root, or the git object. */
  readonly place: string;
  /** Line, from 1; `undefined` within what was packed. */
  readonly line: number | undefined;
  /** Such as `ibmcloud-staging: hmac-token/hmac`. */
  readonly secret: string;
  /** How it is written there. */
  readonly encoding: string;
}

export interface LeakReport {
  readonly leaks: readonly Leak[];
  /** How many values were looked for; with none, nothing was looked at. */
  readonly secrets: number;
  /** How many files and git objects were looked at. */
  readonly places: number;
}

export interface FindLeaksOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Names of the environments whose secrets are looked for. Default: all. */
  readonly environments?: readonly string[];
  /** Folders to look into besides git, relative to the workspace root. Default: `dist` and those of Nx. */
  readonly folders?: readonly string[];
}

/**
 * Looks for the values of `environments/<name>/secrets`, however they are written, everywhere else: in files that git
 * tracks or would take, in all commits of the branch, in `dist`, in Nx's cache, database and logs; also in gzip. A value
 * shorter than eight characters is not looked for: any text may hold it. Nor is what the boilerplate in git says.
 *
 * @throws {SecretsError} `unreadable-repository`
 */
export async function findLeaks(options: FindLeaksOptions): Promise<LeakReport> {
  const { workspaceRoot, folders = outputFolders() } = options;
  const environments = options.environments ?? (await listEnvironments(workspaceRoot));
  const mask = createMask();
  for (const name of environments) await learnSecrets(workspaceRoot, name, mask);
  const matcher = mask.matcher();
  const secrets = mask.size();
  const leaks: Leak[] = [];
  let places = 0;
  if (secrets === 0) return { leaks, secrets, places };
  const look = (place: string, bytes: Buffer): void => {
    places += 1;
    leaks.push(...leaksIn(place, bytes, matcher));
  };
  const inGit = (await gitFiles(workspaceRoot)).map((path) => join(workspaceRoot, path));
  const outputs = await Promise.all(
    folders.map((folder) => filesBelow(resolve(workspaceRoot, folder))),
  );
  for (const file of new Set([...inGit, ...outputs.flat()])) {
    const bytes = await readFile(file).catch(ignoreAbsent);
    if (bytes) look(relative(workspaceRoot, file), bytes);
  }
  for await (const { hash, type, path, content } of gitObjects(workspaceRoot)) {
    look(`git ${type} ${hash.slice(0, 12)}${path === '' ? '' : ` (${path})`}`, content);
  }
  return { leaks, secrets, places };
}

/** What of the secrets stands in these bytes, each once. */
export function leaksIn(place: string, bytes: Buffer, matcher: Matcher<FoundSecret>): Leak[] {
  const leaks = new Map<string, Leak>();
  for (const content of unpack(bytes)) {
    for (const { from, to, what } of matcher.find(content)) {
      // A few characters alike are no leak: it takes a whole value, or a piece that nobody makes up by chance.
      if (what.isWord || to - from < Math.min(what.length, PIECE)) continue;
      const line = content === bytes ? lineOf(content, from) : undefined;
      const encoding = content === bytes ? what.encoding : `${what.encoding}, in gzip`;
      const key = `${what.name} ${encoding}`;
      if (!leaks.has(key)) leaks.set(key, { place, line, secret: what.name, encoding });
    }
  }
  return [...leaks.values()];
}

function lineOf(bytes: Buffer, at: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i !== -1 && i < at; i = bytes.indexOf(10, i + 1)) line += 1;
  return line;
}

// Where tasks leave what is not in git.
function outputFolders(): string[] {
  const { NX_CACHE_DIRECTORY, NX_WORKSPACE_DATA_DIRECTORY, NX_PROJECT_GRAPH_CACHE_DIRECTORY } =
    process.env;
  return [
    'dist',
    '.nx',
    NX_CACHE_DIRECTORY,
    NX_WORKSPACE_DATA_DIRECTORY,
    NX_PROJECT_GRAPH_CACHE_DIRECTORY,
  ].filter((folder): folder is string => folder !== undefined && folder !== '');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}

// A file that git tracks may be deleted, and one of Nx may go while it is looked at; a submodule is a folder.
function ignoreAbsent(error: unknown): undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!['ENOENT', 'EISDIR'].includes(code)) throw error;
}
