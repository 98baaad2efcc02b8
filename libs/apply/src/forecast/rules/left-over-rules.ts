import { fields, isFields, items, text } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { type Change, type Rule, valueAt } from './rule.ts';

const APPS = 'pkg/apis/apps/validation/validation.go';
const CORE = 'pkg/apis/core/validation/validation.go';

/** What an apply leaves where it is, and the API server does not take beside what is applied. */
export const LEFT_OVER_RULES: readonly Rule[] = [
  strategyRule('apps/Deployment', { field: 'strategy', type: 'Recreate' }),
  strategyRule('apps/StatefulSet', { field: 'updateStrategy', type: 'OnDelete' }),
  {
    kinds: ['/Service'],
    source: `${CORE}: validateServicePort`,
    *changed(change) {
      const name = keptName(change, 'spec.ports');
      if (name === undefined) return;
      const ports = valueAt(change.next, 'spec.ports');
      yield {
        code: 'item-left-over',
        path: 'spec.ports',
        message: `spec.ports would have two ports ${name}: the old one was put there by another, and an apply leaves it there`,
        remedy: `Set the ports once (${patchCommand(change, 'merge', { spec: { ports } })}), then apply again`,
        loses: 'nothing',
        refused: true,
      };
    },
  },
  {
    kinds: [
      'apps/Deployment',
      'apps/DaemonSet',
      'apps/ReplicaSet',
      'apps/StatefulSet',
      '/ReplicationController',
    ],
    source: `${CORE}: validateContainerPorts`,
    *changed(change) {
      const containers = items(valueAt(change.live, CONTAINERS));
      for (const [index, container] of containers.entries()) {
        const portsOf = (object: KubernetesObject) =>
          items(valueAt(object, CONTAINERS)).find(({ name }) => name === container['name']);
        const [after, next] = [portsOf(change.after), portsOf(change.next)];
        const name = next === undefined ? undefined : keptNameOf(after?.['ports'], next['ports']);
        if (name === undefined) continue;
        const ports = items(container['ports']);
        const left = ports.findIndex((port) => port['name'] === name);
        const path = `/${CONTAINERS.replaceAll('.', '/')}/${index}/ports/${left}`;
        yield {
          code: 'item-left-over',
          path: `${CONTAINERS}[name="${text(container['name']) ?? ''}"].ports`,
          message: `container ${text(container['name']) ?? ''} would have two ports ${name}: the old one was put there by another, and an apply leaves it there`,
          remedy: `Take it away once (${patchCommand(change, 'json', [{ op: 'remove', path }])}), then apply again`,
          loses: 'nothing but the time until its pods are ready',
          refused: true,
        };
      }
    },
  },
];

const CONTAINERS = 'spec.template.spec.containers';

// How a rolling update goes was set by the API server, which nobody owns, so that an apply does not take it away; beside
// another strategy it is refused.
function strategyRule(
  kind: string,
  { field, type }: { readonly field: string; readonly type: string },
): Rule {
  const path = `spec.${field}.rollingUpdate`;
  return {
    kinds: [kind],
    source: `${APPS}: ValidateDeploymentStrategy, ValidateStatefulSetSpec`,
    *changed(change) {
      const { after, next } = change;
      const isLeft = Object.keys(fields(valueAt(after, path))).length > 0;
      const isWanted = isFields(valueAt(next, path));
      if (valueAt(after, `spec.${field}.type`) !== type || !isLeft || isWanted) return;
      const patch = { spec: { [field]: { type, rollingUpdate: null } } };
      yield {
        code: 'strategy-left-over',
        path,
        message: `spec.${field}.type cannot become ${type} while ${path} is there, which the API server or another had set`,
        remedy: `Take it away once (${patchCommand(change, 'merge', patch)}), then apply again`,
        loses: 'nothing',
        refused: true,
      };
    },
  };
}

// A name that two items would have, where the manifest has it once.
function keptName({ after, next }: Change, path: string): string | undefined {
  return keptNameOf(valueAt(after, path), valueAt(next, path));
}

function keptNameOf(after: unknown, next: unknown): string | undefined {
  const twice = (list: unknown) => {
    const names = items(list).flatMap(({ name }) => text(name) ?? []);
    return names.find((name, index) => names.indexOf(name) !== index);
  };
  return twice(next) === undefined ? twice(after) : undefined;
}

function patchCommand({ reference }: Change, type: 'merge' | 'json', patch: unknown): string {
  const { kind, namespace, name } = reference;
  const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
  return `kubectl patch ${kind.toLowerCase()} ${name}${where} --type=${type} --patch '${JSON.stringify(patch)}'`;
}
