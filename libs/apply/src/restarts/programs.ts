import type { StartPart } from './start-parts.ts';

/** A file, or a folder of files, that a program reads, and what it does when that changes. */
export interface ProgramFile {
  /** The flag whose value is the path; absent where the path is fixed. */
  readonly flag?: string;
  /** The path, or the one that is taken where the flag is not given. */
  readonly path?: string;
  readonly onChange: 'reloads' | 'restarts' | 'unread';
  /** What the program does with it, such as `polls --config-path every second`. */
  readonly because: string;
  /** What it takes from the file at its start only, although it reloads it. */
  readonly atStart?: readonly StartPart[];
  /** Where that is said: a file of the program's source with what to look for there, or a page. */
  readonly source: string;
}

/** A program whose source, or documentation, says what it reloads. */
export interface Program {
  /** The last segments of the names of its images; also what `command` starts, where it is given. */
  readonly names: readonly string[];
  /** The end of the folder that its images are in; empty for any. */
  readonly folders: readonly string[];
  readonly files: readonly ProgramFile[];
}

/** The module whose source {@link PROGRAMS} was read from, for all that is Prow's. Read it again when Prow is updated. */
export const PROW_MODULE = 'sigs.k8s.io/prow@v0.0.0-20240619181241-cfb8754e0459';

// Where Prow's images are and were.
const PROW = ['k8s-infra-prow/images', 'k8s-prow'];
const KUBEVIRT = ['kubevirtci'];

// The config agent polls both paths every second, and reads all of them anew every ten minutes in any case.
function config(...atStart: readonly StartPart[]): ProgramFile[] {
  const source = 'pkg/config/agent.go: func (ca *Agent) Start';
  // Of the jobs, nobody takes more at start than whose they are.
  const ofJobs = atStart.filter((part) => part === 'the list of repositories');
  const flags = [
    ['config-path', atStart],
    ['job-config-path', ofJobs],
    ['supplemental-prow-config-dir', atStart],
  ] as const;
  return flags.map(([flag, parts]) => ({
    flag,
    onChange: 'reloads',
    because: `polls --${flag} every second`,
    source,
    ...(parts.length > 0 ? { atStart: parts } : {}),
  }));
}

function plugins(options: { path?: string; atStart?: readonly StartPart[] } = {}): ProgramFile[] {
  const source = 'pkg/plugins/plugins.go: func (pa *ConfigAgent) Start';
  const because = (flag: string) => `reads --${flag} every minute`;
  const [file, folder] = ['plugin-config', 'supplemental-plugin-config-dir'];
  return [
    { flag: file, onChange: 'reloads', because: because(file), source, ...options },
    { flag: folder, onChange: 'reloads', because: because(folder), source },
  ];
}

// The secret agent polls each of its files every second.
function secret(flag: string, source: string, path?: string): ProgramFile {
  const because = `polls --${flag} every second`;
  return { flag, onChange: 'reloads', because, source, ...(path === undefined ? {} : { path }) };
}

const GITHUB: readonly ProgramFile[] = [
  secret('github-token-path', 'pkg/flagutil/github.go: secret.Add(o.TokenPath)'),
  secret('github-app-private-key-path', 'pkg/flagutil/github.go: secret.AddWithParser('),
];

const DEFAULT_HMAC = '/etc/webhook/hmac';

function hmac(source: string): ProgramFile {
  return secret('hmac-secret-file', source, DEFAULT_HMAC);
}

// The process ends, all of it, and the kubelet starts it again.
function kubeconfig(file: string): ProgramFile[] {
  return ['kubeconfig', 'kubeconfig-dir'].map((flag) => ({
    flag,
    onChange: 'reloads',
    because: `ends when --${flag} changes, and is started again`,
    source: `${file}: AddKubeconfigChangeCallback`,
  }));
}

function atStartOnly(flag: string, source: string): ProgramFile {
  return { flag, onChange: 'restarts', because: `reads --${flag} at start only`, source };
}

function unread(path: string, source: string): ProgramFile {
  return { path, onChange: 'unread', because: `reads nothing of ${path}`, source };
}

/**
 * Which programs take up which changed files by themselves. What is not listed is restarted for.
 *
 * A polled file is found changed by its modification time, which a mounted ConfigMap or Secret gets with each update.
 */
export const PROGRAMS: readonly Program[] = [
  {
    names: ['deck'],
    folders: PROW,
    files: [
      ...config(
        'deck.spyglass.lenses',
        'disabled_clusters',
        'pod_namespace',
        'prowjob_namespace',
        'push_gateway',
        'the list of repositories',
      ),
      ...plugins(),
      ...GITHUB,
      atStartOnly('cookie-secret', 'cmd/deck/main.go: loadToken(o.cookieSecretFile)'),
      atStartOnly(
        'github-oauth-config-file',
        'cmd/deck/main.go: loadToken(o.githubOAuthConfigFile)',
      ),
      // It stops its controllers then, and serves what it has until its liveness probe fails.
      {
        flag: 'kubeconfig',
        onChange: 'restarts',
        because: 'stops following ProwJobs when --kubeconfig changes',
        source: 'cmd/deck/main.go: AddKubeconfigChangeCallback',
      },
    ],
  },
  {
    names: ['hook'],
    folders: PROW,
    files: [
      ...config('disabled_clusters', 'prowjob_namespace', 'push_gateway'),
      ...plugins({
        path: '/etc/plugins/plugins.yaml',
        atStart: ['whether bugzilla or jira is enabled'],
      }),
      ...GITHUB,
      hmac('cmd/hook/main.go: tokens = append(tokens, o.webhookSecretFile)'),
      secret('slack-token-file', 'cmd/hook/main.go: tokens = append(tokens, o.slackTokenFile)'),
      secret('bugzilla-api-key-path', 'cmd/hook/main.go: tokens = append(tokens, o.bugzilla'),
      secret('jira-password-file', 'pkg/flagutil/jira.go: secret.Add(o.passwordFile)'),
      secret('jira-bearer-token-file', 'pkg/flagutil/jira.go: secret.Add(o.bearerTokenFile)'),
      atStartOnly('kubeconfig', 'cmd/hook/main.go: BuildClusterCoreV1Clients'),
      // What key_path of these plugins names; the paths are those of their documentation.
      {
        path: '/etc/cat-api/api-key',
        onChange: 'reloads',
        because: 'reads the key of the cat plugin when it is a minute old',
        source: 'pkg/plugins/cat/cat.go: os.ReadFile(keyPath)',
      },
      {
        path: '/etc/unsplash-api/honk.txt',
        onChange: 'reloads',
        because: 'reads the key of the goose plugin when it is a minute old',
        source: 'pkg/plugins/goose/goose.go: os.ReadFile(keyPath)',
      },
    ],
  },
  {
    names: ['crier'],
    folders: PROW,
    files: [
      ...config('disabled_clusters', 'prowjob_namespace', 'push_gateway'),
      ...GITHUB,
      ...kubeconfig('cmd/crier/main.go'),
      secret('slack-token-file', 'cmd/crier/main.go: secret.Add(o.slackTokenFile)'),
    ],
  },
  {
    names: ['horologium'],
    folders: PROW,
    files: config('horologium.tick_interval', 'prowjob_namespace', 'push_gateway'),
  },
  {
    names: ['sinker'],
    folders: PROW,
    files: [
      ...config('disabled_clusters', 'pod_namespace', 'prowjob_namespace', 'push_gateway'),
      ...kubeconfig('cmd/sinker/main.go'),
    ],
  },
  {
    names: ['prow-controller-manager'],
    folders: PROW,
    files: [
      ...config(
        'disabled_clusters',
        'log_level',
        'pod_namespace',
        'prowjob_namespace',
        'push_gateway',
      ),
      ...kubeconfig('cmd/prow-controller-manager/main.go'),
    ],
  },
  {
    names: ['tide'],
    folders: PROW,
    files: [...config('prowjob_namespace', 'push_gateway', 'tide.sync_period'), ...GITHUB],
  },
  {
    names: ['status-reconciler'],
    folders: PROW,
    files: [...config('prowjob_namespace'), ...plugins(), ...GITHUB],
  },
  {
    names: ['exporter'],
    folders: PROW,
    files: config('prowjob_namespace', 'push_gateway'),
  },
  {
    names: ['needs-rebase'],
    folders: PROW,
    files: [
      ...plugins({ path: '/etc/plugins/plugins.yaml' }),
      ...GITHUB,
      hmac('cmd/external-plugins/needs-rebase/main.go: secret.Add(o.webhookSecretFile)'),
    ],
  },
  {
    names: ['cherrypicker'],
    folders: PROW,
    files: [
      ...GITHUB,
      hmac('cmd/external-plugins/cherrypicker/main.go: secret.Add(o.webhookSecretFile)'),
      unread('/etc/plugins', 'cmd/external-plugins/cherrypicker/main.go: func gatherOptions'),
    ],
  },
  {
    // As of 2020, and since.
    names: ['rehearse'],
    folders: KUBEVIRT,
    files: [
      ...GITHUB,
      hmac('https://github.com/kubevirt/project-infra/tree/main/external-plugins/rehearse'),
      unread(
        '/etc/plugins',
        'https://github.com/kubevirt/project-infra/tree/main/external-plugins/rehearse',
      ),
    ],
  },
  {
    names: ['release-blocker'],
    folders: KUBEVIRT,
    files: [
      // The flag had a default until June 2020, and release-blocker was built before.
      secret(
        'github-token-path',
        'https://github.com/kubernetes/test-infra/blob/34a27f5e6d4e/prow/flagutil/github.go',
        '/etc/github/oauth',
      ),
      ...GITHUB.slice(1),
      hmac('https://github.com/kubevirt/project-infra/tree/main/external-plugins/release-blocker'),
      unread(
        '/etc/plugins',
        'https://github.com/kubevirt/project-infra/tree/main/external-plugins/release-blocker',
      ),
    ],
  },
  {
    names: ['registry'],
    folders: [],
    files: [
      {
        path: '/etc/docker/registry',
        onChange: 'restarts',
        because: 'reads its configuration at start only',
        source: 'https://distribution.github.io/distribution/about/configuration/',
      },
    ],
  },
  {
    names: ['nginx'],
    folders: [],
    files: [
      {
        path: '/etc/nginx',
        onChange: 'restarts',
        because: 'reads its configuration at start, and else only when told to',
        source: 'https://nginx.org/en/docs/beginners_guide.html',
      },
    ],
  },
];
