// Ratios against peers of the same run.
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureTool } from '@prow-deploy/toolchain';
import { auditEnvironment } from '@prow-deploy/audit';
import { readEnvironment } from '@prow-deploy/environment';
import { applyBench } from './apply-bench.js';
import { compare, note, root, run } from './measure.js';
import { rehearsalBench } from './rehearsal-bench.js';
import { renderAndBuild } from './render-and-build.js';

const nx = (...args) => ['node', join(root, 'node_modules/nx/dist/bin/nx.js'), ...args];
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: 'all' },
    counts: { type: 'string', default: '1000,5000' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const audit = async (workspaceRoot, name) =>
  auditEnvironment(await readEnvironment({ workspaceRoot, name }));

const kustomize = await ensureTool('kustomize');
const environment = 'kubevirtci-testing';
note('applying, so that there is something to check');
await run(nx('run', `${environment}:${values.only === 'apply' ? 'kustomize-build' : 'apply'}`));

async function nxBench() {
  const noop = nx('run', 'bench:noop');
  return [
    await compare({
      rounds,
      what: 'render all configs of one environment and build it, in one process',
      ours: () => renderAndBuild(root, environment),
      peer: [kustomize, 'build', join(root, 'environments', environment)],
      peerName: 'kustomize build alone',
      atMost: 1.5,
    }),
    await compare({
      rounds,
      what: 'the same, in a Node process that is started for it',
      ours: ['node', join(import.meta.dirname, 'render-and-build.js'), root, environment],
      peer: [kustomize, 'build', join(root, 'environments', environment)],
      peerName: 'kustomize build alone',
    }),
    await compare({
      rounds,
      what: 'the audit of one environment, in one process',
      ours: () => audit(root, environment),
      peer: [kustomize, 'build', join(root, 'environments', environment)],
      peerName: 'kustomize build alone',
      atMost: 3,
    }),
    await rehearsalBench({ workspaceRoot: root, kustomize, rounds }),
    await compare({
      rounds,
      what: 'nx run-many -t kustomize-build of three environments, nothing cached',
      ours: nx('run-many', '-t', 'kustomize-build', '--skip-nx-cache'),
      peer: noop,
      peerName: 'an Nx command with one cached no-op target',
      atMost: 2,
    }),
    await compare({
      rounds,
      what: 'nx run kubevirtci-testing:apply of what is applied already',
      ours: nx('run', `${environment}:apply`),
      peer: noop,
      peerName: 'an Nx command with one cached no-op target',
      atMost: 1.15,
    }),
  ];
}

const results = [
  ...(values.only === 'apply' ? [] : await nxBench()),
  ...(values.only === 'nx'
    ? []
    : await applyBench({
        spec: (await readEnvironment({ workspaceRoot: root, name: environment })).cluster,
        manifest: join(root, 'dist', environment, 'prow-deploy.yaml'),
        rounds,
        counts: values.counts.split(',').filter(Boolean).map(Number),
      })),
];

if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
else {
  for (const { what, peer, ratio, atMost, oursMs, peerMs } of results) {
    process.stdout.write(
      `${ratio.toFixed(2)} ${atMost ? `(at most ${atMost})` : '(for information)'}  ${what}: ${oursMs.toFixed(0)} ms; ${peer}: ${peerMs.toFixed(0)} ms\n`,
    );
  }
}
