import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A copy of this workspace with a git history of its own, in a temporary folder. */
export interface ClonedWorkspace {
  readonly root: string;
  /** Environment variables of every command, to be changed at will. */
  readonly env: Record<string, string>;
  /** Runs git, gives what it prints. */
  git(...args: string[]): Promise<string>;
  /** Runs Nx without its daemon. Never throws: `exitCode` and `all` tell. */
  nx(...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; all: string }>;
  /** Commits everything; gives nothing. */
  commit(message: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Copies the files that git knows or would take (changed ones as they are), links node_modules and makes a first commit.
 * `extra` folders that git ignores are copied as well.
 */
export async function cloneWorkspace(source: string): Promise<ClonedWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'workspace-test-')));
  const { stdout } = await execa(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: source },
  );
  const files = stdout.split('\0').filter((file) => file !== '');
  const folders = new Set(files.map((file) => dirname(join(root, file))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  // A file that was removed and not committed yet is still listed.
  await Promise.all(
    files.map((file) => cp(join(source, file), join(root, file)).catch(ignoreAbsent)),
  );
  // A package that needs another version than the rest has it in a folder of its own.
  for (const folder of ['.', ...packageFolders(files)]) {
    const modules = join(source, folder, 'node_modules');
    if (existsSync(modules)) await symlink(modules, join(root, folder, 'node_modules'));
  }
  const workspace: ClonedWorkspace = {
    root,
    env: {
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      CI: 'true',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
    git: async (...args) => (await execa('git', args, { cwd: root })).stdout,
    nx: async (...args) => {
      const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
      const {
        exitCode,
        stdout: out,
        all,
      } = await execa(process.execPath, [nx, ...args], {
        cwd: root,
        env: workspace.env,
        reject: false,
        all: true,
      });
      return { exitCode, stdout: out, all };
    },
    commit: async (message) => {
      await workspace.git('add', '--all');
      await workspace.git(
        '-c',
        'user.name=test',
        '-c',
        'user.email=test@localhost',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        message,
      );
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  await workspace.git('init', '--quiet', '--initial-branch=main');
  await workspace.commit('first');
  return workspace;
}

function packageFolders(files: readonly string[]): string[] {
  return files.filter((file) => /^(libs|tools)\/[^/]+\/package\.json$/.test(file)).map(dirname);
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
