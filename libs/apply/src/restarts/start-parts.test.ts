import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readConfigDocument, START_PARTS, type StartPart, startPart } from './start-parts.ts';

const CONFIG = `
disabled_clusters: [a]
log_level: info
pod_namespace: jobs
prowjob_namespace: jobs
push_gateway: { endpoint: http://a, interval: 1m }
horologium: { tick_interval: 1m }
tide:
  sync_period: 2m
  merge_method: { kubevirt/kubevirt: merge }
  queries: [{ repos: [kubevirt/kubevirt], labels: [lgtm] }]
deck:
  tide_update_period: 1s
  spyglass:
    lenses: [{ lens: { name: junit }, required_files: [a] }]
presubmits: { kubevirt/kubevirt: [{ name: a }] }
plugins: { kubevirt/kubevirt: { plugins: [lgtm] } }
`;

const changes: [part: StartPart, before: string, after: string][] = [
  ['disabled_clusters', '[a]', '[b]'],
  ['log_level', 'info', 'debug'],
  ['pod_namespace', 'pod_namespace: jobs', 'pod_namespace: other'],
  ['prowjob_namespace', 'prowjob_namespace: jobs', 'prowjob_namespace: other'],
  ['push_gateway', 'interval: 1m', 'interval: 2m'],
  ['horologium.tick_interval', 'tick_interval: 1m', 'tick_interval: 2m'],
  ['tide.sync_period', 'sync_period: 2m', 'sync_period: 3m'],
  ['deck.spyglass.lenses', 'name: junit', 'name: coverage'],
  ['the list of repositories', 'repos: [kubevirt/kubevirt]', 'repos: [kubevirt/other]'],
  ['the list of repositories', 'presubmits: { kubevirt/kubevirt', 'presubmits: { kubevirt/other'],
  ['whether bugzilla or jira is enabled', 'plugins: [lgtm]', 'plugins: [lgtm, jira]'],
  ['whether bugzilla or jira is enabled', '{ plugins: [lgtm] }', '[bugzilla]'],
];

test('each part has a change that is tried here', () => {
  expect(new Set(changes.map(([part]) => part))).toEqual(new Set(START_PARTS));
});

test.each(changes)('%s changes from %s to %s, and nothing else does', (part, before, after) => {
  expect(differing(CONFIG, CONFIG.replace(before, after))).toEqual([part]);
});

test.each([
  ['merge_method: { kubevirt/kubevirt: merge }', 'merge_method: { kubevirt/kubevirt: squash }'],
  ['required_files: [a]', 'required_files: [b]'],
  ['tide_update_period: 1s', 'tide_update_period: 2s'],
  ['[{ name: a }]', '[{ name: b }]'],
  ['endpoint: http://a, interval: 1m', 'interval: 1m, endpoint: http://a'],
  ['log_level: info', 'log_level: info # chatty'],
])('%s may become %s', (before, after) => {
  const changed = CONFIG.replace(before, after);
  expect(changed).not.toBe(CONFIG);
  expect(differing(CONFIG, changed)).toEqual([]);
});

test('a file may come in gzip', () => {
  const zipped = readConfigDocument(gzipSync(CONFIG));
  const plain = readConfigDocument(Buffer.from(CONFIG));
  for (const part of START_PARTS) expect(startPart(zipped, part)).toBe(startPart(plain, part));
});

test('a file that is no YAML mapping counts as a whole', () => {
  expect(differing('- a', '- b')).toEqual([...START_PARTS]);
  expect(differing('a: [', 'a: {')).toEqual([...START_PARTS]);
  expect(differing('', '# nothing\n')).toEqual([]);
  expect(differing('\x1f\x8b no gzip', '\x1f\x8b no gzip')).toEqual([]);
});

function differing(before: string, after: string): StartPart[] {
  const [one, other] = [before, after].map((text) =>
    readConfigDocument(Buffer.from(text, 'latin1')),
  );
  if (one === undefined || other === undefined) throw new Error('Two texts make two documents.');
  return START_PARTS.filter((part) => startPart(one, part) !== startPart(other, part));
}
