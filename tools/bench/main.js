// Ratios against a peer that is measured in the same run, turn by turn: this machine's speed and load cancel out.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { ensureTool } from '@prow-deploy/toolchain';
import { auditEnvironment } from '@prow-deploy/audit';
import { readEnvironment } from '@prow-deploy/environment';
import { renderAndBuild } from './render-and-build.js';

const root = join(import.meta.dirname, '../..');
const nx = (...args) => ['node', join(root, 'node_modules/nx/dist/bin/nx.js'), ...args];
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
const note = (line) => process.stderr.write(`${line}\n`);

/** A command line, or a function of this process. */
async function run(work) {
  const start = performance.now();
  if (typeof work === 'function') await work();
  else await execa(work[0], work.slice(1), { cwd: root, env: { NX_TUI: 'false' } });
  return performance.now() - start;
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** Runs both in turn; the first turn warms up and does not count. */
async function compare({ what, ours, peer, peerName, atMost }) {
  const times = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round += 1) {
    note(`${what}: round ${round} of ${rounds}`);
    for (const [who, command] of [
      ['ours', ours],
      ['peer', peer],
    ]) {
      const took = await run(command);
      if (round > 0) times[who].push(took);
    }
  }
  const [us, them] = [median(times.ours), median(times.peer)];
  return { what, peer: peerName, ratio: us / them, atMost, oursMs: us, peerMs: them };
}

const audit = async (workspaceRoot, name) =>
  auditEnvironment(await readEnvironment({ workspaceRoot, name }));

const kustomize = await ensureTool('kustomize');
const environment = 'kubevirtci-testing';
note('applying, so that there is something to check');
await run(nx('run', `${environment}:apply`));

const noop = nx('run', 'bench:noop');
const results = [
  await compare({
    what: 'render all configs of one environment and build it, in one process',
    ours: () => renderAndBuild(root, environment),
    peer: [kustomize, 'build', join(root, 'environments', environment)],
    peerName: 'kustomize build alone',
    atMost: 1.5,
  }),
  await compare({
    what: 'the same, in a Node process that is started for it',
    ours: ['node', join(import.meta.dirname, 'render-and-build.js'), root, environment],
    peer: [kustomize, 'build', join(root, 'environments', environment)],
    peerName: 'kustomize build alone',
  }),
  await compare({
    what: 'the audit of one environment, in one process',
    ours: () => audit(root, environment),
    peer: [kustomize, 'build', join(root, 'environments', environment)],
    peerName: 'kustomize build alone',
    atMost: 3,
  }),
  await compare({
    what: 'nx run-many -t kustomize-build of three environments, nothing cached',
    ours: nx('run-many', '-t', 'kustomize-build', '--skip-nx-cache'),
    peer: noop,
    peerName: 'an Nx command with one cached no-op target',
    atMost: 2,
  }),
  await compare({
    what: 'nx run kubevirtci-testing:apply of what is applied already',
    ours: nx('run', `${environment}:apply`),
    peer: noop,
    peerName: 'an Nx command with one cached no-op target',
    atMost: 1.15,
  }),
];

if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
else {
  for (const { what, peer, ratio, atMost, oursMs, peerMs } of results) {
    process.stdout.write(
      `${ratio.toFixed(2)} ${atMost ? `(at most ${atMost})` : '(for information)'}  ${what}: ${oursMs.toFixed(0)} ms; ${peer}: ${peerMs.toFixed(0)} ms\n`,
    );
  }
}
