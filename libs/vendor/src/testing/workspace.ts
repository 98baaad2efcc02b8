import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Upstream, readUpstream } from '../copy/upstream.ts';

/** A workspace of its own in a temporary folder. */
export interface TestWorkspace {
  readonly root: string;
  upstream(): Promise<Upstream>;
  /** Writes files: path → text. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Paths of all that is there, folders with a slash at their end, sorted. */
  list(folder?: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function testWorkspace(
  repository: string,
  path = 'config/prow/cluster',
): Promise<TestWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'vendor-test-')));
  const write: TestWorkspace['write'] = async (files) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
  };
  await write({
    'vendor/test-infra/upstream.yaml': `repository: ${JSON.stringify(repository)}\npath: ${path}\n`,
  });
  return {
    root,
    write,
    upstream: () => readUpstream({ workspaceRoot: root }),
    list: async (folder = '.') => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      return entries
        .map((entry) => {
          const name = relative(root, join(entry.parentPath, entry.name));
          return entry.isDirectory() ? `${name}/` : name;
        })
        .sort();
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
