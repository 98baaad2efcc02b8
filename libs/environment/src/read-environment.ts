import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  type ClusterIdentity,
  type ClusterSpec,
  type Environment,
  PROTECTIONS,
  type SecretsSource,
} from './environment.ts';
import { EnvironmentError } from './errors.ts';
import { type YamlFile, readYamlFile } from './yaml-file.ts';

/** The file that marks an environment. */
export const ENVIRONMENT_FILE = 'environment.yaml';

export interface ReadEnvironmentOptions {
  /** Absolute path of the workspace root. */
  readonly workspaceRoot: string;
  /** Name of the folder below `environments/`. */
  readonly name: string;
  /** Which of its `configurations` is meant. Default: none, the environment as it is. */
  readonly configuration?: string | undefined;
}

/**
 * The name of an environment is the value of a label of each of its objects, and lower case as names in Kubernetes are.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
const NAME = /^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/;

/**
 * Reads `environments/<name>/environment.yaml` and checks it against the schema. With a configuration, what that says
 * stands in the place of what the environment says.
 *
 * @throws {EnvironmentError} `unknown-environment` where there is no such file or configuration, `invalid-environment`
 * for a name that cannot be a label, YAML syntax, unknown or missing keys and wrong values: what is wrong in the file
 * all at once, each with file and line.
 */
export async function readEnvironment(options: ReadEnvironmentOptions): Promise<Environment> {
  const { workspaceRoot, name, configuration } = options;
  const directory = join(workspaceRoot, 'environments', name);
  const path = join(directory, ENVIRONMENT_FILE);
  const source = await readYamlFile(path, workspaceRoot).catch(async (cause: unknown) => {
    const known = (await listEnvironments(workspaceRoot)).join(', ') || 'none';
    throw new EnvironmentError(
      'unknown-environment',
      `Cannot read environment ${name}: environments/${name}/${ENVIRONMENT_FILE} is not there. Environments: ${known}.`,
      { cause },
    );
  });
  if (!NAME.test(name)) {
    throw new EnvironmentError(
      'invalid-environment',
      `Cannot use environments/${name}: its name becomes a label of each object, which takes at most 63 lower-case ` +
        `letters, digits, "-", "_" and ".", and a letter or digit at both ends. Rename the folder.`,
    );
  }
  const content = checkEnvironment(source);
  if (configuration === undefined) return { name, directory, workspaceRoot, ...content };
  const { configurations = {} } = content;
  if (!Object.hasOwn(configurations, configuration)) {
    const known = Object.keys(configurations).join(', ') || 'none';
    throw new EnvironmentError(
      'unknown-environment',
      `Cannot use configuration ${configuration} of ${name}: ${source.file} has no such one. Configurations: ${known}.`,
    );
  }
  return {
    name,
    directory,
    workspaceRoot,
    configuration,
    ...content,
    ...configurations[configuration],
  };
}

/** Names of all environments of the workspace, sorted. */
export async function listEnvironments(workspaceRoot: string): Promise<string[]> {
  const root = join(workspaceRoot, 'environments');
  const folders = await readdir(root, { withFileTypes: true }).catch(() => []);
  return folders.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

type EnvironmentContent = Omit<Environment, 'name' | 'directory' | 'workspaceRoot'>;

/** Checks the content of an environment.yaml. @throws {EnvironmentError} `invalid-environment` */
export function checkEnvironment(source: YamlFile): EnvironmentContent {
  const refuse = (problems: readonly string[]): never => {
    throw new EnvironmentError(
      'invalid-environment',
      problems.length === 1
        ? `Cannot use ${problems.join('')}`
        : `Cannot use ${source.file}: ${problems.length} problems.\n  ${problems.join('\n  ')}`,
    );
  };
  if (source.errors.length > 0) refuse(source.errors);
  const result = v.safeParse(schema(), source.documents[0]?.toJS() ?? {});
  if (!result.success) refuse(result.issues.map((issue) => describeIssue(issue, source)));
  return result.output as EnvironmentContent;
}

function schema(): v.GenericSchema<unknown, EnvironmentContent> {
  const label = v.pipe(
    v.string(),
    v.maxLength(63),
    v.regex(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      'is no valid Kubernetes name (lower case letters, digits, "-")',
    ),
  );
  const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
  const secrets: v.GenericSchema<unknown, SecretsSource> = v.variant('source', [
    v.strictObject({ source: v.literal('generated') }),
    v.strictObject({ source: v.literal('folder'), path: v.exactOptional(text) }),
    v.strictObject({ source: v.literal('sops') }),
  ]);
  const labels = v.record(text, v.string());
  const node = v.strictObject({ name: label, labels: v.exactOptional(labels) });
  const identity: v.GenericSchema<unknown, ClusterIdentity> = v.strictObject({
    uid: v.pipe(
      v.string(),
      v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no uid of a Kubernetes object'),
    ),
    server: v.pipe(
      v.string(),
      v.regex(/^https?:\/\/[^\s/][^\s]*[^\s/]$/, 'is no URL such as https://10.0.0.1:6443'),
    ),
    caSha256: v.pipe(
      v.string(),
      v.regex(
        /^([0-9a-f]{64}|system|insecure)$/,
        'is neither a SHA-256 in lower-case hex, nor "system", nor "insecure"',
      ),
    ),
  });
  const cluster: v.GenericSchema<unknown, ClusterSpec> = v.variant('provider', [
    v.strictObject({
      provider: v.literal('embedded'),
      nodes: v.pipe(v.array(node), v.minLength(1, 'needs at least one node')),
    }),
    v.strictObject({
      provider: v.literal('node'),
      name: v.exactOptional(label),
      labels: v.exactOptional(labels),
    }),
    v.strictObject({
      provider: v.literal('kubevirtci'),
      kubernetesProvider: v.exactOptional(text),
      memory: v.exactOptional(
        v.pipe(v.string(), v.regex(/^\d+[KMG]$/, 'is no size such as 6144M')),
      ),
      nodes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
    v.strictObject({
      provider: v.literal('kubeconfig'),
      kubeconfig: v.exactOptional(text),
      context: text,
      identity: v.exactOptional(identity),
    }),
  ]);
  const reason = v.pipe(v.string(), v.nonEmpty('must say why'));
  const external = v.strictObject({
    kind: text,
    namespace: v.exactOptional(text),
    name: text,
    reason,
  });
  const accepted = v.strictObject({ code: text, object: v.exactOptional(text), reason });
  const audit = v.strictObject({
    external: v.exactOptional(v.array(external)),
    accepted: v.exactOptional(v.array(accepted)),
  });
  return v.strictObject({
    configVersion: v.pipe(
      v.string('must be a string, such as "20261123"'),
      v.regex(/^[\w.-]+$/, 'is no folder name'),
    ),
    namespaces: v.strictObject({ prow: label, jobs: label }),
    secrets,
    cluster,
    configurations: v.exactOptional(v.record(label, v.strictObject({ cluster }))),
    protection: v.picklist(PROTECTIONS),
    kubernetesVersion: v.exactOptional(
      v.pipe(v.string(), v.regex(/^v\d+\.\d+$/, 'is no version such as v1.36')),
    ),
    audit: v.exactOptional(audit),
  });
}

// valibot's issue as `file:line: sentence`.
function describeIssue(issue: v.BaseIssue<unknown>, source: YamlFile): string {
  const path = (issue.path ?? []).map((item) => item.key);
  const key = path.join('.');
  const where = source.where(path);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `${where}: unknown key ${key}. Remove it, or correct its spelling.`;
  }
  if (issue.received === 'undefined') {
    const expected =
      issue.expected?.startsWith('"') && issue.type === 'strict_object'
        ? ''
        : ` (${issue.expected ?? ''})`;
    return `${where}: ${key || 'the file'} is missing${expected}.`;
  }
  const expected = issue.expected
    ? `must be ${issue.expected.replaceAll(/[()]/g, '').replaceAll(' | ', ' or ')}, it is ${issue.received}`
    : issue.message;
  return `${where}: ${key}: ${issue.message.startsWith('Invalid') ? expected : issue.message}.`;
}
