import type { ApiRequest, ApiResponse } from '@prow-deploy/cluster';
import { expect, test } from 'vitest';
import { send, type SendOptions } from './send.ts';
import { refusal, unreachable } from './testing/refusal.ts';

const OK: ApiResponse = { status: 200, body: 'ok', headers: {} };

// Sends to an API server that gives these answers, one after the other.
async function sendTo(
  answers: readonly (Error | ApiResponse)[],
  options: Partial<SendOptions> = {},
) {
  const left = [...answers];
  const sent: ApiRequest[] = [];
  const request = (request: ApiRequest) => {
    sent.push(request);
    const answer = left.shift() ?? OK;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const result = await send({
    cluster: { request },
    request: { path: '/api' },
    pauseMs: 1,
    ...options,
  }).catch((error: unknown) => error);
  return { result, tries: sent.length };
}

test('a busy or unreachable API server is asked again', async () => {
  const answers = [refusal(429, 'busy', [], 0.01), refusal(503, 'down'), unreachable(), OK];
  expect(await sendTo(answers)).toEqual({ result: OK, tries: 4 });
});

test('what another try would not help is not tried', async () => {
  for (const error of [refusal(422, 'invalid'), refusal(404, 'not found'), new Error('a bug')]) {
    expect(await sendTo([error])).toEqual({ result: error, tries: 1 });
  }
  const illShaped = refusal(500, 'failed to create typed patch object (a/b; /v1, Kind=Secret)');
  expect((await sendTo([illShaped])).tries).toBe(1);
});

test('the tries are limited, and the last answer is thrown', async () => {
  const error = refusal(500, 'down');
  expect(await sendTo(Array<Error>(9).fill(error), { retries: 2 })).toEqual({
    result: error,
    tries: 3,
  });
  expect((await sendTo([error], { retries: 0 })).tries).toBe(1);
});

test('the caller says what else is worth another try, and what is not', async () => {
  const conflict = refusal(409, 'the object has been modified');
  expect((await sendTo([conflict])).tries).toBe(1);
  expect((await sendTo([conflict], { retryOn: ({ status }) => status === 409 })).tries).toBe(2);
  expect((await sendTo([refusal(500, 'x')], { giveUpOn: () => true })).tries).toBe(1);
});

test('an aborted signal ends the waiting, and nothing is sent after it', async () => {
  const reason = new Error('interrupted');
  const before = await sendTo([OK], { signal: AbortSignal.abort(reason) });
  expect(before).toEqual({ result: reason, tries: 0 });

  const controller = new AbortController();
  const waiting = sendTo([refusal(503, 'down')], { signal: controller.signal, pauseMs: 60_000 });
  controller.abort(reason);
  expect(await waiting).toEqual({ result: reason, tries: 1 });
});

test('an answer that comes after the abort is not thrown away', async () => {
  const controller = new AbortController();
  let tries = 0;
  const request = (): Promise<ApiResponse> => {
    tries += 1;
    if (tries === 1) return Promise.reject(unreachable());
    controller.abort(new Error('interrupted'));
    return Promise.resolve(OK);
  };
  const options = { cluster: { request }, request: { path: '/api' }, pauseMs: 1 };
  expect(await send({ ...options, signal: controller.signal })).toBe(OK);
});
