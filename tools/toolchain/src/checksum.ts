import type { ChecksumFormat } from './catalogue.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/** Finds a file's SHA-256 digest in what its release publishes; undefined where it is not there. */
export function parseChecksum(
  text: string,
  options: { readonly format: ChecksumFormat; readonly name: string },
): string | undefined {
  const { format, name } = options;
  switch (format) {
    case 'digest':
      return valid(text.trim().split(/\s+/)[0]);
    case 'list':
      // As sha256sum prints it: digest, blank, blank or asterisk, path.
      for (const line of text.split('\n')) {
        const [, digest, path] = /^(\S+)\s+\*?(.+?)\s*$/.exec(line) ?? [];
        if (path === name || path?.endsWith(`/${name}`)) return valid(digest);
      }
      return undefined;
    case 'github-release':
      return valid(githubDigest(text, name)?.replace(/^sha256:/, ''));
  }
}

function valid(digest: string | undefined): string | undefined {
  const lower = digest?.toLowerCase();
  return lower !== undefined && SHA256.test(lower) ? lower : undefined;
}

function githubDigest(text: string, name: string): string | undefined {
  try {
    const { assets = [] } = JSON.parse(text) as {
      assets?: { name?: string; digest?: string | null }[];
    };
    return assets.find((asset) => asset.name === name)?.digest ?? undefined;
  } catch {
    // Not JSON: the digest is not there.
    return undefined;
  }
}
