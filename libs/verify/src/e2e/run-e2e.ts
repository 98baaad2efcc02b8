import {
  applyEnvironment,
  cleanupEnvironment,
  clusterOptionsOf,
  formatApplyResult,
  formatCleanupResult,
} from '@prow-deploy/apply';
import { clusterDown, ClusterError, clusterUp } from '@prow-deploy/cluster';
import { type Environment, isLocalCluster, writeOutput } from '@prow-deploy/environment';
import { type ArtifactsFolder, newArtifactsFolder } from '../artifacts/artifacts-folder.ts';
import { collectArtifacts } from '../artifacts/collect-artifacts.ts';
import { indexPage } from '../artifacts/index-page.ts';
import { formatVerifyReport } from '../format-verify-report.ts';
import { verifyEnvironment } from '../verify-environment.ts';

/** The steps, in this order; the last three are taken however those before them ended. */
export const E2E_STEPS = [
  'cluster-up',
  'apply',
  'verify',
  'artifacts',
  'cleanup',
  'cluster-down',
] as const;
export type E2eStepName = (typeof E2E_STEPS)[number];

/** How one step ended. */
export interface E2eStep {
  readonly name: E2eStepName;
  readonly outcome: 'running' | 'passed' | 'failed' | 'skipped';
  /** In milliseconds; absent while it goes on. */
  readonly durationMs?: number;
  /** What it had to say, such as why it failed. */
  readonly lines: readonly string[];
}

/** How a run ended. JSON-serialisable. */
export interface E2eReport {
  readonly outcome: 'running' | 'passed' | 'failed' | 'aborted';
  readonly environment: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly steps: readonly E2eStep[];
  /** Absolute path of the folder with what was collected; begin with its index.html. */
  readonly artifacts: string;
  /** In milliseconds. */
  readonly durationMs: number;
}

export interface RunE2eOptions {
  /** See `verify`. Default: none. */
  readonly ownChecks?: readonly string[] | undefined;
  /** How long all may take to settle, in milliseconds. Default: 5 minutes. */
  readonly settleTimeoutMs?: number | undefined;
  /** Receives each step when it has ended. Default: nobody. */
  readonly onStep?: ((step: E2eStep) => void) | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Ends the step that goes on; artifacts are collected and the cluster is taken down all the same. */
  readonly signal?: AbortSignal | undefined;
}

const SETTLE_TIMEOUT_MS = 5 * 60_000;

/**
 * Takes an environment that was built through its whole life on this machine: its cluster is started, empty, all is
 * applied, verified, and removed again, and the cluster is taken down. A folder tells of it from the first step on, also
 * where the run is killed.
 *
 * @throws {ClusterError} `not-ours` for an environment whose cluster is not one of this machine: it would be emptied.
 */
export async function runE2e(
  environment: Environment,
  options: RunE2eOptions = {},
): Promise<E2eReport> {
  if (!isLocalCluster(environment.cluster)) {
    throw new ClusterError(
      'not-ours',
      `Cannot run the end-to-end test of ${environment.name}: it would empty a cluster that is not one of this machine. ` +
        'Use verify for what runs there.',
    );
  }
  return new Run(environment, options, await newArtifactsFolder(environment)).all();
}

interface Done {
  readonly passed: boolean;
  readonly lines: readonly string[];
}

class Run {
  readonly #started = Date.now();
  readonly #steps: E2eStep[] = [];
  readonly #environment: Environment;
  readonly #options: RunE2eOptions;
  readonly #folder: ArtifactsFolder;

  constructor(environment: Environment, options: RunE2eOptions, folder: ArtifactsFolder) {
    this.#environment = environment;
    this.#options = options;
    this.#folder = folder;
  }

  async all(): Promise<E2eReport> {
    const [environment, folder] = [this.#environment, this.#folder];
    const { ownChecks = [], settleTimeoutMs = SETTLE_TIMEOUT_MS } = this.#options;
    const { onProgress = () => undefined, signal } = this.#options;
    const cluster = clusterOptionsOf(environment, { onProgress, signal });
    const up = await this.#step('cluster-up', async () => {
      // Whatever is there of an earlier run, or of somebody's trying out, is not what is tested.
      await clusterDown({ ...cluster, signal: undefined });
      const { nodes, durationMs } = await clusterUp(cluster);
      return passed([`nodes ${nodes.join(', ')}, after ${seconds(durationMs)}`]);
    });
    const applied = await this.#step(
      'apply',
      async () => {
        const { result } = await applyEnvironment(environment, {
          settleTimeoutMs,
          onProgress,
          signal,
        });
        return { passed: result.outcome === 'applied', lines: formatApplyResult(result) };
      },
      up,
    );
    await this.#step(
      'verify',
      async () => {
        const report = await verifyEnvironment(environment, { ownChecks, onProgress, signal });
        return { passed: report.outcome === 'passed', lines: formatVerifyReport(report) };
      },
      applied,
    );
    await this.#step('artifacts', async () => {
      await collectArtifacts({ environment, folder, onProgress });
      return passed([`${folder.files.length} files in ${folder.path}`]);
    });
    await this.#step(
      'cleanup',
      async () => {
        const result = await cleanupEnvironment(environment, { onProgress, signal });
        return { passed: result.outcome === 'cleaned', lines: formatCleanupResult(result) };
      },
      up,
    );
    await this.#step('cluster-down', async () => {
      await clusterDown({ ...cluster, signal: undefined });
      return passed([]);
    });
    const report = this.#report(this.#outcome());
    await this.#write(report);
    return report;
  }

  /** Takes a step where the ones that it builds on have passed, and tells how it ended. */
  async #step(name: E2eStepName, work: () => Promise<Done>, possible = true): Promise<boolean> {
    const { signal, onStep } = this.#options;
    const always = name === 'artifacts' || name === 'cluster-down';
    const skipped = !possible || (signal?.aborted === true && !always);
    const at = Date.now();
    const end = async (outcome: E2eStep['outcome'], lines: readonly string[]) => {
      const step = {
        name,
        outcome,
        durationMs: Date.now() - at,
        lines: lines.map(this.#folder.mask),
      };
      this.#steps[this.#steps.length - 1] = step;
      onStep?.(step);
      await this.#write(this.#report('running'));
    };
    this.#steps.push({ name, outcome: 'running', lines: [] });
    await this.#write(this.#report('running'));
    if (skipped) {
      await end('skipped', [signal?.aborted === true ? 'interrupted' : 'a step before it failed']);
      return false;
    }
    try {
      const done = await work();
      await end(done.passed ? 'passed' : 'failed', done.lines);
      return done.passed;
    } catch (error) {
      await end('failed', (error as Error).message.split('\n'));
      return false;
    }
  }

  #outcome(): E2eReport['outcome'] {
    if (this.#options.signal?.aborted === true) return 'aborted';
    return this.#steps.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed';
  }

  #report(outcome: E2eReport['outcome']): E2eReport {
    return {
      outcome,
      environment: this.#environment.name,
      at: new Date(this.#started).toISOString(),
      steps: [...this.#steps],
      artifacts: this.#folder.path,
      durationMs: Date.now() - this.#started,
    };
  }

  async #write(report: E2eReport): Promise<void> {
    const [environment, folder] = [this.#environment, this.#folder];
    await folder.write('e2e.json', `${JSON.stringify(report, undefined, 2)}\n`);
    await folder.write(
      'index.html',
      indexPage({
        title: `End-to-end test of ${environment.name}: ${report.outcome}`,
        at: report.at,
        steps: report.steps,
        files: folder.files,
        missing: folder.missing,
      }),
    );
    await writeOutput(environment, 'e2e', report);
  }
}

function passed(lines: readonly string[]): Done {
  return { passed: true, lines };
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
