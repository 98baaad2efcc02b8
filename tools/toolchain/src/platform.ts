import { ToolchainError } from './errors.ts';

export const PLATFORMS = ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64'] as const;

/** Operating system and architecture, in Go's words. */
export type Platform = (typeof PLATFORMS)[number];

/**
 * Translates Node's words for a machine into Go's.
 *
 * @throws {ToolchainError} `unsupported-platform`.
 */
export function platformOf(os: string, architecture: string): Platform {
  const go = architecture === 'x64' ? 'amd64' : architecture;
  const platform = PLATFORMS.find((known) => known === `${os}-${go}`);
  if (platform) return platform;
  throw new ToolchainError(
    'unsupported-platform',
    `Cannot install tools on ${os}/${architecture}: they are pinned for ${PLATFORMS.join(', ')} only. Use one of these, a Linux virtual machine for example.`,
  );
}
