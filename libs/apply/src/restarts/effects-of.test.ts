import { describe as group, expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { ObjectReference } from '../object-reference.ts';
import { compareSources, type SourceChange } from './changes.ts';
import { describeEffect, effectsOf } from './effects-of.ts';
import type { Reader } from './reader.ts';

const reference = (kind: string, name: string): ObjectReference => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  namespace: 'prow',
  name,
});
const reader = (workload: string, source: string, rest: Partial<Reader>): Reader => ({
  workload: reference('Deployment', workload),
  source: reference('ConfigMap', source),
  via: 'volume',
  onChange: 'reloads',
  because: `${workload} polls it`,
  ...rest,
});
const lines = (readers: readonly Reader[], changed: readonly SourceChange[]) =>
  effectsOf(readers, changed).map(describeEffect);

const config = reference('ConfigMap', 'config');
const plugins = reference('ConfigMap', 'plugins');

group('effectsOf', () => {
  test('names the strongest effect per workload once, with all that cause it, the strongest first', () => {
    const readers = [
      reader('hook', 'config', {}),
      reader('deck', 'config', {}),
      reader('deck', 'plugins', { onChange: 'restarts', because: 'deck reads it at start only' }),
      reader('deck', 'plugins', { onChange: 'restarts', via: 'env', because: 'variables' }),
      reader('deck', 'config', { onChange: 'restarts', because: 'variables' }),
      reader('old', 'config', { onChange: 'stale', because: 'nobody restarts it' }),
    ];
    expect(lines(readers, [{ source: plugins }, { source: config }, { source: config }])).toEqual([
      'Deployment prow/deck restarts for ConfigMap prow/plugins, ConfigMap prow/config: deck reads it at start only',
      'Deployment prow/old keeps what it has for ConfigMap prow/config: nobody restarts it',
      'Deployment prow/hook reloads for ConfigMap prow/config: hook polls it',
    ]);
  });

  test('counts only the keys that are read', () => {
    const readers = [
      reader('deck', 'config', { keys: ['config.yaml'] }),
      reader('deck', 'config', { except: ['config.yaml'], onChange: 'restarts', because: 'b' }),
    ];
    const of = (...keys: string[]) => lines(readers, [{ source: config, keys }]);
    expect(of('config.yaml')).toEqual([
      'Deployment prow/deck reloads for ConfigMap prow/config: deck polls it',
    ]);
    expect(of('config.yaml', 'new.yaml')).toEqual([
      'Deployment prow/deck restarts for ConfigMap prow/config: b',
    ]);
    expect(of()).toEqual([]);
    expect(lines(readers, [{ source: config }])[0]).toContain('restarts');
    expect(lines(readers, [{ source: plugins }])).toEqual([]);
  });

  test('counts parts of a file only where they are said to differ', () => {
    const readers = [
      reader('deck', 'config', { keys: ['config.yaml'] }),
      reader('deck', 'config', {
        keys: ['config.yaml'],
        parts: ['pod_namespace', 'log_level'],
        onChange: 'restarts',
        because: 'at start only',
      }),
    ];
    const of = (parts?: SourceChange['parts']) =>
      effectsOf(readers, [
        { source: config, keys: ['config.yaml'], ...(parts === undefined ? {} : { parts }) },
      ]).map(({ onChange }) => onChange);
    expect(of()).toEqual(['reloads']);
    expect(of({ 'config.yaml': ['push_gateway'] })).toEqual(['reloads']);
    expect(of({ 'other.yaml': ['log_level'] })).toEqual(['reloads']);
    expect(of({ 'config.yaml': ['push_gateway', 'log_level'] })).toEqual(['restarts']);
  });
});

group('compareSources', () => {
  const source = (kind: string, data: unknown, field = 'data'): KubernetesObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'config', namespace: 'prow' },
    [field]: data,
  });

  test('finds the keys that differ, are new or are gone, and the parts of their files', () => {
    const before = source('ConfigMap', { a: 'log_level: info', b: 'x', c: 'pod_namespace: a' });
    const after = source('ConfigMap', { a: 'log_level: debug', b: 'x', d: '' });
    const found = compareSources(before, after);
    expect(found).toMatchObject({ source: config, keys: ['a', 'c', 'd'] });
    expect(found?.parts?.['a']).toEqual(['log_level']);
    expect(found?.parts?.['c']).toContain('pod_namespace');
  });

  test('compares what is read, not how it is written', () => {
    const before = source('Secret', { a: 'Yg==' });
    expect(compareSources(before, source('Secret', { a: 'b' }, 'stringData'))).toBeUndefined();
    expect(compareSources(before, source('Secret', { a: 'c' }, 'stringData'))?.keys).toEqual(['a']);
    const plain = source('ConfigMap', { a: 'b' });
    expect(compareSources(plain, source('ConfigMap', { a: 'Yg==' }, 'binaryData'))).toBeUndefined();
  });
});
