import type { ToolName } from '@prow-deploy/toolchain';
import { normalizedName } from './image-name.ts';
import { programContent } from './program-content.ts';
import type { ImageOptions } from './write-image.ts';

/** An image that is made of a program of the toolchain. */
export interface BuiltImage {
  readonly tool: ToolName;
  /** The one tag that the toolchain can make: of the version that it pins. */
  readonly tag: string;
}

/** Where Prow's own images are, and those that nobody publishes: one for each program, named like it. */
const PROW = String.raw`(?:us-docker\.pkg\.dev/k8s-infra-prow/images|localhost/prow-deploy)/([a-z0-9-]+)`;
const PROW_REPOSITORY = new RegExp(`^${PROW}$`);

/** Other images, by their repositories. */
const OTHERS: Readonly<Record<string, ToolName>> = { 'docker.io/prom/pushgateway': 'pushgateway' };

/**
 * What the toolchain can make of an image's name, whatever its tag; `undefined` for an image that only a registry has.
 *
 * @throws {Error} for a name that is none.
 */
export async function builtImage(name: string): Promise<BuiltImage | undefined> {
  if (name.includes('@')) return undefined;
  const { isToolName, toolVersion } = await import('@prow-deploy/toolchain');
  const { repository } = splitName(name);
  const tool = PROW_REPOSITORY.exec(repository)?.[1] ?? OTHERS[repository] ?? '';
  return isToolName(tool) ? { tool, tag: tagOf(toolVersion(tool)) } : undefined;
}

/** The names of images of programs that a text mentions, such as a configuration of jobs, which are run later. Pure. */
export function builtImagesIn(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(String.raw`${PROW}:[\w.-]+`, 'g'))].map(([name]) => name);
}

/** The parts of the name under which containerd knows an image. */
export function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const normalized = normalizedName(name);
  const colon = normalized.lastIndexOf(':');
  return { repository: normalized.slice(0, colon), tag: normalized.slice(colon + 1) };
}

/** Prow has no releases: its images are tagged by date and commit, as the module's version is. */
function tagOf(version: string): string {
  const [, date, commit] = /^v0\.0\.0-(\d{8})\d{6}-([0-9a-f]{9})[0-9a-f]{3}$/.exec(version) ?? [];
  return date === undefined ? version : `v${date}-${commit ?? ''}`;
}

/** What the image of a program has in it, beside what every image of ours has. */
export async function contentOf(
  executable: string,
  { tool }: BuiltImage,
): Promise<Pick<ImageOptions, 'files' | 'entrypoint' | 'env'>> {
  const { toolFiles } = await import('@prow-deploy/toolchain');
  return programContent({
    executable,
    path: `/ko-app/${tool}`,
    data: { '.': toolFiles(executable) },
  });
}
