import { items, text } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import type { Forecast } from '../forecast-codes.ts';
import { relatedOf, type Rule, valueAt } from './rule.ts';

export const DELETION_RULES: readonly Rule[] = [
  {
    kinds: ['*'],
    source: 'plugin/pkg/admission/namespace/lifecycle (k8s.io/apiserver): Admit',
    *created(creation) {
      const { namespace } = creation.reference;
      const home = relatedOf(creation, '', 'Namespace').find(
        ({ metadata }) => metadata.name === namespace,
      );
      if (home !== undefined && isGoing(home)) yield terminating(home, true);
    },
  },
  {
    kinds: ['*'],
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/',
    *changed({ live }) {
      if (!isGoing(live)) return;
      if (live.kind === 'Namespace' && live.apiVersion === 'v1') {
        yield terminating(live, false);
        return;
      }
      const { finalizers = [] } = live.metadata;
      yield {
        code: 'being-deleted',
        path: 'metadata.deletionTimestamp',
        message: `it is being deleted${finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : ''}: what is applied goes with it`,
        remedy: 'Wait until it is gone, then apply again',
        loses: 'nothing',
        refused: false,
      };
    },
  },
];

function isGoing({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function terminating(namespace: KubernetesObject, refused: boolean): Forecast {
  const { name } = namespace.metadata;
  // What is left in it, in the words of its controller.
  const held = items(valueAt(namespace, 'status.conditions')).find(
    ({ type, status }) =>
      status === 'True' &&
      (type === 'NamespaceContentRemaining' || type === 'NamespaceFinalizersRemaining'),
  );
  const message = text(held?.['message']);
  return {
    code: 'namespace-terminating',
    path: 'metadata.deletionTimestamp',
    message: `Namespace ${name} is being deleted, and takes nothing new${message === undefined ? '' : ` (${message.replace(/\.$/, '')})`}`,
    remedy: `Wait until it is gone (kubectl wait --for=delete namespace ${name}), then apply again`,
    loses: 'nothing',
    refused,
  };
}
