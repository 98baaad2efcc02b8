import { parsePlaceholder, readsFromGit } from '@prow-deploy/secrets';
import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { fields, text } from '../objects/fields.ts';

/** Secrets whose values are in git: in a manifest, or in a literal or a file beside `secrets/` of a `secretGenerator`. */
export function* auditSecretValues(objects: readonly KubernetesObject[]): Generator<Finding> {
  for (const each of objects) {
    if (each.apiVersion !== 'v1' || each.kind !== 'Secret') continue;
    const inGit = [
      ...Object.entries(fields(each['data'])).map(
        ([key, value]) => [key, Buffer.from(text(value) ?? '', 'base64').toString('utf8')] as const,
      ),
      ...Object.entries(fields(each['stringData'])).map(
        ([key, value]) => [key, text(value) ?? ''] as const,
      ),
    ].filter(([, value]) => value !== '' && isInGit(value));
    if (inGit.length === 0) continue;
    const keys = inGit.map(([key]) => key).sort();
    const object = describeObject(each);
    yield finding(
      'secret-in-git',
      `${object} holds what is in git: ${keys.join(', ')}. Move each value to a file below secrets/ that the boilerplate describes; where it is no secret, a ConfigMap is the place.`,
      { object },
    );
  }
}

function isInGit(value: string): boolean {
  const name = parsePlaceholder(value);
  return name === undefined || readsFromGit(name);
}
