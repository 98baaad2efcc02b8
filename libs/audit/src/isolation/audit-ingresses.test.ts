import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditIngresses } from './audit-ingresses.ts';

interface Rule {
  readonly host?: string;
  readonly path?: string;
  readonly pathType?: string;
}

function ingress(
  name: string,
  rules: readonly Rule[],
  {
    ingressClassName,
    annotations = {},
  }: { ingressClassName?: string; annotations?: Record<string, string> } = {},
): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'prow', annotations },
    spec: {
      ingressClassName,
      rules: rules.map(({ host, ...path }) => ({ host, http: { paths: [path] } })),
    },
  };
}

const hook: Rule = { host: 'a.org', path: '/hook', pathType: 'Prefix' };

describe('One host and path', () => {
  it.each<[string, KubernetesObject[]]>([
    ['of two Ingresses', [ingress('a', [hook]), ingress('b', [hook])]],
    ['of two rules of one', [ingress('b', [hook, hook])]],
    [
      'with a slash at the end',
      [ingress('a', [hook]), ingress('b', [{ ...hook, path: '/hook/' }])],
    ],
    [
      'with the host in capitals',
      [ingress('a', [hook]), ingress('b', [{ ...hook, host: 'A.org' }])],
    ],
    [
      'of a class and of the default class',
      [ingress('a', [hook], { ingressClassName: 'nginx' }), ingress('b', [hook])],
    ],
    [
      'of a class that one says in an annotation',
      [
        ingress('a', [hook], { ingressClassName: 'nginx' }),
        ingress('b', [hook], { annotations: { 'kubernetes.io/ingress.class': 'nginx' } }),
      ],
    ],
    ['of any host', [ingress('a', [{ path: '/hook' }]), ingress('b', [{ path: '/hook' }])]],
  ])('%s is claimed twice', (_, objects) => {
    expect(auditIngresses(objects)).toMatchObject([
      { code: 'ingress-claimed-twice', severity: 'error', object: 'Ingress prow/b' },
    ]);
  });

  it.each<[string, KubernetesObject[]]>([
    ['of two paths', [ingress('a', [hook]), ingress('b', [{ ...hook, path: '/hooks' }])]],
    ['of two hosts', [ingress('a', [hook]), ingress('b', [{ ...hook, host: 'b.org' }])]],
    [
      'of two classes',
      [
        ingress('a', [hook], { ingressClassName: 'x' }),
        ingress('b', [hook], { ingressClassName: 'y' }),
      ],
    ],
    [
      'exactly and as a prefix',
      [ingress('a', [hook]), ingress('b', [{ ...hook, pathType: 'Exact' }])],
    ],
    ['of a host and of any', [ingress('a', [hook]), ingress('b', [{ path: '/hook' }])]],
    [
      'of a canary',
      [
        ingress('a', [hook]),
        ingress('b', [hook], { annotations: { 'nginx.ingress.kubernetes.io/canary': 'true' } }),
      ],
    ],
  ])('%s is not', (_, objects) => {
    expect(auditIngresses(objects)).toEqual([]);
  });

  it('that is everything is a warning', () => {
    expect(auditIngresses([ingress('a', [{}]), ingress('b', [{ path: '/' }])])).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringContaining('Claims */, which Ingress prow/a') as string,
      },
    ]);
  });
});
