import { describe, expect, test } from 'vitest';
import type { Component } from './component.ts';
import { debugPod } from './debug-pod.ts';
import type { Container } from './pod.ts';

const container: Container = {
  name: 'deck',
  image: 'registry.example.org/deck:v1',
  args: ['--config-path=/etc/config/config.yaml'],
  env: [{ name: 'A', value: 'b' }],
  volumeMounts: [{ name: 'config', mountPath: '/etc/config', readOnly: true }],
  livenessProbe: { httpGet: { path: '/healthz', port: 8081 } },
  readinessProbe: { httpGet: { path: '/healthz/ready', port: 8081 } },
};

const podOf = (memory?: string, options: { image?: string; node?: string } = {}) => {
  const resources = memory === undefined ? {} : { resources: { limits: { memory, cpu: '1' } } };
  const component: Component = {
    name: 'deck',
    namespace: 'prow',
    container,
    template: {
      metadata: { labels: { app: 'deck' }, annotations: { why: 'because' } },
      spec: {
        serviceAccountName: 'deck',
        restartPolicy: 'Always',
        containers: [
          { ...container, ...resources },
          { name: 'sidecar', image: 's' },
        ],
        volumes: [{ name: 'config', configMap: { name: 'config' } }],
      },
    },
  };
  return debugPod({
    component,
    name: 'debug-deck',
    debugger: 'me',
    deadlineSeconds: 60,
    ...options,
  });
};

describe('the pod of a session', () => {
  test('has the identity, mounts, arguments and variables of the component', () => {
    const { spec, metadata } = podOf();
    expect(spec).toMatchObject({
      serviceAccountName: 'deck',
      volumes: [{ name: 'config', configMap: { name: 'config' } }],
    });
    const { image, args, env, volumeMounts, readinessProbe } = container;
    expect(spec.containers[0]).toMatchObject({ image, args, env, volumeMounts, readinessProbe });
    expect(spec.containers[1]).toEqual({ name: 'sidecar', image: 's' });
    expect(metadata.annotations).toMatchObject({ why: 'because' });
  });

  test('is selected by nothing, ends with its program, and is not killed for not answering', () => {
    const { spec, metadata } = podOf();
    expect(metadata.labels).toEqual({ 'prow-deploy.kubevirt.io/debug': 'deck' });
    expect(spec).toMatchObject({ restartPolicy: 'Never', activeDeadlineSeconds: 60 });
    expect(spec.containers[0]?.['livenessProbe']).toBeUndefined();
  });

  test.each([
    ['64Mi', '1Gi'],
    ['1e6', '1Gi'],
    ['1Gi', '1Gi'],
    ['4Gi', '4Gi'],
    ['1500M', '1500M'],
  ])('may take at least 1Gi: %s becomes %s', (before, after) => {
    expect(podOf(before).spec.containers[0]?.resources?.limits).toEqual({
      memory: after,
      cpu: '1',
    });
  });

  test('has no limit of memory where the component has none', () => {
    expect(podOf().spec.containers[0]?.resources).toEqual({});
  });

  test('runs another image where one is given, and is on the node that is asked for', () => {
    const { spec } = podOf(undefined, { image: 'mine', node: 'node01' });
    expect(spec.containers.map(({ image }) => image)).toEqual(['mine', 's']);
    expect(JSON.stringify(spec['affinity'])).toContain('"values":["node01"]');
  });
});
