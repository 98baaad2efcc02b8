import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['deck', ['staging-deck', 'hook'], 'staging-deck'],
  ['staging-deck', ['deck', 'hook'], 'deck'],
  ['kubervirt-prow-jobs', ['kubevirt-prow', 'kubevirt-prow-jobs'], 'kubevirt-prow-jobs'],
  ['prow-job', ['prow', 'prow-jobs'], 'prow-jobs'],
  ['oaut', ['oauth', 'token'], 'oauth'],
  ['deck', ['deck-internal-service', 'my-deck'], 'my-deck'],
  ['deck', ['hook', 'tide'], undefined],
  ['config', ['pushgateway-proxy-config'], undefined],
  ['a', ['b'], undefined],
  ['x', [], undefined],
])('%s among %j is near to %s', (name, candidates, near) => {
  expect(nearestName(name, candidates)).toBe(near);
});
