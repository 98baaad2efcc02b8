import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toolEntry, type Catalogue } from './catalogue.ts';
import { readRecipe } from './recipe.ts';
import type { Settings, SourcePreference } from './settings.ts';

/** Written last, beside the tool: it proves that the tool is complete, and says where it came from. */
export interface Receipt {
  readonly tool: string;
  readonly version: string;
  readonly source: 'download' | 'build';
  /** The URL that was read, or the Go module that was built. */
  readonly from: string;
  /** Digest of the downloaded file, as pinned or published; undefined for a build. */
  readonly releaseSha256?: string | undefined;
  /** Digest and size of the executable. */
  readonly sha256: string;
  readonly size: number;
  readonly installedAt: string;
}

/** The ways to get a tool, in the order a preference asks for. */
export function sourcesOf(preference: SourcePreference): readonly ('download' | 'build')[] {
  switch (preference) {
    case 'download-first':
      return ['download', 'build'];
    case 'build-first':
      return ['build', 'download'];
    case 'download':
      return ['download'];
    case 'build':
      return ['build'];
  }
}

/**
 * Where a tool lies, once installed: a version that was downloaded and one that was built are kept apart, and so are
 * builds from different `go.sum`.
 */
export function toolPath(
  catalogue: Catalogue,
  tool: string,
  options: {
    readonly source: 'download' | 'build';
    readonly settings: Pick<Settings, 'toolDirectory' | 'platform'>;
  },
): string {
  const { source, settings } = options;
  const entry = toolEntry(catalogue, tool);
  const folder = [entry.version, settings.platform];
  if (source === 'build') folder.push(readRecipe(catalogue, entry).digest);
  return join(settings.toolDirectory, tool, folder.join('-'), tool);
}

/**
 * The path of a tool that is in the cache and complete, or undefined. It costs one small read and one stat, starts no
 * process and hashes no tool: size and pin are compared, so a truncated, empty or outdated tool is never given out.
 */
export function findInstalled(
  catalogue: Catalogue,
  tool: string,
  settings: Settings,
): string | undefined {
  for (const source of sourcesOf(settings.source)) {
    const path = toolPath(catalogue, tool, { source, settings });
    const receipt = readReceipt(path);
    if (receipt?.source !== source) continue;
    const entry = toolEntry(catalogue, tool);
    const pin = entry.release?.platforms[settings.platform]?.sha256;
    if (source === 'download' && pin !== undefined && receipt.releaseSha256 !== pin) continue;
    if (entry.source.files && !existsSync(toolFiles(path))) continue;
    if (isExecutableOfSize(path, receipt.size)) return path;
  }
  return undefined;
}

/**
 * The folder with what a tool reads when it runs, beside its executable; only tools with `source.files` in
 * `versions.json` have one.
 */
export function toolFiles(executable: string): string {
  return join(dirname(executable), 'files');
}

/** A finished tool in the temporary folder: its executable, and the folder of its files, if it has some. */
export interface Finished {
  readonly executable: string;
  readonly files?: string | undefined;
}

/** Moves a finished tool to its place and writes the receipt. Both must be on one file system. */
export async function putInstalled(
  { executable: file, files }: Finished,
  path: string,
  receipt: Omit<Receipt, 'size' | 'installedAt'>,
): Promise<void> {
  const { size } = await stat(file);
  await chmod(file, 0o755);
  await mkdir(dirname(path), { recursive: true });
  const receiptPath = receiptOf(path);
  const draft = `${receiptPath}.${randomBytes(4).toString('hex')}`;
  // Without a receipt, nobody takes the old tool for the new one in between.
  await rm(receiptPath, { force: true });
  await rename(file, path);
  if (files !== undefined) {
    await rm(toolFiles(path), { recursive: true, force: true });
    await rename(files, toolFiles(path));
  }
  try {
    const full: Receipt = { ...receipt, size, installedAt: new Date().toISOString() };
    await writeFile(draft, JSON.stringify(full, null, 2) + '\n');
    await rename(draft, receiptPath);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function receiptOf(path: string): string {
  return join(dirname(path), 'receipt.json');
}

function readReceipt(path: string): Receipt | undefined {
  try {
    return JSON.parse(readFileSync(receiptOf(path), 'utf8')) as Receipt;
  } catch {
    // Absent, unreadable or cut off: not installed.
    return undefined;
  }
}

function isExecutableOfSize(path: string, size: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === size && (found.mode & 0o111) !== 0;
}
