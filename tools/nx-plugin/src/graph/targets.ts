import type { TargetConfiguration } from '@nx/devkit';

type Input = NonNullable<TargetConfiguration['inputs']>[number];

/** Libraries (and tools) whose code makes an environment's outputs, by the target that runs it. */
export const CODE = {
  render: ['environment', 'yq-script', 'config-updater', 'secrets'],
  checkConfig: ['environment', 'yq-script', 'config-updater', 'secrets', 'prow-config'],
  secrets: ['environment', 'secrets'],
  build: ['environment', 'secrets', 'kustomize'],
  audit: ['environment', 'yq-script', 'config-updater', 'secrets', 'kustomize', 'audit'],
  apply: ['environment', 'secrets', 'cluster', 'apply'],
  verify: ['environment', 'secrets', 'cluster', 'apply', 'verify'],
  vendor: ['environment', 'vendor'],
} as const;

export interface TargetFacts {
  /** Nx project of the base configuration; absent where environment.yaml names none that exists. */
  readonly configs?: string;
  /** Nx projects that the kustomization stands on. */
  readonly bases: readonly string[];
  /** Those of them that are copies of upstream's manifests. */
  readonly copies: readonly string[];
  /** Folders that the kustomization stands on and that are no project, relative to the workspace root. */
  readonly folders: readonly string[];
  /** Whether a kubeconfig leads to the cluster, which is then pinned. */
  readonly isPinnable: boolean;
  /** Names that `--configuration` takes, for the targets that work with its cluster. */
  readonly configurations: readonly string[];
  /** Other environments that this one must not touch: the protected ones. */
  readonly isolatedFrom: readonly string[];
}

// By path, see tools/executors/package.json.
export const executor = (name: string): string => `./tools/executors:${name}`;
export const code = (libraries: readonly string[]): Input[] => [
  { projects: [...libraries, 'nx-plugin'], input: 'production' },
  '{workspaceRoot}/tools/executors/*',
];

/** The targets that work with the environment's cluster, for which `--configuration` chooses another one. */
const OF_CLUSTER: ReadonlySet<string> = new Set([
  'diff',
  'apply',
  'verify',
  'history',
  'cleanup',
  'debug',
  'e2e',
  'cluster-up',
  'cluster-reset',
  'cluster-down',
]);

/**
 * The targets of an environment. What each is cached on, and what it leaves behind, is the table of README.md; those
 * whose truth lies outside of the workspace (copy-secrets, apply, verify) have a hasher of their own, see executors.json.
 */
export function environmentTargets(facts: TargetFacts): Record<string, TargetConfiguration> {
  const configurations = Object.fromEntries(facts.configurations.map((name) => [name, {}]));
  return Object.fromEntries(
    Object.entries(allTargets(facts)).map(([name, target]) => [
      name,
      OF_CLUSTER.has(name) ? { ...target, configurations } : target,
    ]),
  );
}

function allTargets(facts: TargetFacts): Record<string, TargetConfiguration> {
  const data = facts.bases.length > 0 ? [{ projects: [...facts.bases], input: 'default' }] : [];
  return {
    'render-configs': {
      executor: executor('render-configs'),
      cache: true,
      inputs: [
        '{projectRoot}/environment.yaml',
        // Its prefix of names.
        '{projectRoot}/kustomization.yaml',
        '{projectRoot}/yq_scripts/**/*',
        ...(facts.configs ? [{ projects: [facts.configs], input: 'default' }] : []),
        ...code(CODE.render),
        { externalDependencies: ['yaml', 'valibot', 'fflate'] },
      ],
      outputs: ['{projectRoot}/configs'],
      metadata: {
        description: 'Render the base configuration through the yq scripts, into configs/',
      },
    },
    'copy-secrets': {
      executor: executor('copy-secrets'),
      cache: true,
      inputs: [
        '{projectRoot}/environment.yaml',
        '{projectRoot}/kustomization.yaml',
        ...data,
        ...code(CODE.secrets),
      ],
      outputs: ['{workspaceRoot}/dist/{projectName}/secrets-receipt.json'],
      metadata: { description: 'Bring the secret values to secrets/ (mode 0600, never cached)' },
    },
    secrets: {
      executor: executor('secrets'),
      metadata: { description: 'Show the state of each secret, without any value' },
    },
    'find-leaks': {
      executor: executor('find-leaks'),
      metadata: {
        description: 'Look for the secret values in git, dist and what Nx keeps, where none may be',
      },
    },
    'kustomize-build': {
      executor: executor('kustomize-build'),
      cache: true,
      dependsOn: [
        'render-configs',
        ...facts.copies.map((projects) => ({ projects, target: 'check' })),
      ],
      inputs: [
        '{projectRoot}/**/*',
        '!{projectRoot}/yq_scripts/**/*',
        '!{projectRoot}/sops/**/*',
        ...data,
        ...facts.folders.map((folder) => `{workspaceRoot}/${folder}/**/*`),
        { dependentTasksOutputFiles: '**/*' },
        ...code(CODE.build),
        { json: '{workspaceRoot}/tools/toolchain/versions.json', fields: ['tools.kustomize'] },
        '{workspaceRoot}/tools/toolchain/go/kustomize/**/*',
        { externalDependencies: ['yaml', 'valibot'] },
      ],
      outputs: ['{workspaceRoot}/dist/{projectName}/prow-deploy.yaml'],
      metadata: { description: 'Build all objects, with placeholders where secrets go' },
    },
    'check-config': {
      executor: executor('check-config'),
      cache: true,
      dependsOn: ['render-configs'],
      inputs: [
        '{projectRoot}/environment.yaml',
        '{projectRoot}/kustomization.yaml',
        '{projectRoot}/yq_scripts/**/*',
        // For the lines of what is wrong.
        ...(facts.configs ? [{ projects: [facts.configs], input: 'default' }] : []),
        { dependentTasksOutputFiles: '**/*' },
        ...code(CODE.checkConfig),
        { json: '{workspaceRoot}/tools/toolchain/versions.json', fields: ['tools.checkconfig'] },
        '{workspaceRoot}/tools/toolchain/go/prow/**/*',
        { externalDependencies: ['yaml', 'valibot', 'fflate'] },
      ],
      outputs: ['{workspaceRoot}/dist/{projectName}/check-config.json'],
      metadata: { description: "Let Prow's own checkconfig judge config, plugins and jobs" },
    },
    audit: {
      executor: executor('audit'),
      cache: true,
      dependsOn: [
        'kustomize-build',
        ...facts.isolatedFrom.map((projects) => ({ projects, target: 'kustomize-build' })),
      ],
      inputs: [
        '{projectRoot}/**/*',
        '!{projectRoot}/sops/**/*',
        ...(facts.configs ? [{ projects: [facts.configs], input: 'default' }] : []),
        ...data,
        ...facts.folders.map((folder) => `{workspaceRoot}/${folder}/**/*`),
        ...facts.isolatedFrom.map(
          (name) => `{workspaceRoot}/environments/${name}/environment.yaml`,
        ),
        { dependentTasksOutputFiles: '**/*' },
        ...code(CODE.audit),
        {
          json: '{workspaceRoot}/tools/toolchain/versions.json',
          fields: ['tools.kustomize', 'tools.kube-apiserver.version'],
        },
        { externalDependencies: ['yaml', 'valibot'] },
      ],
      outputs: ['{workspaceRoot}/dist/{projectName}/audit.json'],
      metadata: {
        description: 'Find what is silently wrong: patches, scripts, references, isolation',
      },
    },
    diff: {
      executor: executor('diff'),
      dependsOn: ['kustomize-build', 'copy-secrets'],
      metadata: { description: 'Show what an apply would change; writes nothing to the cluster' },
    },
    apply: {
      executor: executor('apply'),
      cache: true,
      dependsOn: ['kustomize-build', 'copy-secrets', 'audit', 'check-config'],
      inputs: [
        '{projectRoot}/environment.yaml',
        { dependentTasksOutputFiles: '**/*' },
        ...code(CODE.apply),
      ],
      outputs: ['{workspaceRoot}/dist/{projectName}/apply-receipt.json'],
      metadata: { description: 'Apply the objects and wait until they have settled' },
    },
    verify: {
      executor: executor('verify'),
      cache: true,
      dependsOn: ['apply'],
      inputs: [
        '{projectRoot}/environment.yaml',
        { dependentTasksOutputFiles: '**/*' },
        ...code(CODE.verify),
      ],
      outputs: [
        '{workspaceRoot}/dist/{projectName}/verify.json',
        '{workspaceRoot}/dist/{projectName}/verify.xml',
      ],
      metadata: { description: 'Check that what was applied is there and does its work' },
    },
    ...(facts.copies.length > 0
      ? {
          promote: {
            executor: executor('promote'),
            metadata: {
              description: "Use another environment's vendored commit and base configuration",
            },
          },
        }
      : {}),
    history: {
      executor: executor('history'),
      metadata: { description: 'Show the last applies, as the cluster remembers them' },
    },
    cleanup: {
      executor: executor('cleanup'),
      metadata: { description: 'Remove what apply put into the cluster, by its inventory' },
    },
    ...(facts.isPinnable
      ? {
          'pin-cluster': {
            executor: executor('pin-cluster'),
            metadata: { description: 'Write which cluster it has to be into environment.yaml' },
          },
        }
      : {}),
    debug: {
      executor: executor('debug'),
      metadata: { description: 'Run one component by hand, in a pod beside the running one' },
    },
    e2e: {
      executor: executor('e2e'),
      dependsOn: ['kustomize-build', 'copy-secrets', 'audit', 'check-config'],
      metadata: {
        description:
          'Start the cluster, apply, verify, clean up and stop it, and keep what was seen',
      },
    },
    'cluster-up': {
      executor: executor('cluster-up'),
      metadata: { description: 'Start the cluster of this environment' },
    },
    'cluster-reset': {
      executor: executor('cluster-reset'),
      metadata: { description: 'Start the cluster of this environment anew, empty' },
    },
    'cluster-down': {
      executor: executor('cluster-down'),
      metadata: { description: 'Stop the cluster of this environment and remove all of it' },
    },
  };
}
