import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  baseConfigDirectory,
  type Environment,
  JOBS_FOLDER,
  parseYamlFile,
  PLUGINS_FILE,
  readNameParts,
  type RenderedConfig,
  renderConfigs,
} from '@prow-deploy/environment';
import { ensureTool, type OnProgress } from '@prow-deploy/toolchain';
import type { PathElement } from '@prow-deploy/yq-script';
import { readCheckconfigMessages } from './checkconfig-messages.ts';
import type { CheckConfigReport, ConfigFinding, ConfigFindingCode } from './config-finding.ts';
import { valueAt } from './config-node.ts';
import { misnamedConfigMaps } from './misnamed-config-maps.ts';
import { PlaceFinder } from './place-finder.ts';
import { OriginPlaces } from './origin-places.ts';
import { ProwConfigError } from './prow-config-error.ts';
import { runCheckconfig } from './run-checkconfig.ts';
import { secondWriters } from './second-writers.ts';

/** Where the configuration of Prow's components is. */
export const CONFIG_FILE = 'config/config.yaml';

export interface CheckConfigOptions {
  /** Absolute path of Prow's checkconfig. Default: the pinned one. */
  readonly checkconfig?: string;
  readonly signal?: AbortSignal;
  /** Told of the installation of checkconfig, if one is needed. */
  readonly onToolProgress?: OnProgress;
}

/**
 * Lets Prow's own checkconfig judge what render-configs left of an environment: config, plugins and jobs. What it refuses
 * is shown where it is written, in the base configuration or in a yq script. Uses no network.
 *
 * @throws {ProwConfigError} where there is nothing to check, or it is not what the files render to.
 * @throws {EnvironmentError} {YqScriptError} where the files cannot be rendered.
 * @throws {ToolchainError}
 */
export async function checkConfig(
  environment: Environment,
  options: CheckConfigOptions = {},
): Promise<CheckConfigReport> {
  const { workspaceRoot, directory, configVersion } = environment;
  const { signal, onToolProgress } = options;
  const [rendered, checkconfig] = await Promise.all([
    renderConfigs(environment),
    options.checkconfig ??
      ensureTool('checkconfig', {
        ...(signal ? { signal } : {}),
        ...(onToolProgress ? { onProgress: onToolProgress } : {}),
      }),
  ]);
  const configs = rendered.filter(({ path, isGenerated }) => isGenerated !== true && isRead(path));
  await requireRendered(environment, configs);
  const has = (path: string): boolean => configs.some((config) => config.path === path);
  const jobFiles = configs.filter(({ path }) => path.startsWith(`${JOBS_FOLDER}/`));
  const folder = join(directory, 'configs');
  const { failed, output } = await runCheckconfig({
    checkconfig,
    config: join(folder, CONFIG_FILE),
    plugins: has(PLUGINS_FILE) ? join(folder, PLUGINS_FILE) : undefined,
    jobs: jobFiles.length > 0 ? join(folder, JOBS_FOLDER) : undefined,
    readsClusterStatus:
      valueAt(contentOf(configs, CONFIG_FILE), ['plank', 'build_cluster_status_file']) !==
      undefined,
    signal,
  });
  const base = relative(workspaceRoot, baseConfigDirectory(workspaceRoot, configVersion));
  const origins = new OriginPlaces({ workspaceRoot, base });
  const finder = new PlaceFinder(configs, origins);
  const said = readCheckconfigMessages(output, failed).map(
    async ({ severity, text }): Promise<ConfigFinding> => {
      const message = text.replaceAll(`${folder}/`, 'configs/');
      const [place, ...also] = await finder.find(message);
      const more = also.length > 0 ? { also } : {};
      return { code: 'checkconfig', severity, message, ...place, ...more };
    },
  );
  const findings = await Promise.all([...said, ...updaterFindings(environment, configs, origins)]);
  return {
    version: 1,
    environment: environment.name,
    outcome: findings.some(({ severity }) => severity === 'error') ? 'failed' : 'passed',
    findings,
    jobFiles: jobFiles.length,
  };
}

function isRead(path: string): boolean {
  return path === CONFIG_FILE || path === PLUGINS_FILE || path.startsWith(`${JOBS_FOLDER}/`);
}

function contentOf(configs: readonly RenderedConfig[], path: string): unknown {
  const text = configs.find((config) => config.path === path)?.text ?? '';
  return parseYamlFile(text, path).documents[0]?.toJS();
}

// The lines are those of what the files render to now.
async function requireRendered(
  { name, directory }: Environment,
  configs: readonly RenderedConfig[],
): Promise<void> {
  if (!configs.some(({ path }) => path === CONFIG_FILE)) {
    throw new ProwConfigError(
      'config-absent',
      `Cannot check the configuration of ${name}: its base configuration has no ${CONFIG_FILE}. Add it.`,
    );
  }
  const texts = configs.map(async ({ path, text }) => {
    const there = await readFile(join(directory, 'configs', path), 'utf8').catch(() => undefined);
    return there === text ? [] : [path];
  });
  const [stale] = (await Promise.all(texts)).flat();
  if (stale !== undefined) {
    throw new ProwConfigError(
      'not-rendered',
      `Cannot check the configuration of ${name}: environments/${name}/configs/${stale} is not what the base configuration and the yq scripts render to. Run: nx run ${name}:render-configs`,
    );
  }
}

// What Prow itself does not see: how its own writing of ConfigMaps goes together with what apply writes.
function* updaterFindings(
  environment: Environment,
  configs: readonly RenderedConfig[],
  origins: OriginPlaces,
): Generator<Promise<ConfigFinding>> {
  const config = configs.find(({ path }) => path === PLUGINS_FILE);
  if (config === undefined) return;
  const plugins = contentOf(configs, PLUGINS_FILE);
  const found = async (
    code: ConfigFindingCode,
    path: readonly PathElement[],
    message: string,
  ): Promise<ConfigFinding> => {
    return { code, severity: 'error', message, ...(await origins.of(config, path)) };
  };
  for (const path of secondWriters(plugins)) {
    yield found(
      'second-writer',
      path,
      `The config-updater plugin is enabled for ${String(path[1])}: hook would write the ConfigMaps of config_updater.maps too, from what is merged on GitHub, and the next apply would set them back. Remove the plugin.`,
    );
  }
  const parts = readNameParts(environment);
  for (const { name, path } of misnamedConfigMaps(plugins, parts)) {
    const script = `environments/${environment.name}/yq_scripts/${PLUGINS_FILE}`;
    yield found(
      'config-map-name',
      path,
      `The ConfigMap ${name} has another name in the cluster: kustomize makes every name of ${environment.name} ${parts.prefix}…${parts.suffix}. Change it to ${parts.prefix}${name}${parts.suffix} in ${script}.`,
    );
  }
}
