import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { maskText } from '@prow-deploy/secrets/mask';

/** How many runs of an environment are kept. */
const KEPT = 5;
const FILE_AT_MOST = 2 * 1024 * 1024;
const ALL_AT_MOST = 100 * 1024 * 1024;

/** Where the artifacts of a run are put: bounded in size, and masked on the way. */
export class ArtifactsFolder {
  readonly path: string;
  /** Takes the secrets out of everything that is written; until the secrets are known, nothing that may hold one is. */
  mask: (text: string) => string = maskText;
  #bytes = 0;
  readonly #files = new Set<string>();
  readonly #left: string[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** Paths of what was written, relative to the folder, sorted. */
  get files(): readonly string[] {
    return [...this.#files].sort();
  }

  /** What could not be collected, each with the reason. */
  get missing(): readonly string[] {
    return this.#left;
  }

  /** Notes something that could not be collected. */
  miss(what: string, reason: string): void {
    this.#left.push(this.mask(`${what}: ${reason}`));
  }

  /** Writes a file, whole or not at all; of one that is too long, the end. */
  async write(name: string, text: string): Promise<void> {
    const masked = this.mask(text);
    const bytes = Buffer.from(masked);
    const kept =
      bytes.length <= FILE_AT_MOST
        ? bytes
        : Buffer.concat([
            Buffer.from(`(the first ${bytes.length - FILE_AT_MOST} bytes are left out)\n`),
            bytes.subarray(bytes.length - FILE_AT_MOST),
          ]);
    if (this.#bytes + kept.length > ALL_AT_MOST) {
      this.miss(name, `all would take over ${ALL_AT_MOST / 1024 / 1024} MiB`);
      return;
    }
    const path = resolve(this.path, name);
    if (!path.startsWith(this.path + sep)) {
      throw new Error(`Cannot write ${name}: it leads out of ${this.path}.`);
    }
    await mkdir(dirname(path), { recursive: true });
    const fresh = `${path}.${process.pid}.tmp`;
    await writeFile(fresh, kept);
    await rename(fresh, path);
    if (!this.#files.has(name)) this.#bytes += kept.length;
    this.#files.add(name);
  }
}

/** Makes the folder of a new run, `dist/<name>/artifacts/<time>`, and removes those of the oldest runs. */
export async function newArtifactsFolder(
  { workspaceRoot, name }: Environment,
  now = new Date(),
): Promise<ArtifactsFolder> {
  const root = join(workspaceRoot, 'dist', name, 'artifacts');
  await mkdir(root, { recursive: true });
  const earlier = (await readdir(root)).sort();
  const old = earlier.slice(0, Math.max(0, earlier.length - KEPT + 1));
  await Promise.all(old.map((run) => rm(join(root, run), { recursive: true, force: true })));
  const path = join(root, now.toISOString().replaceAll(':', '-'));
  await mkdir(path, { recursive: true });
  return new ArtifactsFolder(path);
}

/** A path as it is shown: from the folder that the command was given in. */
export function shownPath(path: string, from = process.cwd()): string {
  const below = relative(from, path);
  return below.startsWith('..') ? path : below;
}
