import { describe, expect, test } from 'vitest';
import { fillPlaceholders } from './fill-placeholders.ts';
import { nameSuffix } from './name-suffix.ts';
import { holdsPlaceholder, parsePlaceholder, placeholder } from './placeholder.ts';

const hmac = placeholder({ environment: 'a', source: 'hmac-token/hmac' });
const password = placeholder({ environment: 'a', source: 'docker/env', key: 'password' });
const values = new Map([
  [hmac, Buffer.from([0, 255, 10])],
  [password, Buffer.from('pass=word')],
]);
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const secret = (fields: object, name = 's') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'p' },
  type: 'Opaque',
  ...fields,
});

describe('a placeholder', () => {
  test('says environment, secret and key, and is read back', () => {
    expect(hmac).toBe('<<SECRET a hmac-token/hmac>>');
    expect(password).toBe('<<SECRET a docker/env#password>>');
    expect(parsePlaceholder(password)).toEqual({
      environment: 'a',
      source: 'docker/env',
      key: 'password',
    });
    expect(parsePlaceholder(`x${hmac}`)).toBeUndefined();
    expect(parsePlaceholder('<<FILL: it>>')).toBeUndefined();
  });

  test('is found in any text, and in base64 at each of the three offsets', () => {
    for (const before of ['', 'x', 'xy', 'xyz']) {
      expect(holdsPlaceholder(`${before}${hmac}`)).toBe(true);
      expect(holdsPlaceholder(base64(`${before}${hmac} and more`))).toBe(true);
      expect(holdsPlaceholder(base64(`${before}a value`))).toBe(false);
    }
  });
});

describe('fillPlaceholders', () => {
  test('puts the bytes into copies; what has no placeholder stays the same object or value', () => {
    const objects = [
      secret({ data: { hmac: base64(hmac), own: base64('kept') } }),
      secret({ data: { password: base64(password) } }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } },
    ];
    const before = JSON.stringify(objects);
    const filled = fillPlaceholders(objects, values);
    expect(filled).toEqual([
      secret({ data: { hmac: base64(Buffer.from([0, 255, 10])), own: base64('kept') } }),
      secret({ data: { password: base64('pass=word') } }),
      objects[2],
    ]);
    expect(filled[2]).toBe(objects[2]);
    expect(JSON.stringify(objects)).toBe(before);
  });

  test('a value of stringData joins the data, binary or not; other texts there stay', () => {
    const object = secret({ stringData: { hmac, password, own: 'kept' } });
    expect(fillPlaceholders([object], values)).toEqual([
      secret({
        data: { hmac: base64(Buffer.from([0, 255, 10])), password: base64('pass=word') },
        stringData: { own: 'kept' },
      }),
    ]);
  });

  test('a name that has the suffix of its content gets that of its real content, wherever it stands', () => {
    const rendered = secret({ data: { password: base64(password) } });
    const name = `docker-${nameSuffix(rendered)}`;
    const real = `docker-${nameSuffix(secret({ data: { password: base64('pass=word') } }))}`;
    expect(real).not.toBe(name);
    const pod = {
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { args: [`--secret=${name}`], secretName: name },
    };
    const filled = fillPlaceholders([{ ...rendered, metadata: { name } }, pod], values);
    expect(filled[0]).toMatchObject({ metadata: { name: real } });
    expect(filled[1]).toEqual({ ...pod, spec: { args: [`--secret=${real}`], secretName: real } });
  });

  test.each([
    [
      'of another environment',
      secret({ data: { k: base64('<<SECRET b hmac-token/hmac>>') } }),
      'Cannot fill Secret p/s, key k: nothing is known for <<SECRET b hmac-token/hmac>>',
    ],
    [
      'in stringData without a value',
      secret({ stringData: { k: '<<SECRET a gone>>' } }),
      'nothing is known for <<SECRET a gone>>',
    ],
    [
      'in a ConfigMap',
      { kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: `x ${hmac}` } },
      `${hmac} stands outside of a Secret's data`,
    ],
    [
      'in base64 in a ConfigMap',
      { kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: base64(`xy${hmac}`) } },
      "a placeholder in base64 stands outside of a Secret's data",
    ],
    [
      'as a part of a value',
      secret({ data: { k: base64(`https://${hmac}@host`) } }),
      'is only part of a value',
    ],
    [
      "in a Secret's annotation",
      secret({ metadata: { name: 's', annotations: { a: hmac } } }),
      "stands outside of a Secret's data",
    ],
  ])('one %s is an error', (_name, object, message) => {
    expect(() => fillPlaceholders([object], values)).toThrow(message);
  });
});
