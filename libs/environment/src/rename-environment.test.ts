import { describe, expect, test } from 'vitest';
import { domainOf, renameEnvironment } from './rename-environment.ts';

const from = {
  name: 'testing',
  namespaces: { prow: 'prow', jobs: 'prow-jobs' },
  domain: 'prowdeploy.ci',
};
const to = {
  name: 'canary',
  namespaces: { prow: 'canary-prow', jobs: 'prow' },
  domain: 'canary.prowdeploy.ci',
};

describe('renameEnvironment', () => {
  test.each([
    ['namespace: prow', 'namespace: canary-prow'],
    ['namespace: prow-jobs', 'namespace: prow'],
    ['bucket: gs://prow', 'bucket: gs://canary-prow'],
    ['path: /var/cache/prow/x', 'path: /var/cache/canary-prow/x'],
    [
      'url: https://deck.prowdeploy.ci/view/gs/prow\n',
      'url: https://deck.canary.prowdeploy.ci/view/gs/canary-prow\n',
    ],
    ['source: ~/testing', 'source: ~/canary'],
    [
      'kind: ProwJob # prowjobs, my-prow, prow_x, prowdeployxci',
      'kind: ProwJob # prowjobs, my-prow, prow_x, prowdeployxci',
    ],
  ])('%j → %j', (before, after) => {
    expect(renameEnvironment(before, from, to)).toBe(after);
  });
});

test.each([
  [['deck.prowdeploy.ci', 'hook.prowdeploy.ci'], 'prowdeploy.ci'],
  [['deck.prowdeploy.ci'], 'prowdeploy.ci'],
  [['a.example', 'b.test'], undefined],
  [[], undefined],
])('domainOf %j is %j', (hosts, domain) => {
  expect(domainOf(hosts)).toBe(domain);
});
