import { readdir, realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { ImageFile } from './write-image.ts';

/** Where an image has git. */
const GIT = '/usr/bin/git';
const SHELL = '/bin/sh';
/** What speaks HTTP for git; its other programs are git itself, by another name, or are not needed. */
const HTTP = 'git-remote-http';
const LINKER = /(?:^|\s)(\/\S+) \(0x[0-9a-f]+\)$/;

/**
 * This machine's git with what it needs to work in an image: its commands, HTTP, the shell that it starts for a clone of a
 * folder, and their libraries. Empty where the machine has no git.
 */
export async function gitFiles(): Promise<readonly ImageFile[]> {
  const { execa } = await import('execa');
  const { failed, stdout } = await execa('git', ['--exec-path'], { reject: false });
  if (failed) return [];
  const folder = stdout.trim();
  const git = await realpath(posix.join(folder, 'git'));
  const http = await realpath(posix.join(folder, HTTP)).catch(() => undefined);
  const programs = new Map([
    [GIT, git],
    [SHELL, await realpath(SHELL)],
    ...(http === undefined ? [] : ([[posix.join(folder, HTTP), http]] as const)),
  ]);
  const links: ImageFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = posix.join(folder, name);
    if (programs.has(path)) continue;
    if (await isSame(path, git)) links.push({ path, link: GIT });
    else if (http !== undefined && (await isSame(path, http))) links.push({ path, link: HTTP });
  }
  const libraries = new Set<string>();
  for (const program of programs.values()) {
    for (const library of await librariesOf(program)) libraries.add(library);
  }
  return [
    ...[...programs].map(([path, source]) => ({ path, source })),
    ...links,
    ...[...libraries].map((path) => ({ path, source: path })),
  ];
}

/** Symbolic and hard links, as distributions have them. */
async function isSame(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([stat(path), stat(other)]);
  return one.dev === two.dev && one.ino === two.ino;
}

/** See ldd(1): a name and where it is, or the path of the linker, each with an address; nothing of a static program. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { execa } = await import('execa');
  const { stdout } = await execa('ldd', [program], { reject: false });
  return stdout.split('\n').flatMap((line) => LINKER.exec(line)?.[1] ?? []);
}
