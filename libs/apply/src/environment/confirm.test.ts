import { fileURLToPath } from 'node:url';
import type { Environment } from '@prow-deploy/environment';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { startOnTerminal, type TerminalCommand } from '../testing/terminal.ts';
import type { ConfirmOptions } from './confirm.ts';

const production: Environment = {
  name: 'production',
  directory: '/nowhere/environments/production',
  workspaceRoot: '/nowhere',
  configVersion: '1',
  namespaces: { prow: 'prow', jobs: 'jobs' },
  secrets: { source: 'generated' },
  cluster: {
    provider: 'kubeconfig',
    context: 'ibmcloud',
    identity: { uid: 'u', server: 'https://production.example:6443', caSha256: 'system' },
  },
  protection: 'confirm',
};
const question = 'Type the name of the environment to go on:';
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm-256color' };

// A process that asks as the executors do, says how that ended and waits for its parent, as they do.
function script(options: Partial<ConfirmOptions>): string[] {
  const source = JSON.stringify(fileURLToPath(new URL('confirm.ts', import.meta.url)));
  const given = JSON.stringify({ environment: production, target: 'apply', ...options });
  return [
    '-e',
    `
      const jiti = require('jiti').createJiti(${source});
      const end = (code) => { console.log('ended', code); process.exit(code); };
      const stop = new AbortController();
      process.on('SIGTERM', () => stop.abort());
      setInterval(() => {}, 1000);
      jiti.import(${source})
        .then(({ confirmEnvironment }) => confirmEnvironment({ ...${given}, signal: stop.signal }))
        .then(() => { console.log('goes on'); end(0); })
        .catch((error) => { console.log(error.name + ': ' + error.message); end(1); });
    `,
  ];
}

let command: TerminalCommand | undefined;
afterEach(() => {
  command?.kill('SIGKILL');
  command = undefined;
});
function onTerminal(
  options: Partial<ConfirmOptions> = {},
  more: Record<string, string> = {},
): TerminalCommand {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  command = startOnTerminal(process.execPath, script(options), { cwd, env: { ...env, ...more } });
  return command;
}

/** What a terminal shows in the end of what was printed, without colours and movements of the cursor. */
function seen(command: TerminalCommand): string {
  // eslint-disable-next-line no-control-regex
  return command.output().replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}

describe('on a terminal', () => {
  test('shows what is about to happen, and goes on after the name', async () => {
    const asked = onTerminal({ summary: '12 to create, 3 to change' });
    await asked.printed(question);
    asked.type('production\r');
    expect(await asked.exitCode, asked.output()).toBe(0);
    expect(seen(asked)).toContain('About to run apply of production, which is protected:');
    expect(seen(asked)).toContain('cluster  https://production.example:6443, context ibmcloud');
    expect(seen(asked)).toContain('changes  12 to create, 3 to change');
    expect(seen(asked)).toContain('goes on');
  });

  test.each(['staging', 'Production', 'productio', 'production2', 'yes', 'production '])(
    'another name than its own is refused: "%s"',
    async (name) => {
      const asked = onTerminal();
      await asked.printed(question);
      asked.type(`${name}\r`);
      expect(await asked.exitCode, asked.output()).toBe(1);
      expect(seen(asked)).toContain(
        `UnconfirmedError: Cannot run apply of production: "${name}" is not its name. Nothing was sent.`,
      );
    },
  );

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-C in the middle of the name', 'product\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s stops it, and says that nothing was sent', async (_name, keys) => {
    const asked = onTerminal({ target: 'cleanup' });
    await asked.printed(question);
    asked.type(keys);
    expect(await asked.exitCode, asked.output()).toBe(1);
    expect(seen(asked)).toContain(
      'UnconfirmedError: Cannot run cleanup of production: the question was stopped. Nothing was sent.',
    );
  });

  test('a signal stops it as well', async () => {
    const asked = onTerminal();
    await asked.printed(question);
    asked.kill('SIGTERM');
    expect(await asked.exitCode, asked.output()).toBe(1);
    expect(seen(asked)).toContain('the question was stopped. Nothing was sent.');
  });

  test('an empty line is no answer, a correction is one', async () => {
    const asked = onTerminal();
    await asked.printed(question);
    asked.type('\r\r');
    asked.type('productionn\u007f\r');
    expect(await asked.exitCode, asked.output()).toBe(0);
  });

  test('what was typed before the question is no answer to it', async () => {
    const asked = onTerminal();
    asked.type('production\r');
    await asked.printed(question);
    asked.type('other\r');
    expect(await asked.exitCode, asked.output()).toBe(1);
    expect(seen(asked)).toContain('"other" is not its name');
  });

  test('nothing is asked where the name came with the command, or another did', async () => {
    const given = onTerminal({ confirm: 'production' });
    expect(await given.exitCode).toBe(0);
    expect(given.output()).not.toContain(question);
    const other = onTerminal({ confirm: 'staging' });
    expect(await other.exitCode).toBe(1);
    expect(other.output()).not.toContain(question);
    expect(other.output()).toContain('"staging" was given');
  });

  test('nothing is asked for an environment without protection', async () => {
    const free = onTerminal({ environment: { ...production, protection: 'none' } });
    expect(await free.exitCode).toBe(0);
    expect(free.output()).not.toContain(question);
  });

  test.each([
    ['in CI', { CI: 'true' }],
    ['where Nx does not show what a task prints', { NX_TERMINAL_OUTPUT_PATH: '/dev/null' }],
  ])('nothing is asked %s', async (_name, more) => {
    const refused = onTerminal({}, more);
    expect(await refused.exitCode).toBe(1);
    expect(refused.output()).not.toContain(question);
    expect(seen(refused).replaceAll('\r\n', '')).toContain(
      'nx run production:apply --confirm=production',
    );
  });
});

test.each(['apply', 'cleanup', 'pin-cluster'] as const)(
  'without a terminal, %s says what to run',
  async (target) => {
    const { exitCode, stdout } = await execa(process.execPath, script({ target }), {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `UnconfirmedError: Cannot run ${target} of production: environments/production/environment.yaml protects it, ` +
        `and its name was not given, and there is no terminal to ask for it. If you mean it: nx run production:${target} --confirm=production`,
    );
  },
);
