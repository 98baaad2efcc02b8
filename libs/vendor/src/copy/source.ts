import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseYamlFile } from '@prow-deploy/environment';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { FILE_MODES, type TreeFile, objectFormatOf, treeHash } from '../git/git-hash.ts';
import { VendorError } from '../vendor-error.ts';
import { parseYaml } from './upstream.ts';

/** Folder of a copy that holds what was copied, and nothing else. */
export const MANIFESTS_FOLDER = 'manifests';
/** The file that says what a copy is a copy of. */
export const SOURCE_FILE = 'source.yaml';

/** What a copy is a copy of. */
export interface Source {
  /** `upstream`: of a commit. `starter`: written here, until a copy takes its place. */
  readonly origin: 'upstream' | 'starter';
  readonly repository: string;
  readonly commit: string;
  /** When it was committed, ISO 8601; absent for a starter. */
  readonly date?: string;
  readonly path: string;
  /** git's hash of the folder. */
  readonly tree: string;
  readonly files: readonly TreeFile[];
}

/**
 * Reads what a copy is a copy of.
 *
 * @throws {VendorError} `invalid-settings` for a file that is absent or wrong, with the line; `not-exact` where its hashes
 * do not belong together.
 */
export async function readSource(directory: string, workspaceRoot: string): Promise<Source> {
  const path = join(directory, SOURCE_FILE);
  const file = relative(workspaceRoot, path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new VendorError(
      'invalid-settings',
      `Cannot read ${file}: it is not there. Copy the commit again: nx run test-infra:sync --rev=<commit>`,
      { cause },
    );
  });
  const { files, ...rest } = parseYaml(parseYamlFile(text, file), schema());
  const source: Source = {
    ...rest,
    files: Object.entries(files).map(([name, line]) => {
      const [mode = '', hash = ''] = line.split(' ');
      return { path: name, mode: mode as TreeFile['mode'], hash };
    }),
  };
  const tree = treeHash(source.files, objectFormatOf(source.tree));
  if (tree !== source.tree) {
    throw new VendorError(
      'not-exact',
      `Cannot use ${file}: its files together have the hash ${tree}, and it says ${source.tree}. It was edited; restore it from git.`,
    );
  }
  return source;
}

/** The text of the `source.yaml` of a copy. */
export function formatSource({ files, ...source }: Source): string {
  const hashes = files.map(({ path, mode, hash }): [string, string] => [path, `${mode} ${hash}`]);
  const yaml = (value: object): string => stringify(value, { lineWidth: 0 });
  return [
    '# What manifests/ is an exact copy of. Written by sync, proved by check: edit neither this nor a file of manifests/.\n',
    yaml(source),
    "# git's mode and hash of each file; `tree` is that of the folder.\n",
    yaml({ files: Object.fromEntries(hashes) }),
  ].join('');
}

function schema() {
  const hash = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is no hash of git'));
  const file = v.pipe(
    v.string(),
    v.regex(
      new RegExp(`^(?:${FILE_MODES.join('|')}) (?:[0-9a-f]{40}|[0-9a-f]{64})$`),
      'must be a mode and a hash of git',
    ),
  );
  return v.strictObject({
    origin: v.picklist(['upstream', 'starter']),
    repository: v.string(),
    commit: v.string(),
    date: v.exactOptional(v.string()),
    path: v.string(),
    tree: hash,
    files: v.record(v.string(), file),
  });
}
