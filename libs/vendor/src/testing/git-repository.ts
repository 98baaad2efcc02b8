import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** What a commit holds at a path. A text is a plain file. */
export type FileContent =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly run: string }
  | { readonly submodule: string };

export interface TestRepository {
  readonly root: string;
  /** Makes a commit whose tree is exactly these files; gives its hash. */
  commit(files: Readonly<Record<string, FileContent>>, options?: CommitOptions): Promise<string>;
  git(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

export interface CommitOptions {
  readonly message?: string;
  /** As git reads it. Default: the moment. */
  readonly date?: string;
}

/** A real git repository in a temporary folder. */
export async function testRepository(format: 'sha1' | 'sha256' = 'sha1'): Promise<TestRepository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'upstream-test-')));
  const git = async (args: readonly string[], env: Record<string, string> = {}) =>
    (await execa('git', args, { cwd: root, env })).stdout;
  await git(['init', '--quiet', '--initial-branch=master', `--object-format=${format}`]);
  for (const [name, value] of [
    ['user.name', 'test'],
    ['user.email', 'test@localhost'],
    ['core.autocrlf', 'false'],
    ['commit.gpgsign', 'false'],
  ] as const) {
    await git(['config', name, value]);
  }
  return {
    root,
    git: (...args) => git(args),
    commit: async (files, { message = 'change', date } = {}) => {
      await git(['rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.']);
      for (const [path, content] of Object.entries(files)) {
        await write(join(root, path), content);
      }
      await git(['add', '--all', '--force']);
      for (const [path, content] of Object.entries(files)) {
        if (typeof content !== 'string' && 'submodule' in content) {
          await git([
            'update-index',
            '--add',
            '--cacheinfo',
            `160000,${content.submodule},${path}`,
          ]);
        }
      }
      const dates = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      await git(['commit', '--quiet', '--allow-empty', '-m', message], dates);
      return git(['rev-parse', 'HEAD']);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function write(path: string, content: FileContent): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(path, content);
  else if ('link' in content) await symlink(content.link, path);
  else if ('run' in content) {
    await writeFile(path, content.run);
    await chmod(path, 0o755);
  }
}
