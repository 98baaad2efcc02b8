import { nxRun } from '@prow-deploy/environment/nx-run';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { readRecord } from '../embedded/cluster-record.ts';
import { notRunning } from '../embedded/connect-local.ts';
import { embeddedFolder } from '../embedded/embedded-folder.ts';
import { toolsWithProgress } from '../embedded/embedded-tools.ts';
import { normalizedName } from './images/image-name.ts';
import { type Namespaces, openNamespaces, within } from './namespaces.ts';
import { CONTAINERD_SOCKET } from './node-folder.ts';
import { findPrograms, type SystemPrograms } from './programs.ts';
import { requireNodeMachine } from './requirements.ts';

export interface ImportImageOptions extends Pick<
  ClusterOptions,
  'environment' | 'configuration' | 'workspaceRoot' | 'signal' | 'onProgress'
> {
  /** Name of the image as a manifest writes it. */
  readonly name: string;
  /** Path of a Docker archive that has the image under this name, such as {@link writeImage} writes. */
  readonly tar: string;
}

/**
 * Brings an image to the environment's node, as if it had been pulled: pods find it under its name, unless their
 * `imagePullPolicy` is `Always`.
 *
 * @throws {ClusterError} `not-running`; `image` when the archive is none, or has no image of this name.
 */
export async function importImage(options: ImportImageOptions): Promise<void> {
  const { environment, name, tar } = options;
  const reference = normalizedName(name);
  const context = await openNode(options);
  await importTar(tar, context);
  const { stdout } = await runCtr(['images', 'list', '--quiet', `name==${reference}`], context);
  if (stdout.trim() !== reference) {
    throw new ClusterError(
      'image',
      `Cannot import ${name} to the node of ${environment}: ${tar} has no image of that name. Write it with that name.`,
    );
  }
}

/** What it takes to work with the containerd of the environment's node. @throws {ClusterError} `not-running` */
export async function openNode(
  options: Pick<
    ClusterOptions,
    'environment' | 'configuration' | 'workspaceRoot' | 'signal' | 'onProgress'
  >,
): Promise<CtrContext> {
  const programs = (await findPrograms()).programs ?? (await requireNodeMachine(options));
  const { ctr } = await toolsWithProgress(['ctr'], options);
  const namespaces = await runningNamespaces(options);
  return { namespaces, programs, ctr, signal: options.signal };
}

async function runningNamespaces(
  options: Pick<ClusterOptions, 'environment' | 'configuration' | 'workspaceRoot'>,
): Promise<Namespaces> {
  const { environment, configuration } = options;
  const folder = embeddedFolder(options);
  const why = await notRunning(folder, 'node');
  const owner = (await readRecord(folder.record))?.processes.namespaces;
  const namespaces = why === undefined && owner ? openNamespaces(owner) : undefined;
  if (namespaces === undefined) {
    throw new ClusterError(
      'not-running',
      `Cannot work with the images on the node of ${environment}: ${why ?? 'it is not running'}. ` +
        `Start it with "${nxRun({ name: environment, configuration }, 'cluster-up')}".`,
    );
  }
  return namespaces;
}

/** How containerd of a node is reached. */
export interface CtrContext {
  readonly namespaces: Namespaces;
  readonly programs: SystemPrograms;
  /** Absolute path of ctr. */
  readonly ctr: string;
  readonly signal?: AbortSignal | undefined;
}

/** Imports all images of a Docker archive. @throws {ClusterError} `image` */
export async function importTar(tar: string, context: CtrContext): Promise<void> {
  const { failed, stderr } = await runCtr(['images', 'import', '-'], context, tar);
  if (failed) {
    throw new ClusterError('image', `Cannot import ${tar}: ${stderr.trim()}.`);
  }
}

/** Runs ctr in the node, on the images that the kubelet knows. */
export async function runCtr(
  args: readonly string[],
  { namespaces, programs, ctr, signal }: CtrContext,
  inputFile?: string,
): Promise<{ readonly failed: boolean; readonly stdout: string; readonly stderr: string }> {
  const { execa } = await import('execa');
  const [nsenter = '', ...rest] = within(namespaces, programs);
  const result = await execa(
    nsenter,
    [...rest, ctr, `--address=${CONTAINERD_SOCKET}`, '--namespace=k8s.io', ...args],
    {
      // The archive goes through a pipe: the node may hide the folder that it is in.
      ...(inputFile === undefined ? { stdin: 'ignore' as const } : { inputFile }),
      ...(signal && { cancelSignal: signal }),
      reject: false,
    },
  );
  signal?.throwIfAborted();
  return result;
}
