import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunCheckconfigOptions {
  /** Absolute path of Prow's checkconfig. */
  readonly checkconfig: string;
  /** Absolute path of config.yaml. */
  readonly config: string;
  /** Absolute path of plugins.yaml. Default: not checked. */
  readonly plugins?: string | undefined;
  /** Absolute path of the folder of the job configuration. Default: not checked. */
  readonly jobs?: string | undefined;
  /** Whether config.yaml names a file in a bucket that tells which build clusters there are. */
  readonly readsClusterStatus: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckconfigRun {
  readonly failed: boolean;
  /** All that it printed. */
  readonly output: string;
}

const DEADLINE_MS = 60_000;

/**
 * Runs Prow's checkconfig with `--strict`, fields that Prow does not know included, also those of jobs. It uses no
 * network and none of the user's credentials.
 */
export async function runCheckconfig(options: RunCheckconfigOptions): Promise<CheckconfigRun> {
  const { checkconfig, config, plugins, jobs, readsClusterStatus, signal } = options;
  const { execa } = await import('execa');
  const home = await mkdtemp(join(tmpdir(), 'checkconfig-'));
  try {
    const credentials = join(home, 'credentials.json');
    await writeFile(credentials, JSON.stringify(NO_CREDENTIALS));
    const { exitCode, all, failed, shortMessage, timedOut } = await execa(
      checkconfig,
      [
        `--config-path=${config}`,
        ...(plugins === undefined ? [] : [`--plugin-config=${plugins}`]),
        ...(jobs === undefined ? [] : [`--job-config-path=${jobs}`]),
        '--strict',
        '--include-default-warnings',
        '--warnings=unknown-fields-all',
        // It is about what is in that bucket now, and not in these files.
        ...(readsClusterStatus ? ['--exclude-warning=validate-cluster-field'] : []),
      ],
      {
        cwd: home,
        // Prow looks for credentials of Google, in the home folder and then on the network, though it needs none.
        env: { HOME: home, GOOGLE_APPLICATION_CREDENTIALS: credentials },
        extendEnv: false,
        all: true,
        reject: false,
        timeout: DEADLINE_MS,
        ...(signal ? { cancelSignal: signal } : {}),
      },
    );
    signal?.throwIfAborted();
    if (timedOut) return { failed, output: `checkconfig took over ${DEADLINE_MS / 1000} s.` };
    return { failed, output: exitCode === undefined ? (shortMessage ?? '') : all };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

// Of a form that the library takes without asking anybody.
const NO_CREDENTIALS = {
  type: 'authorized_user',
  client_id: 'none',
  client_secret: 'none',
  refresh_token: 'none',
};
