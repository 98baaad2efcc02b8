import * as v from 'valibot';
import { describeIssue, parseYaml } from './parse.ts';

/**
 * Checks the configuration of a GitHub OAuth app, as deck reads it.
 *
 * @see https://docs.prow.k8s.io/docs/components/core/deck/github-oauth-setup/
 */
export function checkOAuthConfig(text: string): string | undefined {
  const content = parseYaml(text);
  if (content === undefined) return 'is no YAML';
  const filled = v.pipe(v.string(), v.nonEmpty());
  const schema = v.looseObject({
    client_id: filled,
    client_secret: filled,
    redirect_url: v.pipe(v.string(), v.url()),
    scopes: v.optional(v.array(v.string())),
  });
  const { issues } = v.safeParse(schema, content);
  return issues && `is no configuration of an OAuth app: ${describeIssue(issues)}`;
}
