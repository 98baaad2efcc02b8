import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYamlFile, type RenderedConfig, type YamlFile } from '@prow-deploy/environment';
import { type CommandTrace, findOrigin, type PathElement } from '@prow-deploy/yq-script';
import type { ConfigPlace } from './config-finding.ts';

/** Where the files of an environment's configuration come from. */
export interface Origins {
  /** Absolute path of the workspace root. */
  readonly workspaceRoot: string;
  /** Folder of the base configuration, relative to the workspace root. */
  readonly base: string;
}

/** Follows places of rendered files to where they are written. */
export class OriginPlaces {
  readonly #origins: Origins;
  readonly #files = new Map<string, Promise<YamlFile>>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** The line of the script or of the base file that a place of a rendered file comes from. */
  async of(config: RenderedConfig, path: readonly PathElement[]): Promise<ConfigPlace> {
    const origin = findOrigin(config.trace, path);
    if (origin.command !== undefined) return this.ofCommand(config, origin.command, origin.path);
    return this.#where(`${this.#origins.base}/${config.path}`, origin.path);
  }

  /** The line of a command, or of a place within its value. */
  async ofCommand(
    { script = '' }: RenderedConfig,
    { number }: CommandTrace,
    path: readonly PathElement[] = [],
  ): Promise<ConfigPlace> {
    return this.#where(script, [number - 1, 'value', ...path]);
  }

  async #where(file: string, path: readonly PathElement[]): Promise<ConfigPlace> {
    const source = await this.#read(file);
    return { file, line: Number(/:(\d+)$/.exec(source.where(path))?.[1] ?? 1) };
  }

  #read(file: string): Promise<YamlFile> {
    const known = this.#files.get(file);
    const read =
      known ??
      readFile(join(this.#origins.workspaceRoot, file), 'utf8').then((text) =>
        parseYamlFile(text, file),
      );
    this.#files.set(file, read);
    return read;
  }
}
