import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { hurryPods } from './hurry-pods.ts';

const testCluster = useTestCluster('hurry-pods');

test('a pod that is being deleted gets less time to end, and no other', async () => {
  const cluster = testCluster();
  const path = '/api/v1/namespaces/default/pods';
  for (const name of ['going', 'staying']) {
    // Of a node that is not there, so that nobody ends it.
    const spec = {
      nodeName: 'nowhere',
      terminationGracePeriodSeconds: 300,
      containers: [{ name, image: 'nginx:1' }],
    };
    await cluster.request({ method: 'POST', path, body: { metadata: { name }, spec } });
  }
  const metadataOf = async (name: string) => {
    const { body } = await cluster.request({ path: `${path}/${name}` });
    return (body as { metadata: Record<string, unknown> }).metadata;
  };
  await cluster.request({ method: 'DELETE', path: `${path}/going` });
  expect(await metadataOf('going')).toMatchObject({ deletionGracePeriodSeconds: 300 });

  const stop = new AbortController();
  const hurrying = hurryPods({
    cluster,
    namespaces: ['default', 'absent'],
    graceSeconds: 2,
    signal: stop.signal,
  });
  await expect.poll(() => metadataOf('going')).toMatchObject({ deletionGracePeriodSeconds: 2 });
  stop.abort();
  await hurrying;
  expect(await metadataOf('staying')).not.toHaveProperty('deletionTimestamp');
  const body = { gracePeriodSeconds: 0 };
  for (const name of ['going', 'staying']) {
    await cluster.request({ method: 'DELETE', path: `${path}/${name}`, body });
  }
});
