import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { KubernetesObject } from '@prow-deploy/apply';
import { ask, unexpected } from './ask.ts';
import { type Component, componentOf, serviceOf } from './component.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** What GitHub sends when a webhook is set up; hook does nothing with it. */
const EVENT = 'ping';
const PAYLOAD = JSON.stringify({ zen: 'Verified by prow-deploy.' });
const FLAG = '--hmac-secret-file=';

/**
 * hook accepts a webhook that is signed with the environment's key, as Prow's phony would send it, and refuses one that
 * another signed, and one that nobody did. Only `X-Hub-Signature` counts for it.
 */
export const hookAcceptsWebhook: SmokeCheck = {
  name: 'hook-accepts-webhook',
  what: 'hook accepts a signed webhook, and refuses another',
  deadlineMs: 30_000,
  components: ['hook'],
  async run(context) {
    const hook = componentOf(context, 'hook');
    if (hook === undefined) return [];
    const path = `${serviceOf(context, hook, 'http')}/hook`;
    const send = (key: string | Buffer | undefined) =>
      ask(context, {
        method: 'POST',
        path,
        text: PAYLOAD,
        contentType: 'application/json',
        headers: {
          'X-GitHub-Event': EVENT,
          'X-GitHub-Delivery': randomUUID(),
          ...(key === undefined ? {} : { 'X-Hub-Signature': sign(key) }),
        },
      });
    const [right, wrong, none] = await Promise.all([
      send(keyOf(hook, context.objects)),
      send(randomBytes(20).toString('hex')),
      send(undefined),
    ]);
    const problems = [
      ...(right.status === 200
        ? []
        : [`a webhook with the environment's signature: ${unexpected(right, '200')}`]),
      ...(wrong.status === 403
        ? []
        : [`a webhook with a wrong signature: ${unexpected(wrong, '403')}`]),
      ...(none.status === 403 ? [] : [`a webhook without signature: ${unexpected(none, '403')}`]),
    ];
    const reason = problems.length === 0 ? undefined : problems.join('; ');
    return [{ check: 'hook-accepts-webhook', object: hook.reference, reason }];
  },
};

function sign(key: string | Buffer): string {
  return `sha1=${createHmac('sha1', key).update(PAYLOAD).digest('hex')}`;
}

/** The key that hook is given: of the Secret that is mounted where its argument points. */
function keyOf({ containers, volumes }: Component, objects: readonly KubernetesObject[]): Buffer {
  for (const { args = [], volumeMounts = [] } of containers) {
    const file = args.find((argument) => argument.startsWith(FLAG))?.slice(FLAG.length);
    if (file === undefined) continue;
    const mount = volumeMounts.find(({ mountPath }) => mountPath === posix.dirname(file));
    const volume = volumes.find(({ name }) => name === mount?.name);
    const secret = objects.find(
      ({ kind, metadata }) => kind === 'Secret' && metadata.name === volume?.secret?.secretName,
    );
    const data = secret?.['data'] as Readonly<Record<string, string>> | undefined;
    const value = data?.[posix.basename(file)];
    if (value !== undefined) {
      // As Prow reads secrets: without the blanks around them.
      return Buffer.from(Buffer.from(value, 'base64').toString('utf8').trim());
    }
  }
  throw new Error(`no Secret is mounted where its ${FLAG.slice(0, -1)} points`);
}
