import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolchainError } from './errors.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import type { Platform } from './platform.ts';

/**
 * How a release publishes its SHA-256 digests: `list` is the output of sha256sum for all files, `digest` one digest per
 * file, `github-release` the JSON that the GitHub API answers for a release (`assets[].digest`).
 */
export const CHECKSUM_FORMATS = ['list', 'digest', 'github-release'] as const;

export type ChecksumFormat = (typeof CHECKSUM_FORMATS)[number];

/**
 * Where the official release is. URLs and members hold `{version}`, `{number}` (the version without its `v`), `{os}`,
 * `{arch}` and `{extension}`.
 */
export interface Release {
  readonly url: string;
  /** Path of the executable in the archive. Absent: the URL is the executable itself. */
  readonly member?: string;
  readonly checksums: { readonly url: string; readonly format: ChecksumFormat };
  /**
   * The platforms the project publishes for; others are built. `sha256` is of the file at the URL, and equals what the
   * project publishes beside it: never written from a file that happened to be downloaded.
   */
  readonly platforms: {
    readonly [platform in Platform]?: { readonly sha256?: string; readonly extension?: string };
  };
}

/** One entry of `tools` in `versions.json`. */
export interface ToolEntry {
  readonly version: string;
  /** The operating systems it is for. Default: all. */
  readonly systems?: readonly string[];
  /** Absent: nobody publishes it as it is needed here, so it is always built. */
  readonly release?: Release;
  /** Whether it is installed for those alone who ask for it by name. Default: false. */
  readonly onDemand?: boolean;
  /** Folder below `go/`, and the command to build there: a dependency's, or the folder's own. */
  readonly source: {
    readonly module: string;
    readonly package: string;
    /** Folders that the tool reads when it runs: the name each gets in `toolFiles` → its path in the package's module. */
    readonly files?: Readonly<Record<string, string>>;
  };
}

/** One entry of `modules` in `versions.json`: how the commands of a Go module are built. */
export interface ModuleEntry {
  readonly tags?: readonly string[];
  /** Go string variables that are set by the linker (`-X`), such as the version that the tool prints. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The pinned tools, and the Go modules that build them. */
export interface Catalogue {
  readonly tools: Readonly<Record<string, ToolEntry>>;
  readonly modules: Readonly<Record<string, ModuleEntry>>;
  /** The folder with one folder per Go module. */
  readonly goDirectory: string;
}

/** Reads the catalogue in a folder: `versions.json` and `go/`. */
export function openCatalogue(directory: string): Catalogue {
  const file = readFileSync(join(directory, 'versions.json'), 'utf8');
  return {
    ...(JSON.parse(file) as Omit<Catalogue, 'goDirectory'>),
    goDirectory: join(directory, 'go'),
  };
}

let own: Catalogue | undefined;

/** The catalogue of this package, read once. */
export function ownCatalogue(): Catalogue {
  return (own ??= openCatalogue(PACKAGE_ROOT));
}

/** @throws {ToolchainError} `unknown-tool`. */
export function toolEntry(catalogue: Catalogue, tool: string): ToolEntry {
  const entry = catalogue.tools[tool];
  if (entry) return entry;
  throw new ToolchainError(
    'unknown-tool',
    `Cannot install ${tool}: versions.json does not name it. It names ${Object.keys(catalogue.tools).join(', ')}.`,
  );
}
