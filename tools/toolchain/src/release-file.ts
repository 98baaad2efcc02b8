import type { ChecksumFormat, ToolEntry } from './catalogue.ts';
import type { Platform } from './platform.ts';

/** An official release's file for one platform, every template filled in. */
export interface ReleaseFile {
  readonly url: string;
  /** Name of the file, as the checksum file lists it. */
  readonly name: string;
  /** Path of the executable in the archive; undefined: the file is the executable. */
  readonly member: string | undefined;
  /** Pinned digest of the file. */
  readonly sha256: string | undefined;
  readonly checksums: { readonly url: string; readonly format: ChecksumFormat };
}

/** The file to download, or undefined where none is published for the platform. */
export function releaseFile(
  entry: ToolEntry,
  options: { readonly platform: Platform; readonly mirror: string | undefined },
): ReleaseFile | undefined {
  const { platform, mirror } = options;
  const { version, release } = entry;
  const published = release?.platforms[platform];
  if (!release || !published) return undefined;
  const [os = '', arch = ''] = platform.split('-');
  const fill = (template: string) =>
    template
      .replaceAll('{version}', version)
      .replaceAll('{number}', version.replace(/^v/, ''))
      .replaceAll('{os}', os)
      .replaceAll('{arch}', arch)
      .replaceAll('{extension}', published.extension ?? '');
  const url = fill(release.url);
  return {
    url: mirrored(url, mirror),
    name: url.slice(url.lastIndexOf('/') + 1),
    member: release.member === undefined ? undefined : fill(release.member),
    sha256: published.sha256,
    checksums: {
      url: mirrored(fill(release.checksums.url), mirror),
      format: release.checksums.format,
    },
  };
}

function mirrored(url: string, mirror: string | undefined): string {
  return mirror === undefined ? url : mirror + new URL(url).pathname;
}
