import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import type { CommandTrace } from '@prow-deploy/yq-script';
import { baseConfigDirectory } from './base-config-directory.ts';
import type { Environment } from './environment.ts';
import { EnvironmentError } from './errors.ts';
import { renderJobConfig } from './job-config.ts';
import { parseYamlFile } from './yaml-file.ts';

/** One configuration file of an environment, rendered. */
export interface RenderedConfig {
  /** Path below `configs/`, such as `plugins/plugins.yaml`. */
  readonly path: string;
  readonly text: string;
  /** The script that changed it, relative to the workspace root; absent where the base is taken as it is. */
  readonly script?: string;
  /** What each command of the script matched and changed. */
  readonly trace: readonly CommandTrace[];
  /** The base has no such file: it is made of others. Default: false. */
  readonly isGenerated?: true;
  /** What is not wrong yet, as `file: sentence`. Default: nothing. */
  readonly warnings?: readonly string[];
}

/**
 * Renders every configuration file of the environment's base configuration in memory: the yq script of the same path
 * below `yq_scripts/` is applied where there is one, else the file is taken as it is, after a syntax check. What is
 * generated of them comes last, see {@link renderJobConfig}.
 *
 * @throws {EnvironmentError} `unknown-config-version`, `missing-base-config` for a script without a file to change,
 * `invalid-config` for YAML that does not parse, `invalid-job-config` for jobs that fit into no ConfigMap.
 * @throws {YqScriptError} for a script that does not parse or cannot be applied.
 */
export async function renderConfigs(environment: Environment): Promise<RenderedConfig[]> {
  const { workspaceRoot, directory, configVersion } = environment;
  const base = baseConfigDirectory(workspaceRoot, configVersion);
  const scripts = join(directory, 'yq_scripts');
  const [configs, scripted] = await Promise.all([listFiles(base), listFiles(scripts)]);
  if (configs.length === 0) throw await unknownConfigVersion(environment);
  const orphans = scripted.filter((path) => !configs.includes(path));
  if (orphans.length > 0) {
    const names = orphans.map((path) => relative(workspaceRoot, join(scripts, path))).join(', ');
    throw new EnvironmentError(
      'missing-base-config',
      `Cannot render ${environment.name}: ${names} has no file of the same path in ${relative(workspaceRoot, base)}. Add the file there, or remove the script.`,
    );
  }
  const rendered = await Promise.all(
    configs.map(async (path): Promise<RenderedConfig> => {
      const document = await readFile(join(base, path), 'utf8');
      const documentName = relative(workspaceRoot, join(base, path));
      if (!scripted.includes(path)) {
        checkSyntax(document, documentName);
        return { path, text: document, trace: [] };
      }
      const { applyScript } = await import('@prow-deploy/yq-script');
      const script = relative(workspaceRoot, join(scripts, path));
      const source = await readFile(join(scripts, path), 'utf8');
      checkScript(source, script);
      return {
        path,
        script,
        ...applyScript(document, source, { documentName, scriptName: script }),
      };
    }),
  );
  const jobConfig = await renderJobConfig(environment, rendered);
  return jobConfig === undefined ? rendered : [...rendered, jobConfig];
}

/** Commands of the scripts that matched nothing: errors, one line each. */
export function renderErrors(configs: readonly RenderedConfig[]): string[] {
  return describeCommands(configs, ({ matchedNothing, sideEffects }) => {
    if (!matchedNothing) return undefined;
    const made = sideEffects.map(({ path, effect }) => `${path} was ${effect}`).join(', ');
    return `matches nothing${made === '' ? '' : `, and yet ${made}`}. Correct its path, or remove it.`;
  });
}

/** Commands of the scripts that changed no value, and what will soon be an error: one line each. */
export function renderWarnings(configs: readonly RenderedConfig[]): string[] {
  const commands = describeCommands(configs, ({ matchedNothing, changedNothing }) =>
    changedNothing && !matchedNothing ? 'changes nothing: the base says the same.' : undefined,
  );
  return [...commands, ...configs.flatMap(({ warnings = [] }) => warnings)];
}

function describeCommands(
  configs: readonly RenderedConfig[],
  describe: (trace: CommandTrace) => string | undefined,
): string[] {
  return configs.flatMap(({ script = '', trace }) =>
    trace.flatMap((command) => {
      const what = describe(command);
      const { line, number, path } = command;
      return what === undefined
        ? []
        : [`${script}:${line}: command ${number} (${command.command} ${path}) ${what}`];
    }),
  );
}

/** Replaces the environment's `configs/` by the rendered files, all or nothing. */
export async function writeConfigs(
  environment: Environment,
  configs: readonly RenderedConfig[],
): Promise<void> {
  const target = join(environment.directory, 'configs');
  const fresh = await mkdtemp(join(environment.directory, '.configs-'));
  try {
    await Promise.all(
      configs.map(async ({ path, text }) => {
        await mkdir(dirname(join(fresh, path)), { recursive: true });
        await writeFile(join(fresh, path), text);
      }),
    );
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

// yq takes a misspelt `vlaue` for no value at all, and writes null. Syntax errors are left to the script's own reader.
function checkScript(text: string, file: string): void {
  const source = parseYamlFile(text, file);
  const commands: unknown = source.errors.length > 0 ? [] : source.documents[0]?.toJS();
  if (!Array.isArray(commands)) return;
  const problems = commands.flatMap((command: unknown, index) => {
    if (typeof command !== 'object' || command === null) return [];
    const keys = Object.keys(command);
    const unknown = keys.filter((key) => !['command', 'path', 'value'].includes(key));
    const at = (key: string): string => source.where([index, key]);
    const needsValue =
      'command' in command && ['update', 'merge'].includes(String(command.command));
    return [
      ...unknown.map((key) => `${at(key)}: unknown key ${key}; there are command, path and value.`),
      ...(needsValue && !keys.includes('value') ? [`${at('command')}: has no value.`] : []),
    ];
  });
  if (problems.length > 0) {
    throw new EnvironmentError('invalid-script', `Cannot render ${problems.join('\n  ')}`);
  }
}

// Most files are the same in every environment: each text is checked once.
const sound = new Set<string>();

function checkSyntax(text: string, file: string): void {
  if (!['.yaml', '.yml'].includes(extname(file)) || sound.has(text)) return;
  const { errors } = parseYamlFile(text, file);
  if (errors.length > 0) {
    throw new EnvironmentError('invalid-config', `Cannot render ${file}: ${errors.join('\n  ')}`);
  }
  sound.add(text);
}

async function unknownConfigVersion(environment: Environment): Promise<EnvironmentError> {
  const known = await readdir(join(environment.workspaceRoot, 'kustom-base', 'configs')).catch(
    () => [],
  );
  return new EnvironmentError(
    'unknown-config-version',
    `Cannot render ${environment.name}: environments/${environment.name}/environment.yaml names configVersion "${environment.configVersion}", which kustom-base/configs does not hold. Versions there: ${known.sort().join(', ') || 'none'}.`,
  );
}

// Paths of all files below a folder, relative to it, sorted; none where the folder is absent.
async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .flatMap((entry) =>
      entry.isFile() ? [relative(directory, join(entry.parentPath, entry.name))] : [],
    )
    .sort();
}
