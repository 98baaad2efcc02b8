import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { MASK } from './secret-mask.ts';

const TOKEN = 'ghp_q8Zt3LmW0xVb7RkP2nYd5HsJ9aGf4TcE6uQi';

/** Runs a program that knows the token, in a process of its own whose output is masked; gives all that it printed. */
async function printed(program: string, env: Record<string, string> = {}): Promise<string> {
  const module = join(import.meta.dirname, 'process-mask.ts');
  const start = `
    const { maskProcess, maskText, processMask } = require('jiti').createJiti(${JSON.stringify(module)})(${JSON.stringify(module)});
    const token = Buffer.from(${JSON.stringify(Buffer.from(TOKEN).toString('hex'))}, 'hex').toString();
    processMask.learn('token', Buffer.from(token));
    maskProcess();
    maskProcess();
    ${program}`;
  const { all } = await execa(process.execPath, ['-e', start], {
    cwd: import.meta.dirname,
    env,
    all: true,
    reject: false,
  });
  return all;
}

describe('a process whose output is masked shows no secret', () => {
  test.each([
    ['that is printed', 'console.log(`a ${token} b`)', `a ${MASK} b`],
    ['that is logged as a warning', 'console.warn({ token })', `{ token: '${MASK}' }`],
    [
      'that is written in two halves',
      'process.stdout.write(token.slice(0, 9)); process.stdout.write(Buffer.from(token.slice(9)))',
      MASK,
    ],
    [
      'of which only the beginning is written',
      'process.stdout.write(`x ${token.slice(0, 20)}`)',
      `x ${MASK}`,
    ],
    [
      'in another encoding of strings',
      "process.stdout.write(Buffer.from(token).toString('hex'), 'hex')",
      MASK,
    ],
    ['in an error that nobody catches', 'throw new Error(`bad ${token}`)', `Error: bad ${MASK}`],
    [
      'in a promise that nobody waits for',
      'Promise.reject(new Error(`bad ${token}`))',
      `Error: bad ${MASK}`,
    ],
    ['in a warning of Node', 'process.emitWarning(`old ${token}`)', `Warning: old ${MASK}`],
    ['just before it exits', 'process.stderr.write(`${token}\\n`); process.exit(3)', MASK],
  ])('%s', async (_name, program, expected) => {
    const output = await printed(program);
    expect(output).toContain(expected);
    expect(output).not.toContain(TOKEN.slice(0, 12));
  });

  test("in Node's debug logs", async () => {
    const output = await printed(
      "require('http').get({ host: '127.0.0.1', port: 9, headers: { authorization: `Bearer ${token}` } }).on('error', () => {})",
      { NODE_DEBUG: 'http' },
    );
    expect(output).toContain(MASK);
    expect(output).not.toContain(TOKEN);
  });

  test('and all else as it is, in its order', async () => {
    const output = await printed(
      "process.stdout.write('Name? '); console.log('two'); process.stdout.write('three', () => console.log('four'))",
    );
    expect(output).toBe('Name? two\nthreefour');
  });

  test('and an error that nobody catches ends it with a failure', async () => {
    const output = await printed(
      "process.on('exit', (code) => console.log(`code ${code}`)); throw 1",
    );
    expect(output).toMatch(/code 1$/);
  });
});
