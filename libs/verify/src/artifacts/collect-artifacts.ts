import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clusterOptionsOf,
  describe,
  type KubernetesObject,
  readEnvironmentObjects,
  readObjects,
  referenceKey,
  resolve,
  withCluster,
} from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import { type Environment, OUTPUT_FILES } from '@prow-deploy/environment';
import { stringify } from 'yaml';
import { learnSecrets, MASK } from '@prow-deploy/secrets';
import { maskSecrets } from '../mask-secrets.ts';
import type { ArtifactsFolder } from './artifacts-folder.ts';
import { collectLogs } from './collect-logs.ts';

export interface CollectArtifactsOptions {
  readonly environment: Environment;
  readonly folder: ArtifactsFolder;
  /** How long it may take, in milliseconds. Default: 1 minute. */
  readonly timeoutMs?: number;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** What earlier steps left in `dist`; nothing of it holds a secret. */
const OUTPUTS = Object.values(OUTPUT_FILES);

/**
 * Brings together what is needed to find out later what a run did and what went wrong: the objects of the environment,
 * without the values of Secrets, events, descriptions of pods and nodes, the logs of each container and of its run before,
 * the manifest, plan and receipts. What cannot be read is named; nothing of it is an error.
 */
export async function collectArtifacts(options: CollectArtifactsOptions): Promise<void> {
  const { environment, folder, timeoutMs = 60_000, onProgress } = options;
  onProgress?.('collecting artifacts');
  const signal = AbortSignal.timeout(timeoutMs);
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const reason = signal.aborted
        ? `it took over ${timeoutMs / 1000} s`
        : (error as Error).message;
      folder.miss(what, reason);
    }
  };
  let objects: readonly KubernetesObject[] | undefined;
  await attempt('the secrets that have to be masked', async () => {
    await learnSecrets(environment.workspaceRoot, environment.name);
    objects = await (await readEnvironmentObjects(environment)).objects();
    folder.mask = maskSecrets(objects);
  });
  await attempt('outputs', () => copyOutputs(environment, folder));
  // Without them it is not known what must not be shown.
  if (objects === undefined) return;
  const known = objects;
  await attempt('the cluster', () =>
    withCluster(
      { ...clusterOptionsOf(environment, { signal }), access: 'read' },
      async (cluster) => {
        const { prow, jobs } = environment.namespaces;
        const namespaces = [...new Set([prow, jobs])];
        const place = { cluster, folder, namespaces, signal };
        await Promise.all([
          attempt('objects', () => writeObjects(place, known)),
          attempt('ProwJobs', () => writeProwJobs(place)),
          attempt('events', () => writeEvents(place)),
          attempt('descriptions', () => writeDescriptions(place)),
          attempt('logs', () => collectLogs(place)),
        ]);
      },
    ),
  );
}

interface Place {
  readonly cluster: Cluster;
  readonly folder: ArtifactsFolder;
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
}

async function copyOutputs(
  { workspaceRoot, name }: Environment,
  folder: ArtifactsFolder,
): Promise<void> {
  await Promise.all(
    OUTPUTS.map(async (file) => {
      const text = await readFile(join(workspaceRoot, 'dist', name, file), 'utf8').catch(() => '');
      if (text !== '') await folder.write(`outputs/${file}`, text);
    }),
  );
}

async function writeObjects(
  { cluster, folder, signal }: Place,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const { resolved } = resolve(objects, await cluster.resources());
  const entries = resolved.map(({ entry }) => entry);
  const live = await readObjects({ cluster, entries, signal });
  await Promise.all(
    entries.map(async (entry) => {
      const object = live.get(referenceKey(entry));
      if (object === undefined) {
        folder.miss(describe(entry), 'it is not in the cluster');
        return;
      }
      const { kind, namespace = 'cluster', name } = entry;
      const file = `objects/${namespace}/${kind.toLowerCase()}_${name.replaceAll(':', '-')}.yaml`;
      await folder.write(file, stringify(shown(object)));
    }),
  );
}

/** An object without what only managers read, and without the values of a Secret. */
function shown(object: KubernetesObject): unknown {
  const metadata = { ...object.metadata, managedFields: undefined };
  if (object.kind !== 'Secret') return { ...object, metadata };
  const data: Readonly<Record<string, unknown>> = { ...(object['data'] as object | undefined) };
  const masked = Object.keys(data).map((key) => [key, MASK] as const);
  return { ...object, metadata, data: Object.fromEntries(masked) };
}

async function writeProwJobs({ cluster, folder, namespaces, signal }: Place): Promise<void> {
  for (const namespace of namespaces) {
    const path = `/apis/prow.k8s.io/v1/namespaces/${namespace}/prowjobs`;
    const { body } = await cluster.request({ path, query: { limit: 500 }, signal });
    const { items = [] } = body as { items?: readonly KubernetesObject[] };
    if (items.length > 0) {
      await folder.write(`objects/${namespace}/prowjobs.yaml`, stringify(items.map(shown)));
    }
  }
}

interface Event {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata?: { readonly creationTimestamp?: string };
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

async function writeEvents({ cluster, folder, namespaces, signal }: Place): Promise<void> {
  const lists = await Promise.all(
    [...namespaces, 'default'].map(async (namespace) => {
      const path = `/api/v1/namespaces/${namespace}/events`;
      const { body } = await cluster.request({ path, query: { limit: 5000 }, signal });
      const { items } = body as { items?: readonly Event[] | null };
      return (items ?? []).map((event) => ({ namespace, at: timeOf(event), event }));
    }),
  );
  const lines = lists
    .flat()
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ namespace, at, event }) => {
      const { type = '', reason = '', message = '', count = 1, involvedObject = {} } = event;
      const { kind = '', name = '' } = involvedObject;
      return `${at} ${type} ${kind} ${namespace}/${name} ${reason} (${count}): ${message.trim()}`;
    });
  await folder.write('events.txt', `${lines.join('\n')}\n`);
}

function timeOf({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '';
}

async function writeDescriptions({ cluster, folder, namespaces, signal }: Place): Promise<void> {
  const [{ ensureTool }, { execa }] = await Promise.all([
    import('@prow-deploy/toolchain'),
    import('execa'),
  ]);
  const kubectl = await ensureTool('kubectl', { signal });
  const { kubeconfig, context } = cluster;
  const tell = async (file: string, ...args: string[]) => {
    const where = ['--kubeconfig', kubeconfig, '--context', context];
    const { failed, stdout, stderr } = await execa(kubectl, [...where, 'describe', ...args], {
      stdin: 'ignore',
      reject: false,
      cancelSignal: signal,
      maxBuffer: 32 * 1024 * 1024,
    });
    signal.throwIfAborted();
    if (failed) folder.miss(file, stderr.trim());
    else if (stdout.trim() !== '') await folder.write(file, `${stdout}\n`);
  };
  await tell('nodes.txt', 'nodes');
  for (const namespace of namespaces) {
    await tell(`pods/${namespace}.txt`, 'pods', '--namespace', namespace);
  }
}
