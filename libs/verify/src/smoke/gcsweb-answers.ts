import { ask, unexpected } from './ask.ts';
import { componentOf, serviceOf } from './component.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** gcsweb says that it is well. */
export const gcswebAnswers: SmokeCheck = {
  name: 'gcsweb-answers',
  what: 'gcsweb answers over HTTP',
  deadlineMs: 30_000,
  components: ['gcsweb'],
  async run(context) {
    const gcsweb = componentOf(context, 'gcsweb');
    if (gcsweb === undefined) return [];
    const answer = await ask(context, { path: `${serviceOf(context, gcsweb, 'http')}/healthz` });
    const right = answer.status === 200 && answer.text.trim() === 'ok';
    const reason = right ? undefined : unexpected(answer, '"ok" at /healthz');
    return [{ check: 'gcsweb-answers', object: gcsweb.reference, reason }];
  },
};
