// What an apply costs beside kubectl, whole process against whole process, on an embedded cluster of its own.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { clusterDown, clusterReset, clusterUp } from '@prow-deploy/cluster';
import { ensureTool } from '@prow-deploy/toolchain';
import { parseAllDocuments, stringify } from 'yaml';
import { manyObjects } from './many-objects.js';
import { compare, note } from './measure.js';

const script = join(import.meta.dirname, 'apply-manifest.js');

/** Measures the applies; `manifest` is what kustomize-build left of an environment, `spec` its cluster. */
export async function applyBench({ manifest, spec, rounds, counts }) {
  const folder = await mkdtemp(join(tmpdir(), 'prow-deploy-bench-'));
  const options = { environment: 'bench', workspaceRoot: folder, spec };
  const kubectl = await ensureTool('kubectl');
  try {
    const { kubeconfig } = await clusterUp(options);
    const bench = { folder, kubectl: [kubectl, '--kubeconfig', kubeconfig] };
    const text = await readFile(manifest, 'utf8');
    const results = [await firstBench(bench, text, rounds)];
    // Its nodes are full of pods.
    await clusterReset(options);
    results.push(...(await appliedBench(bench, text, rounds)));
    for (const count of counts) {
      await clusterReset(options);
      results.push(...(await manyBench(bench, count)));
    }
    return results;
  } finally {
    await clusterDown(options);
    await rm(folder, { recursive: true, force: true });
  }
}

const ours = ({ folder }, verb, file, namespace) => [
  process.execPath,
  script,
  verb,
  folder,
  file,
  namespace,
];

async function variant({ folder }, manifest, name) {
  const { text, namespace } = renamed(manifest, name);
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, text);
  return { file, namespace };
}

const kubectlApply = ({ kubectl }, file) => [...kubectl, 'apply', '--server-side', '-f', file];

function firstBench(bench, manifest, rounds) {
  return compare({
    what: 'first apply of an environment, without waiting for workloads',
    ours: async (round) => {
      const { file, namespace } = await variant(bench, manifest, `ours${round}`);
      return ours(bench, 'apply', file, namespace);
    },
    peer: async (round) => {
      const { file } = await variant(bench, manifest, `peer${round}`);
      return kubectlApply(bench, file);
    },
    peerName: 'kubectl apply --server-side',
    atMost: 0.65,
    rounds: Math.min(rounds, 5),
    before: () => quiet(bench.kubectl),
  });
}

async function appliedBench(bench, manifest, rounds) {
  const { kubectl } = bench;
  const same = await variant(bench, manifest, 'same');
  const theirs = await variant(bench, manifest, 'theirs');
  await execa(process.execPath, ours(bench, 'settle', same.file, same.namespace).slice(1));
  const [program, ...args] = kubectlApply(bench, theirs.file);
  await execa(program, args);
  await quiet(kubectl);
  const again = await compare({
    what: 'apply of what is applied already',
    ours: ours(bench, 'settle', same.file, same.namespace),
    peer: kubectlApply(bench, theirs.file),
    peerName: 'kubectl apply --server-side',
    atMost: 0.25,
    rounds,
  });
  const diff = await compare({
    what: 'diff of what is applied already',
    ours: ours(bench, 'diff', same.file, same.namespace),
    peer: [...kubectl, 'diff', '--server-side', '-f', theirs.file],
    peerName: 'kubectl diff --server-side',
    atMost: 0.4,
    rounds,
  });
  const fingerprint = await compare({
    what: 'fingerprint of an environment',
    ours: ours(bench, 'fingerprint', same.file, same.namespace),
    peer: [process.execPath, '-e', '0'],
    peerName: 'a Node process that does nothing',
    rounds,
  });
  const beyond = fingerprint.oursMs - fingerprint.peerMs;
  fingerprint.what += ` (${beyond.toFixed(0)} ms beyond the start of a process, at most 100)`;
  return [again, diff, fingerprint];
}

async function manyBench(bench, count) {
  const { folder, kubectl } = bench;
  const rounds = 3;
  const place = (namespace) => ({ file: join(folder, `${namespace}.yaml`), namespace });
  const manifest = async (namespace) => {
    await writeFile(place(namespace).file, manyObjects(count, namespace));
    return place(namespace);
  };
  let memory = 0;
  const mineBy =
    (verb, { file, namespace }) =>
    async () => {
      const [node, ...args] = ours(bench, verb, file, namespace);
      const { stdout } = await execa(node, args);
      memory = Math.max(memory, JSON.parse(stdout.trim().split('\n').at(-1)).maxRssKb / 1024);
    };
  const first = await compare({
    what: `first apply of ${count} objects, without waiting for workloads`,
    ours: async (round) => mineBy('apply', await manifest(`many-${count}-${round}`)),
    peer: async (round) => kubectlApply(bench, (await manifest(`peer-${count}-${round}`)).file),
    peerName: 'kubectl apply --server-side',
    ...(count >= 5000 && { atMost: 0.35 }),
    rounds,
    before: () => quiet(kubectl),
  });
  const [mine, theirs] = [place(`many-${count}-${rounds}`), place(`peer-${count}-${rounds}`)];
  await mineBy('settle', mine)();
  await quiet(kubectl);
  first.what += ` (${memory.toFixed(0)} MB, at most 300)`;
  const again = await compare({
    what: `apply of ${count} objects that are applied already`,
    ours: mineBy('settle', mine),
    peer: kubectlApply(bench, theirs.file),
    peerName: 'kubectl apply --server-side',
    atMost: 0.12,
    rounds: 1,
  });
  return [first, again];
}

// Waits until the controllers have little to do, so that they take no time from what is measured. Pods that cannot be
// scheduled are tried again and again: no longer than 15 s.
async function quiet([kubectl, ...args]) {
  const end = performance.now() + 15_000;
  for (let calm = 0, last = ''; calm < 2 && performance.now() < end;) {
    const columns = 'custom-columns=V:.metadata.resourceVersion';
    const { stdout } = await execa(kubectl, [
      ...args,
      ...['get', 'deployments,replicasets,pods', '--all-namespaces', '--no-headers', '-o', columns],
    ]);
    calm = stdout === last ? calm + 1 : 0;
    last = stdout;
    if (calm < 2) await sleep(700);
  }
  note('the cluster is quiet');
}

/** The same manifest under other names, so that it can be applied for the first time again. */
function renamed(manifest, suffix) {
  const objects = parseAllDocuments(manifest).map((document) => document.toJS());
  const names = objects
    .filter(({ metadata, kind }) => !metadata.namespace && kind !== 'CustomResourceDefinition')
    .map(({ metadata }) => metadata.name);
  let text = objects
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .map((object) => stringify(object))
    .join('---\n');
  for (const name of names) {
    text = text.replaceAll(
      new RegExp(`(\\b[a-zA-Z]*[nN]ame(?:space)?: )${name}$`, 'gm'),
      `$1${name}-${suffix}`,
    );
  }
  const namespace = objects.find(({ kind }) => kind === 'Deployment').metadata.namespace;
  return { text, namespace: `${namespace}-${suffix}` };
}
