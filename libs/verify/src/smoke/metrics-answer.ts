import type { Check } from '../verify-report.ts';
import { ask, unexpected } from './ask.ts';
import { componentsOf } from './component.ts';
import { podProxy, podsOf } from './pods.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** By the label `app`: programs that serve no metrics at the commit that the toolchain pins, whatever their manifests say. */
const WITHOUT = new Set(['statusreconciler']);

/** Every container port that is called `metrics` answers as Prometheus asks. */
export const metricsAnswer: SmokeCheck = {
  name: 'metrics-answer',
  what: 'the metrics ports answer',
  deadlineMs: 30_000,
  async run(context) {
    const ports = componentsOf(context.objects).flatMap((component) =>
      component.containers.flatMap(({ ports = [] }) =>
        ports
          .filter(({ name }) => name === 'metrics' && !WITHOUT.has(component.app))
          .map(({ containerPort }) => ({ component, containerPort })),
      ),
    );
    return Promise.all(
      ports.map(async ({ component, containerPort }): Promise<Check> => {
        const pods = await podsOf(context, component);
        const reasons = await Promise.all(
          pods.map(async (pod) => {
            const path = `${podProxy(pod, containerPort)}/metrics`;
            const reason = await ask(context, { path }).then(
              (answer) =>
                answer.status === 200 && answer.text.includes('# TYPE')
                  ? undefined
                  : unexpected(answer, 'metrics'),
              (error: unknown) => (error as Error).message,
            );
            return reason === undefined ? [] : [`pod ${pod.metadata.name}: ${reason}`];
          }),
        );
        const reason = pods.length === 0 ? 'it has no pod' : reasons.flat().join('; ') || undefined;
        return { check: 'metrics-answer', object: component.reference, reason };
      }),
    );
  },
};
