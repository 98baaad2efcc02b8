import { createPrivateKey } from 'node:crypto';
import * as v from 'valibot';
import { describeIssue, parseJson } from './parse.ts';

/**
 * Checks the key file of a Google service account, as Google gives it out.
 *
 * @see https://cloud.google.com/iam/docs/keys-create-delete#creating
 */
export function checkServiceAccount(text: string): string | undefined {
  const content = parseJson(text);
  if (content === undefined) return 'is no JSON';
  const filled = v.pipe(v.string(), v.nonEmpty());
  const schema = v.looseObject({
    type: v.literal('service_account'),
    project_id: filled,
    private_key_id: filled,
    private_key: filled,
    client_email: v.pipe(v.string(), v.email()),
    token_uri: v.pipe(v.string(), v.url()),
  });
  const result = v.safeParse(schema, content);
  if (!result.success)
    return `is no key file of a service account: ${describeIssue(result.issues)}`;
  return isPrivateKey(result.output.private_key)
    ? undefined
    : 'is no key file of a service account: private_key is no private key in PEM';
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}
