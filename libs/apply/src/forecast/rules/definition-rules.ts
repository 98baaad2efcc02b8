import { fields, items, text } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { describe, groupOf, identify } from '../../object-reference.ts';
import { type Change, immutable, type Rule, valueAt } from './rule.ts';

const KINDS = ['apiextensions.k8s.io/CustomResourceDefinition'];
const VALIDATION =
  'staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go';

export const DEFINITION_RULES: readonly Rule[] = [
  immutable({
    kinds: KINDS,
    source: `${VALIDATION}: validateCustomResourceDefinitionSpecUpdate`,
    code: 'definition-names',
    fields: ({ live }) => [
      'spec.group',
      'spec.names.plural',
      ...(isEstablished(live) ? ['spec.names.kind', 'spec.scope'] : []),
    ],
    remedy: ({ reference }) =>
      `Make another CustomResourceDefinition for it, move the objects there, then delete ${describe(reference)} by hand`,
    loses: 'every object of the kind that is not moved before',
  }),
  {
    kinds: KINDS,
    source: `${VALIDATION}: ValidateCustomResourceDefinitionStoredVersions`,
    *changed({ live, after, reference }) {
      const kept = new Set(versionsOf(after).map(({ name }) => name));
      const stored = valueAt(live, 'status.storedVersions');
      const lost = (Array.isArray(stored) ? (stored as unknown[]) : []).filter(
        (name) => !kept.has(name),
      );
      if (lost.length === 0) return;
      yield {
        code: 'definition-stored-version',
        path: 'spec.versions',
        message: `spec.versions cannot lose ${lost.join(', ')}: objects may be stored so`,
        remedy: `Keep ${lost.join(', ')} with served: false and storage: false, write every object anew, and take it out of status.storedVersions of ${describe(reference)}; then apply again`,
        loses: 'nothing',
        refused: true,
      };
    },
  },
  {
    kinds: KINDS,
    source:
      'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/',
    *changed(change) {
      const [before, after] = [change.live, change.after].map(servedVersions);
      for (const version of before ?? []) {
        if (after?.includes(version) === true) continue;
        const users = usersOf(change, version);
        if (users.length === 0) continue;
        const shown = users.slice(0, 3).map((each) => describe(identify(each)));
        const more = users.length > 3 ? `, and ${users.length - 3} more` : '';
        yield {
          code: 'definition-used-version',
          path: 'spec.versions',
          message: `version ${version} is no longer served, and ${shown.join(', ')}${more} is written in it`,
          remedy: `Write them in another version first, or serve ${version} on`,
          loses: 'nothing: what is stored stays, and is served in the other versions',
          refused: false,
        };
      }
    },
  },
  {
    kinds: KINDS,
    source:
      'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion',
    *changed({ live, after }) {
      const [before, wanted] = [live, after].map(
        (each) => text(valueAt(each, 'spec.conversion.strategy')) ?? 'None',
      );
      if (before === wanted || wanted !== 'None' || versionsOf(after).length < 2) return;
      yield {
        code: 'definition-conversion',
        path: 'spec.conversion.strategy',
        message:
          'objects are no longer converted between versions: each is served in any version with the fields that it was stored with',
        remedy: 'Keep the conversion webhook until all objects are stored in one version',
        loses: 'fields that a version does not have, of each object that is written in it',
        refused: false,
      };
    },
  },
];

function isEstablished(definition: KubernetesObject): boolean {
  return items(valueAt(definition, 'status.conditions')).some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
}

function versionsOf(definition: KubernetesObject) {
  return items(valueAt(definition, 'spec.versions'));
}

function servedVersions(definition: KubernetesObject): string[] {
  return versionsOf(definition).flatMap(({ name, served }) =>
    served === true ? (text(name) ?? []) : [],
  );
}

function usersOf({ live, related }: Change, version: string): KubernetesObject[] {
  const { group, names } = fields(live['spec']);
  const { kind } = fields(names);
  return related.filter(
    (object) =>
      object.kind === kind &&
      groupOf(object.apiVersion) === group &&
      object.apiVersion === `${groupOf(object.apiVersion)}/${version}`,
  );
}
