import { containerTrouble, type KubernetesObject, lastLine, pause } from '@prow-deploy/apply';
import type { Check } from '../verify-report.ts';
import { type Component, componentsOf } from './component.ts';
import { type ContainerStatus, isReady, podsOf, type PodStatus } from './pods.ts';
import type { SmokeCheck, SmokeContext } from './smoke-check.ts';

/** How long containers are watched. */
const WINDOW_MS = 10_000;
const LOG_LINES = 5;
const LOG_BYTES = 32 * 1024;
const LINE_AT_MOST = 300;

/** Every Deployment has its pods, all are ready, and no container of them ends within ten seconds. */
export const containersRun: SmokeCheck = {
  name: 'containers-run',
  what: 'containers start, become ready and stay up',
  deadlineMs: 60_000,
  async run(context) {
    const components = componentsOf(context.objects);
    const read = () => Promise.all(components.map((component) => podsOf(context, component)));
    const before = await read();
    await pause(WINDOW_MS, context.signal);
    const after = await read();
    return Promise.all(
      components.map(async (component, index): Promise<Check> => {
        const reason = await problem(context, component, before[index] ?? [], after[index] ?? []);
        return { check: 'containers-run', object: component.reference, reason };
      }),
    );
  },
};

async function problem(
  context: SmokeContext,
  component: Component,
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): Promise<string | undefined> {
  if (after.length === 0) return `it has no pod of ${component.replicas}`;
  for (const pod of after) {
    const { name } = pod.metadata;
    const trouble = containerTrouble((pod['status'] ?? {}) as Record<string, unknown>);
    if (trouble !== undefined) {
      const words =
        trouble.ended && (await lastWords(context, pod, trouble.container, trouble.ended.previous));
      return `pod ${name}: ${trouble.text}${words ? `; it logged: ${words}` : ''}`;
    }
    if (!isReady(pod)) return `pod ${name} is not ready`;
    const earlier = before.find(({ metadata }) => metadata.uid === pod.metadata.uid);
    for (const { name: container, restartCount = 0 } of statusesOf(pod)) {
      const first = statusesOf(earlier).find((status) => status.name === container);
      if (first !== undefined && restartCount > (first.restartCount ?? 0)) {
        const words = await lastWords(context, pod, container, true);
        return `pod ${name}: container ${container} ended and was started again within ${WINDOW_MS / 1000} s${words ? `; it logged: ${words}` : ''}`;
      }
    }
  }
  return after.length < component.replicas
    ? `it has ${after.length} pods of ${component.replicas}`
    : undefined;
}

function statusesOf(pod: KubernetesObject | undefined): readonly ContainerStatus[] {
  return ((pod?.['status'] ?? {}) as PodStatus).containerStatuses ?? [];
}

async function lastWords(
  { cluster, mask, signal }: SmokeContext,
  { metadata }: KubernetesObject,
  container: string,
  previous: boolean,
): Promise<string> {
  const read = async (earlier: boolean) => {
    const { body } = await cluster.request({
      path: `/api/v1/namespaces/${metadata.namespace ?? 'default'}/pods/${metadata.name}/log`,
      query: { container, previous: earlier, tailLines: LOG_LINES, limitBytes: LOG_BYTES },
      accept: '*/*',
      signal,
    });
    return typeof body === 'string' ? body : JSON.stringify(body ?? '');
  };
  for (const run of [previous, !previous]) {
    const text = await read(run).catch(() => '');
    // What the kubelet says in its place where it has removed the container.
    if (text === '' || text.startsWith('unable to retrieve container logs')) continue;
    return lastLine(mask(text))?.slice(0, LINE_AT_MOST) ?? '';
  }
  return '';
}
