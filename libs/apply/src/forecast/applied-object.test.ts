import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { appliedObject } from './applied-object.ts';

/** An object whose fields are owned by us, and by another. */
function owned(spec: string, own: string, others = ''): KubernetesObject {
  const entry = (manager: string, operation: string, fields: string) => ({
    manager,
    operation,
    fieldsV1: { 'f:spec': parse(fields) as unknown },
  });
  const managedFields = [
    ...(own === '' ? [] : [entry('prow-deploy', 'Apply', own)]),
    ...(others === '' ? [] : [entry('another', 'Update', others)]),
    { manager: 'kubelet', operation: 'Update', subresource: 'status', fieldsV1: { 'f:spec': {} } },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Example',
    metadata: { name: 'a', managedFields },
    spec: parse(spec) as unknown,
  };
}

function next(spec: string): KubernetesObject {
  const metadata = { name: 'a' };
  return { apiVersion: 'v1', kind: 'Example', metadata, spec: parse(spec) as unknown };
}

const cases: [title: string, live: KubernetesObject, spec: string, expected: string][] = [
  [
    'what is applied is put in, what nobody owns stays',
    owned('{ a: 1, defaulted: 2 }', '{ "f:a": {} }'),
    '{ a: 3, b: 4 }',
    '{ a: 3, b: 4, defaulted: 2 }',
  ],
  [
    'what we applied and no longer do is taken out',
    owned('{ a: 1, b: 2 }', '{ "f:a": {}, "f:b": {} }'),
    '{ a: 1 }',
    '{ a: 1 }',
  ],
  [
    'with all that is in it',
    owned('{ a: { b: 1, defaulted: 2 }, c: 3 }', '{ "f:a": { "f:b": {} }, "f:c": {} }'),
    '{ c: 3 }',
    '{ c: 3 }',
  ],
  [
    'unless another owns it too',
    owned('{ a: 1, b: 2 }', '{ "f:a": {}, "f:b": {} }', '{ "f:b": {} }'),
    '{ a: 1 }',
    '{ a: 1, b: 2 }',
  ],
  [
    'or a part of it',
    owned(
      '{ a: { b: 1, c: 2, d: 3 } }',
      '{ "f:a": { "f:b": {}, "f:c": {} } }',
      '{ "f:a": { "f:c": {} } }',
    ),
    '{ e: 4 }',
    '{ a: { c: 2 }, e: 4 }',
  ],
  [
    'a null takes nothing away that we do not own',
    owned('{ a: 1, defaulted: { b: 2 } }', '{ "f:a": {} }'),
    '{ a: 1, defaulted: null }',
    '{ a: 1, defaulted: { b: 2 } }',
  ],
  [
    'a mapping that is taken as a whole is replaced',
    owned('{ a: { b: 1, c: 2 } }', '{ "f:a": {} }'),
    '{ a: { b: 3 } }',
    '{ a: { b: 3 } }',
  ],
  [
    'a list that is taken as a whole is replaced',
    owned('{ a: [{ name: x, defaulted: 1 }] }', '{ "f:a": {} }'),
    '{ a: [{ name: y }] }',
    '{ a: [{ name: y }] }',
  ],
  [
    'items are told apart by their keys, and those of others keep their place',
    owned(
      '{ a: [{ port: 1, protocol: TCP, defaulted: 1 }, { port: 2, protocol: TCP }, { port: 3, protocol: TCP }] }',
      '{ "f:a": { "k:{\\"port\\":1,\\"protocol\\":\\"TCP\\"}": { ".": {}, "f:port": {} }, "k:{\\"port\\":3,\\"protocol\\":\\"TCP\\"}": { ".": {}, "f:port": {} } } }',
      '{ "f:a": { "k:{\\"port\\":2,\\"protocol\\":\\"TCP\\"}": { ".": {}, "f:port": {} } } }',
    ),
    '{ a: [{ port: 1, more: 5 }, { port: 4 }] }',
    '{ a: [{ port: 1, protocol: TCP, defaulted: 1, more: 5 }, { port: 2, protocol: TCP }, { port: 4 }] }',
  ],
  [
    'a set keeps what others put in',
    owned(
      '{ a: [x, y, z] }',
      '{ "f:a": { "v:\\"x\\"": {}, "v:\\"y\\"": {} } }',
      '{ "f:a": { "v:\\"z\\"": {} } }',
    ),
    '{ a: [y, w] }',
    '{ a: [y, w, z] }',
  ],
  [
    'without owners, items are told apart by their names',
    owned('{ a: [{ name: x, defaulted: 1 }] }', ''),
    '{ a: [{ name: x, b: 2 }] }',
    '{ a: [{ name: x, defaulted: 1, b: 2 }] }',
  ],
  [
    'without owners, a selector is taken as a whole',
    owned('{ selector: { matchLabels: { a: b, c: d } } }', ''),
    '{ selector: { matchLabels: { a: b } } }',
    '{ selector: { matchLabels: { a: b } } }',
  ],
];

test.each(cases)('%s', (_title, live, spec, expected) => {
  expect(appliedObject(live, next(spec))['spec']).toEqual(parse(expected));
});
