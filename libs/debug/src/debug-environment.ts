import { resolve } from 'node:path';
import {
  clusterOptionsOf,
  confirmEnvironment,
  requireConfirmable,
  withCluster,
} from '@prow-deploy/apply';
import { kubectlCommand } from '@prow-deploy/cluster';
import { type Environment, nxRun, readNameParts } from '@prow-deploy/environment';
import { learnSecrets } from '@prow-deploy/secrets';
import { findComponent } from './component.ts';
import { debugComponent, type DebugComponentOptions, type DebugResult } from './debug-component.ts';
import { DebugError } from './debug-error.ts';
import { sourceImage } from './source-image.ts';

export interface DebugEnvironmentOptions extends Pick<
  DebugComponentOptions,
  'signal' | 'onProgress' | 'onRemoved' | 'onLine'
> {
  /** Name of the Deployment, with or without the environment's prefix. */
  readonly component: string;
  /** Name of its container. Default: that of the component's name, else the first. */
  readonly container?: string | undefined;
  /** Folder with Go source that is built and run; a relative path is one below `cwd`. Default: the deployed image. */
  readonly source?: string | undefined;
  /** Image that is run. Default: the deployed one. */
  readonly image?: string | undefined;
  /** Name of the environment, as whoever changes a protected one must give it. Default: not given. */
  readonly confirm?: string | undefined;
  /** How long the container may take to start, in milliseconds. Default: 2 minutes. */
  readonly startTimeoutMs?: number;
  /** What a relative path is relative to. Default: the current folder. */
  readonly cwd?: string;
  /** Told when the container runs: how a person reaches the pod. */
  readonly onStarted?: ((kubectl: string, pod: string) => void) | undefined;
}

const START_TIMEOUT_MS = 120_000;
/** A session that nobody ended. */
const DEADLINE_SECONDS = 4 * 60 * 60;

/**
 * Runs a component of an environment by hand, see {@link debugComponent}. The mask of this process learns the secrets of
 * the environment before the first line of the log.
 *
 * @throws {UnconfirmedError} {DebugError} {ClusterError} {ApiError} before anything was sent, or with the pod removed.
 */
export async function debugEnvironment(
  environment: Environment,
  options: DebugEnvironmentOptions,
): Promise<DebugResult> {
  const { component: name, container, confirm, signal, onProgress, onLine } = options;
  requireConfirmable(environment, confirm, 'debug');
  requireRunning(environment, options);
  // A log may hold what the component was given.
  await learnSecrets(environment.workspaceRoot, environment.name);
  // Without the signal: what was put there is removed after it.
  const clusterOptions = clusterOptionsOf(environment, { onProgress });
  return withCluster(clusterOptions, async (cluster) => {
    const { prefix, suffix } = readNameParts(environment);
    const component = await findComponent({
      cluster,
      namespace: environment.namespaces.prow,
      component: name,
      container,
      prefix,
      suffix,
      signal,
    });
    const image =
      options.source === undefined
        ? options.image
        : await sourceImage({
            ...clusterOptions,
            signal,
            source: resolve(options.cwd ?? process.cwd(), options.source),
            program: programOf(component.container.image),
            component,
          });
    await confirmEnvironment({
      environment,
      target: 'debug',
      confirm,
      cluster,
      summary: `one pod beside Deployment ${component.namespace}/${component.name}, with its rights; it is removed at the end`,
      signal,
    });
    const kubectl = await kubectlCommand(cluster);
    return debugComponent({
      cluster,
      component,
      image,
      startTimeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
      deadlineSeconds: DEADLINE_SECONDS,
      signal,
      onProgress,
      onStarted: (pod) => options.onStarted?.(`${kubectl} --namespace ${component.namespace}`, pod),
      onRemoved: options.onRemoved,
      onLine,
    });
  });
}

function requireRunning(
  environment: Environment,
  { component, source, image }: DebugEnvironmentOptions,
): void {
  const { name, cluster, configurations = {} } = environment;
  const { provider } = cluster;
  if (provider === 'embedded') {
    const other = Object.keys(configurations).find(
      (key) => configurations[key]?.cluster.provider !== 'embedded',
    );
    const remedy =
      other === undefined
        ? 'Use an environment whose cluster is of provider node or kubeconfig'
        : `Its configuration ${other} runs them: ${nxRun({ name, configuration: other }, 'debug')} --component=${component}`;
    throw new DebugError(
      'simulated',
      `Cannot debug ${component} of ${name}: its nodes are simulated, and no container runs there. ${remedy}.`,
    );
  }
  if (source !== undefined && image !== undefined) {
    throw new DebugError('source', 'Cannot debug: give --source or --image, not both.');
  }
  if (source !== undefined && provider !== 'node') {
    throw new DebugError(
      'source',
      `Cannot bring what ${source} builds to the cluster of ${name}: it takes its images from registries. Push it to one, and give --image=<name> in place of --source.`,
    );
  }
}

// An image of Prow is called like its command, which a Deployment need not be (statusreconciler).
function programOf(image: string): string {
  return /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(image)?.[1] ?? image;
}
