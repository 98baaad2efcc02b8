import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type YamlFile, readYamlFile } from '@prow-deploy/environment';
import * as v from 'valibot';
import { VendorError } from '../vendor-error.ts';

/** The file that says where the copies of a folder below `vendor/` come from. */
export const UPSTREAM_FILE = 'upstream.yaml';

/** Someone else's manifests, of which there are copies below `vendor/<name>`, one folder for each commit. */
export interface Upstream {
  /** Name of the folder below `vendor/`, and of the Nx project. */
  readonly name: string;
  /** Absolute path of that folder. */
  readonly directory: string;
  /** Absolute path of the workspace root. */
  readonly workspaceRoot: string;
  /** git repository to copy from: a URL, or a path relative to the workspace root. */
  readonly repository: string;
  /** Folder in it. */
  readonly path: string;
  /** Images whose tag follows the copy's, by the part of their name before the last slash. Default: none. */
  readonly followImages: readonly string[];
}

export interface ReadUpstreamOptions {
  /** Absolute path of the workspace root. */
  readonly workspaceRoot: string;
  /** Name of the folder below `vendor/`. Default: `test-infra`. */
  readonly name?: string | undefined;
}

export const DEFAULT_UPSTREAM = 'test-infra';

/** Reads `vendor/<name>/upstream.yaml`. @throws {VendorError} `invalid-settings` with file and line. */
export async function readUpstream(options: ReadUpstreamOptions): Promise<Upstream> {
  const { workspaceRoot, name = DEFAULT_UPSTREAM } = options;
  const directory = join(workspaceRoot, 'vendor', name);
  const path = join(directory, UPSTREAM_FILE);
  if (!existsSync(path)) {
    throw new VendorError(
      'invalid-settings',
      `Cannot use ${relative(workspaceRoot, path)}: it is not there. Write the repository and the path to copy into it.`,
    );
  }
  const source = await readYamlFile(path, workspaceRoot);
  const { repository, path: folder, followImages = [] } = parseYaml(source, schema());
  return { name, directory, workspaceRoot, repository, path: folder, followImages };
}

/** Names of everything that is vendored, sorted. */
export async function listUpstreams(workspaceRoot: string): Promise<string[]> {
  const root = join(workspaceRoot, 'vendor');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, UPSTREAM_FILE)))
    .map(({ name }) => name)
    .sort();
}

function schema() {
  const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
  return v.strictObject({
    repository: text,
    path: text,
    followImages: v.exactOptional(v.array(text)),
  });
}

/** Checks the only document of a YAML file. @throws {VendorError} `invalid-settings` with file and line. */
export function parseYaml<T>(source: YamlFile, schema: v.GenericSchema<unknown, T>): T {
  const result = v.safeParse(schema, source.documents[0]?.toJS() ?? {});
  const problems = result.success
    ? source.errors
    : [
        ...source.errors,
        ...result.issues.map((issue) => {
          const path = (issue.path ?? []).map(({ key }) => key);
          return `${source.where(path)}: ${path.join('.')}: ${issue.message}.`;
        }),
      ];
  if (result.success && problems.length === 0) return result.output;
  throw new VendorError('invalid-settings', `Cannot use ${problems.join('\n  ')}`);
}
