import { apiPath, type KubernetesObject } from '@prow-deploy/apply';
import type { Check } from '../verify-report.ts';
import type { PodStatus } from './pods.ts';
import type { SmokeCheck, SmokeContext } from './smoke-check.ts';

const PROW_JOB = { apiVersion: 'prow.k8s.io/v1', resource: 'prowjobs', namespaced: true } as const;
const JOB_LABEL = 'prow.k8s.io/job';

interface Periodic {
  readonly name?: string;
  readonly interval?: string;
  readonly minimum_interval?: string;
}

/**
 * Each periodic job that is due as soon as it is known, because it has an interval, has a ProwJob, which horologium makes,
 * and that one a pod among the jobs, which prow-controller-manager makes and whose containers start.
 */
export const jobRuns: SmokeCheck = {
  name: 'job-runs',
  what: 'a periodic job gets its ProwJob, and its pod starts',
  deadlineMs: 90_000,
  components: ['horologium', 'prow-controller-manager'],
  async run(context) {
    const names = await duePeriodics(context.objects);
    return Promise.all(
      names.map(async (name): Promise<Check> => ({
        check: 'job-runs',
        object: `periodic ${name}`,
        reason: await problem(context, name),
      })),
    );
  },
};

async function problem(context: SmokeContext, job: string): Promise<string | undefined> {
  const { cluster, jobs: namespace, mask, signal } = context;
  const { body } = await cluster.request({
    path: apiPath(PROW_JOB, { namespace }),
    query: { labelSelector: `${JOB_LABEL}=${job}` },
    signal,
  });
  const items = (body as { items?: readonly KubernetesObject[] | null }).items ?? [];
  const latest = [...items].sort((a, b) => age(b) - age(a)).at(0);
  if (latest === undefined) return `horologium has made no ProwJob of it in ${namespace}`;
  const { name } = latest.metadata;
  const { state = '', description = '' } = (latest['status'] ?? {}) as {
    state?: string;
    description?: string;
  };
  const pod = await cluster
    .request({ path: `/api/v1/namespaces/${namespace}/pods/${name}`, signal })
    .then(
      (answer) => answer.body as KubernetesObject,
      () => undefined,
    );
  if (pod === undefined) {
    // It may be gone already: what Prow made of it is told by the job.
    return state === 'success'
      ? undefined
      : `ProwJob ${name} is ${state} and has no pod in ${namespace}${description ? `: ${mask(description)}` : ''}`;
  }
  const { initContainerStatuses = [], containerStatuses = [] } = (pod['status'] ?? {}) as PodStatus;
  const started = [...initContainerStatuses, ...containerStatuses].some(
    ({ state: now }) => now?.running !== undefined || now?.terminated !== undefined,
  );
  return started ? undefined : `no container of pod ${name} in ${namespace} has started`;
}

function age({ metadata }: KubernetesObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

/** The names of periodic jobs with an interval, of all files of the job configuration. */
async function duePeriodics(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const texts = objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && /job-config/.test(metadata.name))
    .flatMap(({ data, binaryData }) => [
      ...Object.values((data ?? {}) as Readonly<Record<string, string>>),
      ...Object.values((binaryData ?? {}) as Readonly<Record<string, string>>).map((value) => ({
        compressed: Buffer.from(value, 'base64'),
      })),
    ]);
  if (texts.length === 0) return [];
  const [{ parse }, { gunzipSync }] = await Promise.all([import('yaml'), import('node:zlib')]);
  return texts.flatMap((text) => {
    const content = typeof text === 'string' ? text : gunzipSync(text.compressed).toString('utf8');
    const { periodics } = (parse(content) ?? {}) as { periodics?: readonly Periodic[] | null };
    return (periodics ?? []).flatMap(({ name, interval, minimum_interval: least }) =>
      name !== undefined && (interval ?? least) !== undefined ? [name] : [],
    );
  });
}
