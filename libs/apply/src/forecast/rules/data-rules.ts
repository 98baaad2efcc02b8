import { fields } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { contentOf, keysOf } from '../../restarts/source-content.ts';
import { deleteFirst, immutable, lowerFirst, type Rule } from './rule.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const LOSES = 'nothing: pods that run keep what they have, pods that start meanwhile wait for it';

export const DATA_RULES: readonly Rule[] = [
  immutable({
    kinds: ['/Secret'],
    source: `${CORE}: ValidateSecretUpdate`,
    code: 'secret-type',
    fields: ['type'],
    defaults: [['type', 'Opaque']],
    loses: LOSES,
  }),
  {
    kinds: ['/ConfigMap', '/Secret'],
    source: `${CORE}: ValidateConfigMapUpdate, ValidateSecretUpdate`,
    *changed(change) {
      const { live, after } = change;
      if (live['immutable'] !== true) return;
      const paths = [
        ...(after['immutable'] === true ? [] : ['immutable']),
        ...differingKeys(live, after),
      ];
      const [path] = paths;
      if (path === undefined) return;
      yield {
        code: 'immutable-data',
        path: paths.length === 1 ? path : 'data',
        message: `${paths.join(', ')} cannot be changed: it says immutable: true`,
        remedy: `Give it another name, and name that where it is read, or: ${lowerFirst(deleteFirst(change))}`,
        loses: LOSES,
        refused: true,
      };
    },
  },
];

// As containers read them: the API server turns stringData into data.
function differingKeys(live: KubernetesObject, after: KubernetesObject): string[] {
  const keys = [...new Set([live, after].flatMap(keysOf))].sort();
  return keys
    .filter((key) => {
      const [before, now] = [contentOf(live, key), contentOf(after, key)];
      if (before === undefined || now === undefined) return before !== now;
      const isMoved =
        live.kind === 'ConfigMap' && key in fields(live['data']) !== key in fields(after['data']);
      return isMoved || !before.equals(now);
    })
    .map((key) => `data[${JSON.stringify(key)}]`);
}
