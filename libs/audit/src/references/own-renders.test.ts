import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { readEnvironment, renderConfigs, writeConfigs } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { auditObjects } from '../objects/audit-objects.ts';
import type { Fields } from '../objects/fields.ts';
import { auditReferences } from './audit-references.ts';

const workspace = resolve(import.meta.dirname, '../../../..');
const environments = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'] as const;

let root: string;
const renders = new Map<string, readonly KubernetesObject[]>();

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'audit-references-test-')));
  for (const folder of ['environments', 'kustom-base', 'vendor']) {
    const filter = (path: string) => !['configs', 'secrets'].includes(basename(path));
    const generated = folder === 'environments' ? { filter } : {};
    await cp(join(workspace, folder), join(root, folder), { recursive: true, ...generated });
  }
  for (const name of environments) {
    const environment = await readEnvironment({ workspaceRoot: root, name });
    await writeConfigs(environment, await renderConfigs(environment));
    const { manifest } = await buildEnvironment(environment);
    renders.set(
      name,
      parseAllDocuments(manifest).map((document) => document.toJS() as KubernetesObject),
    );
  }
}, 600_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const render = (name: string) => renders.get(name) ?? [];

describe.each(environments)('%s', (name) => {
  test('has nothing to find', () => {
    const objects = render(name);
    expect(objects.length).toBeGreaterThan(100);
    expect(auditReferences(objects)).toEqual([]);
    expect(auditObjects(objects)).toEqual([]);
  });

  test('each object that others name, taken away, is in a finding', () => {
    const objects = render(name);
    const referenced = objects.filter((object) => isNamed(object, objects));
    const kinds = new Set(referenced.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(expect.arrayContaining(KINDS.filter(isIn(objects))));
    const missed = referenced.filter((object) => !isFound(object, objects, [object]));
    expect(missed.map(describeObject)).toEqual([]);
  });

  test('so are several at once, drawn with a seed', () => {
    const seed = 20261123;
    const random = generator(seed);
    const objects = render(name);
    const referenced = objects.filter((object) => isNamed(object, objects));
    for (let round = 0; round < 25; round++) {
      const removed = referenced.filter(() => random() < 0.08);
      // Where all that name an object are gone as well, there is nothing to find.
      const left = objects.filter((object) => !removed.includes(object));
      const missed = removed
        .filter((object) => isNamed(object, left))
        .filter((object) => !isFound(object, objects, removed));
      expect(missed.map(describeObject), `seed ${seed}, round ${round}`).toEqual([]);
    }
  });

  test('each key that a container reads by its path, taken away, is in a finding', () => {
    const objects = render(name);
    const paths = objects.flatMap((object) => keysReadByPath(object, objects));
    expect(paths.length).toBeGreaterThan(5);
    for (const { object, key } of paths) {
      const data = Object.fromEntries(
        Object.entries(object['data'] as object).filter(([other]) => other !== key),
      );
      const changed = objects.map((each) => (each === object ? { ...each, data } : each));
      const found = auditReferences(changed);
      const where = `${describeObject(object)} without ${key}`;
      expect(new Set(found.map(({ code }) => code)), where).toEqual(new Set(['absent-key']));
      for (const { message } of found) {
        expect(message).toContain(`/${key} `);
        expect(message).toContain(describeObject(object));
      }
    }
  });
});

test('objects that are damaged anywhere are audited all the same', () => {
  const seed = 7;
  const random = generator(seed);
  const damages = [null, '', 'x', 7, true, [], [null], ['x'], {}, { name: 5 }, [{ name: null }]];
  const pick = <Item>(list: readonly Item[]) => list[Math.floor(random() * list.length)];
  const damage = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || random() < 0.1) return pick(damages);
    const key = pick(Object.keys(value));
    if (key === undefined) return pick(damages);
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Fields;
    return Object.assign(copy, { [key]: damage((value as Fields)[key]) });
  };
  const objects = render('kubevirtci-testing');
  for (let round = 0; round < 60; round++) {
    const damaged = objects.map((object) => damage(object) as KubernetesObject);
    const audit = () => [...auditReferences(damaged), ...auditObjects(damaged)];
    expect(audit, `seed ${seed}, round ${round}`).not.toThrow();
  }
});

test('a whole environment is audited in a moment', () => {
  const objects = render('kubevirtci-testing');
  const times = Array.from({ length: 10 }, () => {
    const before = process.cpuUsage();
    auditReferences(objects);
    auditObjects(objects);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});

const KINDS = [
  'ClusterRole',
  'ConfigMap',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Role',
  'Secret',
  'Service',
  'ServiceAccount',
];

const isIn = (objects: readonly KubernetesObject[]) => (kind: string) =>
  objects.some((object) => object.kind === kind);

// How objects of a kind are named in JSON: told apart from the rules under test by being crude.
const NAMED: Readonly<Record<string, (name: string) => string>> = {
  ClusterRole: (name) => `"kind":"ClusterRole","name":"${name}"}`,
  ConfigMap: (name) => `"configMap":\\{"name":"${name}"`,
  Namespace: (name) => `"namespace":"${name}"`,
  PersistentVolume: (name) => `"volumeName":"${name}"`,
  PersistentVolumeClaim: (name) => `"claimName":"${name}"`,
  Role: (name) => `"kind":"Role","name":"${name}"}`,
  Secret: (name) => `"secretName":"${name}"`,
  Service: (name) => `(http://|"--push-gateway=|"service":\\{"name":")${name}[/:".; \\\\]`,
  ServiceAccount: (name) =>
    `"(serviceAccountName":"${name}"|kind":"ServiceAccount","name":"${name}")`,
};

// Objects without a namespace are named from anywhere, the others from objects of their namespace; subjects may be of another.
function isNamed(object: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  const { name, namespace } = object.metadata;
  const pattern = NAMED[object.kind]?.(name.replaceAll('.', '\\.'));
  if (pattern === undefined) return false;
  return objects.some((other) => {
    if (other === object) return false;
    const subject = new RegExp(`"name":"${name}","namespace":"${namespace ?? ''}"`);
    const near = namespace === undefined || other.metadata.namespace === namespace;
    const text = JSON.stringify(other);
    return object.kind === 'ServiceAccount' && other.kind.endsWith('Binding')
      ? subject.test(text)
      : near && new RegExp(pattern).test(text);
  });
}

function isFound(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  removed: readonly KubernetesObject[],
): boolean {
  const findings = auditReferences(objects.filter((other) => !removed.includes(other)));
  const name = describeObject(object);
  return findings.some(
    ({ message }) => message.includes(` ${name} (`) || message.includes(` ${name},`),
  );
}

interface PodSpec {
  readonly volumes?: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly secret?: { readonly secretName: string };
  }[];
  readonly containers: readonly {
    readonly args?: readonly string[];
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
}

// The keys of a ConfigMap or Secret that an argument names as a file below a mount of it.
function keysReadByPath(object: KubernetesObject, objects: readonly KubernetesObject[]) {
  const { kind, metadata } = object;
  const keys = Object.keys((object['data'] as Record<string, unknown> | undefined) ?? {});
  const paths = objects
    .filter((other) => other.metadata.namespace === metadata.namespace)
    .flatMap((other) => podSpecs(other))
    .flatMap(({ volumes = [], containers }) => {
      const names = volumes.flatMap(({ name, configMap, secret }) => {
        const source = kind === 'ConfigMap' ? configMap?.name : secret?.secretName;
        return source === metadata.name && kind.match(/^(ConfigMap|Secret)$/) ? [name] : [];
      });
      return containers.flatMap(({ args = [], volumeMounts = [] }) =>
        volumeMounts.flatMap((mount) =>
          names.includes(mount.name)
            ? keys.filter((key) => args.some((word) => word.endsWith(`=${mount.mountPath}/${key}`)))
            : [],
        ),
      );
    });
  return [...new Set(paths)].map((key) => ({ object, key }));
}

function podSpecs(value: unknown): PodSpec[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'containers' in value ? [value as PodSpec] : Object.values(value).flatMap(podSpecs);
}

// mulberry32
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
