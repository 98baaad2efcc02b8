import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pick, seeded } from '@prow-deploy/testing';
import { describe, expect, test } from 'vitest';
import { encodingsOf } from './encodings.ts';
import { createMask, MASK, type SecretMask } from './secret-mask.ts';

const TOKEN = 'ghp_q8Zt3LmW0xVb7RkP2nYd5HsJ9aGf4TcE6uQi';

function knowing(...values: (string | Buffer)[]): SecretMask {
  const mask = createMask();
  for (const [index, value] of values.entries()) mask.learn(`s${index}`, Buffer.from(value));
  return mask;
}

describe('a value is masked', () => {
  test.each([
    ['as it is', TOKEN, `token ${TOKEN}!`, `token ${MASK}!`],
    ['without the line break at its end', `${TOKEN}\n`, `(${TOKEN})`, `(${MASK})`],
    ['as JSON writes it', 'say "open" & <go>', JSON.stringify('say "open" & <go>'), `"${MASK}"`],
    [
      'in JSON within JSON',
      'a"quoted"b',
      JSON.stringify('{"k":"a\\"quoted\\"b"}'),
      `"{\\"k\\":\\"${MASK}\\"}"`,
    ],
    ['as Go writes JSON', 'R&D<secret>', '"R\\u0026D\\u003csecret\\u003e"', `"${MASK}"`],
    [
      'in the path of a URL',
      'pass word/+ä',
      'https://h/pass%20word%2F%2B%C3%A4/x',
      `https://h/${MASK}/x`,
    ],
    ['in a form', 'pass word/+ä', 'p=pass+word%2F%2B%C3%A4&q', `p=${MASK}&q`],
    ['in hex', TOKEN, Buffer.from(TOKEN).toString('hex'), MASK],
    ['in upper-case hex', TOKEN, Buffer.from(TOKEN).toString('hex').toUpperCase(), MASK],
    ['each line of it', 'first-line-x\nsecond-line-y', 'at second-line-y', `at ${MASK}`],
    [
      'behind its key in an env file',
      'user=somebody\npass="open sesame"\n',
      'open sesame by somebody',
      `${MASK} by somebody`,
    ],
    [
      'as a field of a JSON file',
      '{"a":{"private_key":"-----BEGIN K-----\\nQUJDREVGR0g5\\n"}}',
      'key QUJDREVGR0g5',
      `key ${MASK}`,
    ],
    [
      'as a field of a YAML file',
      'users:\n- user: {token: sesame-seed-1}\n',
      'Bearer sesame-seed-1',
      `Bearer ${MASK}`,
    ],
    [
      'behind the base64 of a field',
      `users:\n- data: ${Buffer.from('the key data 123').toString('base64')}\n`,
      'the key data 123',
      MASK,
    ],
    ['where a message was cut short', TOKEN, `token ${TOKEN.slice(0, 25)}…`, `token ${MASK}…`],
    [
      'where it is short and stands alone',
      'pw42',
      'with pw42, not pw4242',
      `with ${MASK}, not pw4242`,
    ],
    [
      'as bytes that are no text, in base64',
      Buffer.from('ff00fe01fd02fc03fb', 'hex'),
      `x /wD+Af0C/AP7`,
      `x ${MASK}`,
    ],
  ])('%s', (_name, value, text, masked) => {
    expect(knowing(value).text(text)).toBe(masked);
  });

  test('in base64, wherever it begins in the longer text, with what stands beside it', () => {
    const mask = knowing(TOKEN);
    for (const before of ['', 'x', 'xy', 'xyz']) {
      for (const after of ['', '1', '12', '123']) {
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = Buffer.from(`${before}${TOKEN}${after}`).toString(encoding);
          const masked = mask.text(`<${text}>`);
          expect(masked).toContain(MASK);
          expect(masked.replace(MASK, '').length).toBeLessThanOrEqual(
            2 + before.length * 2 + after.length * 2,
          );
        }
      }
    }
  });

  test('in the lines that base64 is broken into', () => {
    const value = randomBytes(60).toString('hex');
    const wrapped = (
      Buffer.from(`head ${value} tail`)
        .toString('base64')
        .match(/.{1,64}/g) ?? []
    ).join('\n');
    const masked = knowing(value).text(wrapped);
    for (const line of Buffer.from(value).toString('base64').match(/.{32}/g) ?? [])
      expect(masked).not.toContain(line);
    expect(masked.length).toBeLessThan(wrapped.length / 2);
  });

  test('the longer of two that begin alike', () => {
    expect(knowing('sesame-open', 'sesame-open-seed').text('sesame-open-seed')).toBe(MASK);
  });
});

describe('a text stays as it is', () => {
  test.each([
    ['that holds none', TOKEN, 'Applied 105 objects at 12:00.'],
    ['that holds a value of three characters', 'abc', 'abc abcdef'],
    [
      'that names the line that every key has',
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n',
      'no -----BEGIN PRIVATE KEY----- line',
    ],
    [
      'that holds a short word of a file',
      'apiVersion: v1\nkind: Config\n',
      'apiVersion: v1, kind: Config',
    ],
  ])('%s', (_name, value, text) => {
    expect(knowing(value).text(text)).toBe(text);
  });

  test('that holds what the boilerplate says', () => {
    const mask = createMask();
    mask.learnPublic('generate: throw-away\n"type": "service_account"\n');
    mask.learn('a', Buffer.from('throw-away'));
    mask.learn('b', Buffer.from(`{"type": "service_account", "private_key": "${TOKEN}"}`));
    expect(mask.text(`throw-away service_account ${TOKEN}`)).toBe(
      `throw-away service_account ${MASK}`,
    );
  });

  test('byte by byte, where it is no text', () => {
    const bytes = gzipSync(randomBytes(1000));
    expect(knowing(TOKEN).bytes(bytes)).toBe(bytes);
  });
});

describe('a text in chunks', () => {
  const streamed = (mask: SecretMask, chunks: readonly Buffer[]): string => {
    const stream = mask.stream();
    return Buffer.concat([...chunks.map((chunk) => stream.write(chunk)), stream.end()]).toString();
  };

  test('is masked as in one piece, wherever it is cut', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);
    const random = seeded(seed);
    const values = [TOKEN, 'E6uQi-other-value', 'line-one-abc\nline-two-def', 'pw42'];
    const mask = knowing(...values);
    const forms = values.flatMap((value) =>
      encodingsOf(Buffer.from(value)).map(({ bytes }) => bytes.toString()),
    );
    for (let round = 0; round < 300; round++) {
      const text = Buffer.from(
        Array.from({ length: 6 }, () =>
          pick(random, [...forms, ' plain ', '\n', 'gh', TOKEN.slice(0, 3)]),
        ).join(pick(random, [' ', '\n', ': '])) + '\n',
      );
      const chunks: Buffer[] = [];
      for (let at = 0; at < text.length;) {
        const length = 1 + Math.floor(random() * pick(random, [3, 30, 300]));
        chunks.push(text.subarray(at, at + length));
        at += length;
      }
      const shown = streamed(mask, chunks);
      for (const value of [TOKEN, 'E6uQi-other-value', 'line-one-abc', 'line-two-def']) {
        for (const { bytes } of encodingsOf(Buffer.from(value))) {
          expect(shown.includes(bytes.toString()), `seed ${seed}, round ${round}: ${shown}`).toBe(
            false,
          );
        }
      }
      expect(shown.endsWith('\n')).toBe(true);
    }
  });

  test('is not held back where no secret can begin', () => {
    const stream = knowing(TOKEN).stream();
    const question = Buffer.from('Type the name of the environment: ');
    expect(stream.write(question)).toEqual(question);
  });

  test('does not end with the beginning of a secret', () => {
    expect(streamed(knowing(TOKEN), [Buffer.from(`at ${TOKEN.slice(0, 12)}`)])).toBe(`at ${MASK}`);
    expect(streamed(knowing(TOKEN), [Buffer.from('a big')])).toBe('a big');
  });
});

test('a hundred values slow a long text down by little: one pass', () => {
  const mask = knowing(...Array.from({ length: 100 }, () => randomBytes(20).toString('hex')));
  const text = Buffer.from(
    Array.from({ length: 40_000 }, (_, line) => `${line} spec.template: replicas 1 of 3\n`).join(
      '',
    ),
  );
  mask.bytes(text);
  const start = performance.now();
  mask.bytes(text);
  // 1.5 MB in some 10 ms; a search for each of the thousand forms takes a hundred times as long.
  expect(performance.now() - start).toBeLessThan(500);
});
