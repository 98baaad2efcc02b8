import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterOptions } from '../cluster.ts';
import { toolsWithProgress } from '../embedded/embedded-tools.ts';
import { embeddedFolder } from '../embedded/embedded-folder.ts';
import { type BuiltImage, builtImage, contentOf, splitName } from './images/built-image.ts';
import { containerdName } from './images/image-name.ts';
import { writeImage } from './images/write-image.ts';
import { type CtrContext, importTar, openNode, runCtr } from './import-image.ts';
import { nodeFolder } from './node-folder.ts';

/** Options of {@link provideImages}. */
export interface ProvideImagesOptions extends Pick<
  ClusterOptions,
  'environment' | 'configuration' | 'workspaceRoot' | 'signal' | 'onProgress'
> {
  /** Names of images, as manifests write them. */
  readonly images: Iterable<string>;
}

/** As many as two cores have work for. */
const AT_ONCE = 3;
const PULL_DEADLINE_MS = 5 * 60_000;

/** What is said where there is no way to a registry, as opposed to what a registry says. */
const NO_WAY =
  /dial tcp|dial udp|no such host|connection refused|connection reset|network is unreachable|i\/o timeout|context deadline exceeded|proxyconnect|TLS handshake timeout|\b50[0-9] /;

/**
 * Brings images to the environment's node before its pods need them: those of Prow's programs, and others that the
 * toolchain builds, under the very names that manifests use; all others from their registries.
 *
 * @returns the images that can be had in neither way, each with the reason: no way to their registry, and nobody builds
 *   them here. An image that its registry does not have, or a version of a program that the toolchain does not pin, is
 *   not among them: that is a mistake, and the kubelet says so of each pod.
 * @throws {ClusterError} `not-running`, `image`
 * @throws {ToolchainError} where a program cannot be built.
 */
export async function provideImages(
  options: ProvideImagesOptions,
): Promise<ReadonlyMap<string, string>> {
  const { signal, onProgress } = options;
  const context = await openNode(options);
  const present = new Set(
    (await runCtr(['images', 'list', '--quiet'], context)).stdout.split('\n'),
  );
  const wanted = [...new Set(options.images)].filter((name) => !present.has(containerdName(name)));
  const builds: { readonly name: string; readonly built: BuiltImage }[] = [];
  const pulls: string[] = [];
  for (const name of wanted) {
    const built = await builtImage(name);
    if (built === undefined) pulls.push(name);
    else if (built.tag === splitName(name).tag) builds.push({ name, built });
  }
  const pulled = Promise.all(pulls.map(async (name) => [name, await pull(name, context)] as const));
  const paths = await toolsWithProgress(
    builds.map(({ built }) => built.tool),
    options,
  );
  const directory = join(nodeFolder(embeddedFolder(options)).path, 'images');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let done = 0;
  try {
    const { default: pMap } = await import('p-map');
    await pMap(
      builds,
      async ({ name, built }) => {
        signal?.throwIfAborted();
        const path = join(directory, `${built.tool}.tar`);
        await writeImage({ path, name, ...(await contentOf(paths[built.tool], built)) });
        await importTar(path, context);
        await rm(path);
        onProgress?.(`Bringing images to the node: ${++done} of ${builds.length}`);
      },
      { concurrency: AT_ONCE },
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
    await pulled;
  }
  return new Map(
    (await pulled).flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason]])),
  );
}

/** Pulls an image; why there is no way to its registry, where there is none. */
async function pull(name: string, context: CtrContext): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(PULL_DEADLINE_MS);
  const { signal } = context;
  const reference = containerdName(name);
  const { failed, stderr } = await runCtr(['images', 'pull', reference], {
    ...context,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    return { failed: true, stderr: `i/o timeout: ${(error as Error).message}` };
  });
  if (!failed || !NO_WAY.test(stderr)) return undefined;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const said = last.slice(last.lastIndexOf(': ') + 1).trim();
  const registry = reference.slice(0, reference.indexOf('/'));
  return `${registry} cannot be reached (${said}), and it is not built here`;
}
