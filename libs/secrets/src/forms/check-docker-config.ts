import * as v from 'valibot';
import { decodeBase64 } from './check-base64.ts';
import { describeIssue, parseJson } from './parse.ts';

/**
 * Checks what a Secret of type kubernetes.io/dockerconfigjson holds: JSON with a registry and an account for it.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function checkDockerConfig(text: string): string | undefined {
  const content = parseJson(text);
  if (content === undefined) return 'is no JSON';
  const filled = v.pipe(v.string(), v.nonEmpty());
  const account = v.union([
    v.looseObject({ username: filled, password: filled }),
    v.looseObject({
      auth: v.pipe(
        v.string(),
        v.check((auth) => decodeBase64(auth)?.includes(':') ?? false),
      ),
    }),
  ]);
  const accounts = v.record(v.string(), account);
  const schema = v.looseObject({
    auths: v.pipe(
      accounts,
      v.check((auths) => Object.keys(auths).length > 0),
    ),
  });
  const { issues } = v.safeParse(schema, content);
  return issues && `is no .dockerconfigjson: ${describeIssue(issues)}`;
}
