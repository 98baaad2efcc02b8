import { ask, unexpected } from './ask.ts';
import { componentOf, serviceOf } from './component.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** deck's front page is Prow's. */
export const deckAnswers: SmokeCheck = {
  name: 'deck-answers',
  what: 'deck answers over HTTP',
  deadlineMs: 30_000,
  components: ['deck'],
  async run(context) {
    const deck = componentOf(context, 'deck');
    if (deck === undefined) return [];
    const answer = await ask(context, { path: `${serviceOf(context, deck, 'http')}/` });
    const right =
      answer.status === 200 &&
      /DOCTYPE html/i.test(answer.text) &&
      answer.text.includes('Prow Status');
    const reason = right ? undefined : unexpected(answer, 'its page, with "Prow Status"');
    return [{ check: 'deck-answers', object: deck.reference, reason }];
  },
};
