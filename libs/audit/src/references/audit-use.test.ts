import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditUse } from './audit-use.ts';

const deck = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow }
spec:
  template:
    metadata: { labels: { app: deck } }
    spec:
      serviceAccountName: deck
      containers:
        - name: deck
          ports: [{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]
      volumes:
        - { name: config, configMap: { name: config } }
        - { name: token, secret: { secretName: token } }
        - { name: cache, persistentVolumeClaim: { claimName: cache } }
---
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: prow }
spec:
  selector: { app: deck }
  ports: [{ port: 80, targetPort: http }, { port: 9090 }]
`;
const made = [
  'ConfigMap config',
  'Secret token',
  'PersistentVolumeClaim cache',
  'ServiceAccount deck',
]
  .map((line) => line.split(' '))
  .map(
    ([kind, name]) =>
      `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: prow }\n`,
  );

const audit = (...documents: string[]): string[] =>
  auditUse(
    parseAllDocuments(documents.join('---\n')).map(
      (document) => document.toJS() as KubernetesObject,
    ),
  ).map(({ code, severity, message }) => `${severity} ${code}: ${message.split('.')[0] ?? ''}`);

test('what is named, and ports that a Service leads to by name or number, are no finding', () => {
  expect(audit(deck, ...made)).toEqual([]);
});

test('an object that nothing names is to be known', () => {
  expect(audit(deck, ...made, made[1]?.replace('token', 'tokken') ?? '')).toEqual([
    'info object-unused: Nothing in the render names Secret prow/tokken',
  ]);
});

test('one of the same name in another namespace is not the one that is named', () => {
  expect(
    audit(deck, ...made, made[0]?.replace('namespace: prow', 'namespace: jobs') ?? ''),
  ).toEqual(['info object-unused: Nothing in the render names ConfigMap jobs/config']);
});

test('a port that no Service leads to is to be known', () => {
  expect(audit(deck.replace(', { port: 9090 }', ''), ...made)).toEqual([
    'info port-without-service: No Service leads to port 9090 of container deck of Deployment prow/deck',
  ]);
});
