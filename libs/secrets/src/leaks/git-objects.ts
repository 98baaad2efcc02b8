import { SecretsError } from '../errors.ts';

/** An object that git has stored. */
export interface GitObject {
  readonly hash: string;
  readonly type: string;
  /** A path that it is or was stored under; '' for a commit. */
  readonly path: string;
  readonly content: Buffer;
}

/** Files that git knows, and those that it would take: tracked or not ignored. Paths relative to the folder. */
export async function gitFiles(directory: string): Promise<string[]> {
  const { stdout } = await git(directory, [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '-z',
  ]);
  return [...new Set(stdout.split('\0').filter((path) => path !== ''))];
}

/** Everything that is in the commits of the branch (files, names, messages), and what is staged for the next one. */
export async function* gitObjects(directory: string): AsyncGenerator<GitObject> {
  const [reachable, staged] = await Promise.all([
    git(directory, ['rev-list', '--objects', '--ignore-missing', 'HEAD', '--']).catch(() => ({
      // Before the first commit there is no HEAD.
      stdout: '',
    })),
    git(directory, ['ls-files', '--stage', '-z']),
  ]);
  const paths = new Map<string, string>();
  for (const line of reachable.stdout.split('\n')) {
    if (line !== '') paths.set(line.slice(0, 40), line.slice(41));
  }
  for (const entry of staged.stdout.split('\0')) {
    const [, type, hash, path] = /^(\d+) ([0-9a-f]+) \d\t([^]*)$/.exec(entry) ?? [];
    // A submodule's commit is not here.
    if (hash !== undefined && type !== '160000' && !paths.has(hash)) paths.set(hash, path ?? '');
  }
  const { execa } = await import('execa');
  const child = execa('git', ['cat-file', '--batch', '--buffer'], {
    cwd: directory,
    input: [...paths.keys()].map((hash) => `${hash}\n`).join(''),
    encoding: 'buffer',
    buffer: false,
    reject: false,
  });
  for await (const object of parseBatch(child.stdout as AsyncIterable<Buffer>)) {
    yield { ...object, path: paths.get(object.hash) ?? '' };
  }
  const { exitCode, shortMessage } = await child;
  if (exitCode !== 0) throw unreadable(directory, shortMessage ?? '');
}

/** Reads what `git cat-file --batch` prints. */
async function* parseBatch(output: AsyncIterable<Buffer>): AsyncGenerator<Omit<GitObject, 'path'>> {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 1;
  for await (const chunk of output) {
    chunks.push(chunk);
    have += chunk.length;
    if (have < need) continue;
    let bytes = Buffer.concat(chunks);
    for (;;) {
      const end = bytes.indexOf('\n');
      if (end === -1) break;
      const header = bytes.toString('latin1', 0, end);
      const [, hash = '', type = '', size] = /^([0-9a-f]+) (\w+) (\d+)$/.exec(header) ?? [];
      // `<hash> missing`: a shallow or partial clone does not hold it.
      const length = size === undefined ? -1 : Number(size);
      need = end + 1 + length + 1;
      if (bytes.length < need) break;
      if (length >= 0) yield { hash, type, content: bytes.subarray(end + 1, end + 1 + length) };
      bytes = bytes.subarray(need);
      need = 1;
    }
    chunks = [bytes];
    have = bytes.length;
  }
}

async function git(directory: string, args: readonly string[]): Promise<{ stdout: string }> {
  const { execa } = await import('execa');
  const { stdout, exitCode, stderr, shortMessage } = await execa('git', args, {
    cwd: directory,
    reject: false,
    env: { LC_ALL: 'C' },
    stripFinalNewline: false,
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (exitCode !== 0) throw unreadable(directory, stderr.split('\n')[0] || (shortMessage ?? ''));
  return { stdout };
}

function unreadable(directory: string, why: string): SecretsError {
  return new SecretsError(
    'unreadable-repository',
    `Cannot look for secrets in the git repository of ${directory}: ${why}. Nothing is known about it.`,
  );
}
