import type { KubernetesObject } from '@prow-deploy/apply';
import type { Check } from '../verify-report.ts';
import { ask, unexpected } from './ask.ts';
import { componentOf, serviceOf } from './component.ts';
import { differences } from './differences.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** What deck shows of its configuration: the ConfigMap, its key, and the page. */
const PAGES = [
  { configMap: 'config', key: 'config.yaml', page: '/config' },
  { configMap: 'plugins', key: 'plugins.yaml', page: '/plugin-config' },
] as const;

const SHOWN = 5;

/**
 * The configuration that runs is the one that was rendered: deck shows what it has loaded, in which every value of the
 * rendered files has to be found. It takes a minute until a changed ConfigMap reaches a pod.
 */
export const configAsRendered: SmokeCheck = {
  name: 'config-as-rendered',
  what: 'the configuration in the pods is the one that was rendered',
  deadlineMs: 120_000,
  components: ['deck'],
  async run(context) {
    const deck = componentOf(context, 'deck');
    if (deck === undefined) return [];
    const { parse } = await import('yaml');
    return Promise.all(
      PAGES.map(async ({ configMap, key, page }): Promise<Check> => {
        const rendered = textOf(context.objects, deck.namespace, configMap, key);
        const answer = await ask(context, { path: `${serviceOf(context, deck, 'http')}${page}` });
        const found =
          answer.status === 200
            ? differences(parse(rendered), parse(answer.text))
            : [unexpected(answer, `the configuration at ${page}`)];
        const more = found.length > SHOWN ? `, and ${found.length - SHOWN} more` : '';
        const reason =
          found.length === 0
            ? undefined
            : `deck runs with another ${key} than was rendered: ${found.slice(0, SHOWN).join(', ')}${more}`;
        return {
          check: 'config-as-rendered',
          object: `ConfigMap ${deck.namespace}/${configMap}`,
          reason,
        };
      }),
    );
  },
};

function textOf(
  objects: readonly KubernetesObject[],
  namespace: string,
  name: string,
  key: string,
): string {
  const found = objects.find(
    ({ kind, metadata }) =>
      kind === 'ConfigMap' && metadata.namespace === namespace && metadata.name.endsWith(name),
  );
  const text = (found?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
  if (text === undefined) throw new Error(`the manifest has no ConfigMap ${name} with ${key}`);
  return text;
}
