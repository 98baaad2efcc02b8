import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalogue, type Catalogue, type Release, type ToolEntry } from '../catalogue.ts';
import { PLATFORMS } from '../platform.ts';
import type { ProgressEvent } from '../progress.ts';

/** A tool that takes no time to download or run. */
export const SCRIPT = '#!/bin/sh\necho downloaded\n';

/** A tool that takes a second to build. */
const PROGRAM = `package main

import "fmt"

var version = "unset"

func main() { fmt.Println("built", version) }
`;

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A tool that can be downloaded. */
export type ReleasedTool = ToolEntry & { readonly release: Release };

/** Temporary folders with a catalogue of small tools and an empty cache. */
export class Sandbox {
  readonly directory: string;
  readonly events: ProgressEvent[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<Sandbox> {
    return new Sandbox(await realpath(await mkdtemp(join(tmpdir(), 'toolchain-test-'))));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  get cacheDirectory(): string {
    return join(this.directory, 'cache');
  }

  /** Options for `ensureToolsOf`: this cache, short deadlines, events kept. */
  get options() {
    return {
      cacheDirectory: this.cacheDirectory,
      timeouts: { connect: 2_000, answer: 500, stall: 500 },
      onProgress: (event: ProgressEvent) => {
        this.events.push(event);
      },
    };
  }

  eventsOf<Type extends ProgressEvent['type']>(type: Type) {
    return this.events.filter(
      (event): event is Extract<ProgressEvent, { type: Type }> => event.type === type,
    );
  }

  /** Writes versions.json and one Go module, `greet`, with the commands greet and wave. */
  async catalogue(
    change: (tool: string, entry: ReleasedTool) => ToolEntry = (_, e) => e,
  ): Promise<Catalogue> {
    const root = join(this.directory, 'catalogue');
    const module = join(root, 'go', 'greet');
    const tools: Record<string, ToolEntry> = {};
    for (const name of ['greet', 'wave']) {
      await mkdir(join(module, name), { recursive: true });
      await writeFile(join(module, name, 'main.go'), PROGRAM);
      tools[name] = change(name, {
        version: 'v1.2.3',
        release: {
          url: `https://releases.test/{version}/${name}-{os}-{arch}`,
          checksums: { url: 'https://releases.test/{version}/SHA256SUMS', format: 'list' },
          platforms: forEveryPlatform({ sha256: sha256(SCRIPT) }),
        },
        source: { module: 'greet', package: `releases.test/greet/${name}` },
      });
    }
    await writeFile(join(module, 'go.mod'), 'module releases.test/greet\n\ngo 1.21\n');
    await writeFile(join(module, 'go.sum'), '');
    const modules = { greet: { variables: { 'main.version': 'v1.2.3' } } };
    await writeFile(join(root, 'versions.json'), JSON.stringify({ tools, modules }));
    return openCatalogue(root);
  }

  /** Puts executable shell scripts into a new folder, for PATH. */
  async bin(scripts: Record<string, string>): Promise<string> {
    const directory = await mkdtemp(join(this.directory, 'bin-'));
    for (const [name, text] of Object.entries(scripts))
      await writeFile(join(directory, name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    return directory;
  }

  /** Every file in the cache, relative to it, without the folder of locks. */
  async cached(): Promise<string[]> {
    const entries = await readdir(this.cacheDirectory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.locks'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.cacheDirectory.length + 1))
      .sort();
  }
}

export function forEveryPlatform<T>(value: T): Record<(typeof PLATFORMS)[number], T> {
  return Object.fromEntries(PLATFORMS.map((platform) => [platform, value])) as Record<
    (typeof PLATFORMS)[number],
    T
  >;
}
