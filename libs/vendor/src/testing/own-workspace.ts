import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A copy of what git has of this repository's environments, in a temporary folder. */
export async function ownWorkspace(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'vendor-own-')));
  const folders = ['environments', 'kustom-base', 'vendor'];
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', ...folders]);
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(path, join(root, path));
  }
  return { root, remove: () => rm(root, { recursive: true }) };
}
