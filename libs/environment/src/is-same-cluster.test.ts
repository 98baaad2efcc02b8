import { expect, test } from 'vitest';
import type { KubeconfigCluster } from './environment.ts';
import { isSameCluster } from './is-same-cluster.ts';

const production: KubeconfigCluster = { provider: 'kubeconfig', context: 'prow' };
const pinned = (uid: string, server = 'https://a'): KubeconfigCluster => ({
  ...production,
  identity: { uid, server, caSha256: 'system' },
});

test('two clusters that are pinned are one where their uid is, by whatever address', () => {
  expect(isSameCluster(pinned('1'), { ...pinned('1', 'https://b'), context: 'vpn' })).toBe(true);
  expect(isSameCluster(pinned('1'), pinned('2'))).toBe(false);
});

test('where one is not pinned, the kubeconfig and the context decide', () => {
  expect(isSameCluster(pinned('1'), production)).toBe(true);
  expect(isSameCluster(production, { ...production })).toBe(true);
  expect(isSameCluster(pinned('1'), { ...production, context: 'other' })).toBe(false);
  expect(isSameCluster(production, { ...production, kubeconfig: '~/other' })).toBe(false);
});

test('an embedded cluster is none that a kubeconfig leads to', () => {
  expect(isSameCluster({ provider: 'embedded', nodes: [] }, production)).toBe(false);
});
