import type { Check } from '../verify-report.ts';
import { ask, unexpected } from './ask.ts';
import { componentsOf } from './component.ts';
import { podProxy, podsOf } from './pods.ts';
import type { SmokeCheck } from './smoke-check.ts';

interface Endpoint {
  readonly port: number;
  readonly path: string;
  /** What a healthy answer has in it. */
  readonly says: RegExp;
}

const HEALTH: Endpoint = { port: 8081, path: '/healthz/ready', says: /^OK/i };
/** What a controller of controller-runtime counts, once its work began. */
const WORKS: Endpoint = { port: 9090, path: '/metrics', says: /^workqueue_adds_total\{/m };

/**
 * By what each of Prow's components says that it is well, by the label `app`. Those without a health endpoint tell by
 * what they measure of their own work. Source: the `main.go` of each, at the commit that the toolchain pins.
 */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  deck: HEALTH,
  hook: HEALTH,
  'prow-controller-manager': HEALTH,
  ghproxy: HEALTH,
  exporter: HEALTH,
  'needs-rebase': HEALTH,
  cherrypicker: HEALTH,
  // Its pools, as JSON; `null` before the first synchronisation.
  tide: { port: 8888, path: '/', says: /^\s*(\[|null)/ },
  crier: WORKS,
  sinker: { port: 9090, path: '/metrics', says: /^sinker_/m },
  horologium: { port: 9090, path: '/metrics', says: /^go_goroutines /m },
};

/** Every component of Prow says that it is well, by an endpoint of its own. */
export const componentsHealthy: SmokeCheck = {
  name: 'components-healthy',
  what: 'each component says that it is well, by its own endpoint',
  deadlineMs: 60_000,
  async run(context) {
    const known = componentsOf(context.objects).filter(({ app }) => Object.hasOwn(ENDPOINTS, app));
    return Promise.all(
      known.map(async (component): Promise<Check> => {
        const { port, path, says } = ENDPOINTS[component.app] ?? HEALTH;
        const pods = await podsOf(context, component);
        const reasons = await Promise.all(
          pods.map(async (pod) => {
            const reason = await ask(context, { path: `${podProxy(pod, port)}${path}` }).then(
              (answer) =>
                answer.status === 200 && says.test(answer.text)
                  ? undefined
                  : unexpected(answer, `what a healthy one says at ${path}`),
              (error: unknown) => (error as Error).message,
            );
            return reason === undefined ? [] : [`pod ${pod.metadata.name}: ${reason}`];
          }),
        );
        const reason = pods.length === 0 ? 'it has no pod' : reasons.flat().join('; ') || undefined;
        return { check: 'components-healthy', object: component.reference, reason };
      }),
    );
  },
};
