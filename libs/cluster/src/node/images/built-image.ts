import type { ToolName } from '@prow-deploy/toolchain';
import { gitFiles } from './git-files.ts';
import { normalizedName } from './image-name.ts';
import { programContent } from './program-content.ts';
import type { ImageOptions } from './write-image.ts';

/** An image that is made of a program of the toolchain. */
export interface BuiltImage {
  readonly tool: ToolName;
  /** The one tag that the toolchain can make: of the version that it pins. */
  readonly tag: string;
  /** Folder with what the program reads. Default: see `ProgramContentOptions`. */
  readonly dataPath?: string;
}

/** Where Prow's own images are, and those that nobody publishes: one for each program, named like it. */
const PROW = String.raw`(?:us-docker\.pkg\.dev/k8s-infra-prow/images|localhost/prow-deploy)/([a-z0-9-]+)`;
const PROW_REPOSITORY = new RegExp(`^${PROW}$`);

/** Other images, by their repositories; those whose tag is not the program's version have it here. */
const OTHERS: Readonly<Record<string, Omit<BuiltImage, 'tag'> & { readonly tag?: string }>> = {
  'docker.io/prom/pushgateway': { tool: 'pushgateway' },
  'docker.io/library/registry': { tool: 'registry', tag: '2.7.1' },
  // As its Makefile has it at the commit that is pinned.
  'registry.k8s.io/gcsweb': { tool: 'gcsweb', tag: 'v1.1.0', dataPath: '/' },
};

/** Programs of Prow that run git, which upstream's images of them have. */
const WITH_GIT: readonly ToolName[] = ['cherrypicker', 'clonerefs', 'deck', 'hook', 'tide'];

/**
 * What the toolchain can make of an image's name, whatever its tag; `undefined` for an image that only a registry has.
 *
 * @throws {Error} for a name that is none.
 */
export async function builtImage(name: string): Promise<BuiltImage | undefined> {
  if (name.includes('@')) return undefined;
  const { isToolName, toolVersion } = await import('@prow-deploy/toolchain');
  const { repository } = splitName(name);
  const tool = PROW_REPOSITORY.exec(repository)?.[1] ?? '';
  const image = isToolName(tool) ? { tool } : OTHERS[repository];
  return image && { tag: tagOf(toolVersion(image.tool)), ...image };
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
  { tool, dataPath }: BuiltImage,
): Promise<Pick<ImageOptions, 'files' | 'base' | 'entrypoint' | 'env'>> {
  const { toolFiles } = await import('@prow-deploy/toolchain');
  const content = await programContent({
    executable,
    path: `/ko-app/${tool}`,
    data: { '.': toolFiles(executable) },
    ...(dataPath !== undefined && { dataPath }),
  });
  const base = WITH_GIT.includes(tool) ? await gitFiles() : [];
  return base.length === 0 ? content : { ...content, base };
}
