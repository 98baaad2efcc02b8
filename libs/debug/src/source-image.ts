import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ClusterOptions } from '@prow-deploy/cluster';
import type { Component } from './component.ts';
import { DebugError } from './debug-error.ts';

export interface SourceImageOptions extends Pick<
  ClusterOptions,
  'environment' | 'configuration' | 'workspaceRoot' | 'signal' | 'onProgress'
> {
  /** Absolute path of a folder with the component's source: a checkout of Prow, or the folder of one Go command. */
  readonly source: string;
  /** Name of the command, as of the image that is made of it. */
  readonly program: string;
  readonly component: Component;
}

/** Folders that deck reads, by the names that it looks for: where they are in a checkout of Prow, from its own. */
const DATA = { static: 'static', template: 'template', lenses: '../../pkg/spyglass/lenses' };

/**
 * Builds the component from source, as a static binary, and brings it to the environment's node as an image.
 *
 * @returns the image's name.
 * @throws {DebugError} `source` where there is no such command, or it does not build, with what the compiler says.
 * @throws {ClusterError} `not-running`, `image`
 */
export async function sourceImage(options: SourceImageOptions): Promise<string> {
  const { component, program } = options;
  const directory = await mkdtemp(join(tmpdir(), 'prow-deploy-debug-'));
  try {
    const command = await findCommand(options);
    const binary = join(directory, 'binary');
    await goBuild(options, command, binary);
    const name = `localhost/prow-deploy-debug/${program}:${await digestOf(binary)}`;
    const tar = join(directory, 'image.tar');
    const { gitFiles, importImage, programContent, writeImage } =
      await import('@prow-deploy/cluster/node');
    const path = programPath(component, program);
    const content = await programContent({ executable: binary, path, data: dataOf(command) });
    await writeImage({ path: tar, name, base: await gitFiles(), ...content });
    await importImage({ ...options, name, tar });
    return name;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Where upstream's image has the program: where the pod says, or else where ko puts it. */
function programPath({ container }: Component, program: string): string {
  const [first = ''] = container.command ?? [];
  return posix.isAbsolute(first) ? first : `/ko-app/${program}`;
}

async function findCommand({ source, program }: SourceImageOptions): Promise<string> {
  const folders = [`cmd/${program}`, `cmd/external-plugins/${program}`, '.'];
  for (const folder of folders) {
    const path = join(source, folder);
    const files = (await readdir(path).catch(() => [])).filter(
      (file) => file.endsWith('.go') && !file.endsWith('_test.go'),
    );
    const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
    if (texts.some((text) => /^package main$/m.test(text))) return path;
  }
  throw new DebugError(
    'source',
    `Cannot build ${program}: ${source} is no Go command, and has none in ${folders.slice(0, 2).join(' or ')}. Give --source=<checkout of Prow>, or the folder of the command.`,
  );
}

async function goBuild(
  { program, signal, onProgress }: SourceImageOptions,
  command: string,
  binary: string,
): Promise<void> {
  onProgress?.(`Building ${program} in ${command}`);
  const { execa } = await import('execa');
  const { failed, stderr, code } = await execa('go', ['build', '-o', binary, '.'], {
    cwd: command,
    env: { CGO_ENABLED: '0', GOOS: 'linux' },
    stdin: 'ignore',
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  signal?.throwIfAborted();
  if (!failed) return;
  const why = code === 'ENOENT' ? 'there is no go in PATH. Install Go.' : stderr.trim();
  throw new DebugError('source', `Cannot build ${program} in ${command}: ${why}`);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex').slice(0, 12);
}

// Of all commands only deck has such folders, and then it reads the one that is elsewhere too.
function dataOf(command: string): Record<string, string> {
  if (!existsSync(join(command, DATA.template))) return {};
  return Object.fromEntries(
    Object.entries(DATA).map(([name, folder]) => [name, join(command, folder)]),
  );
}
