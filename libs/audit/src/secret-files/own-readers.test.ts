import { join } from 'node:path';
import { readEnvironment } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { parsePlaceholder, readShape } from '@prow-deploy/secrets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { parseYaml } from '../load/parse-yaml.ts';
import { copyOwn } from '../testing/own-environments.ts';

const NAME = 'ibmcloud-production';
let own: Awaited<ReturnType<typeof copyOwn>>;
beforeAll(async () => {
  own = await copyOwn();
}, 60_000);
afterAll(() => own.remove());

test("the boilerplate says of each secret by which of Prow's programs it is read", async () => {
  const environment = await readEnvironment({ workspaceRoot: own.root, name: NAME });
  const { manifest } = await buildEnvironment(environment);
  const objects = parseYaml(manifest, join('dist', NAME)).documents as KubernetesObject[];
  const readers = new Map<string, string[]>();
  for (const { kind, metadata, data } of objects) {
    if (kind !== 'Secret' || metadata.namespace !== environment.namespaces.prow) continue;
    // Volumes and variables name a Secret in these two fields.
    const names = new RegExp(`"(secretName|secretKeyRef":\\{[^}]*"name)":"${metadata.name}"`);
    const programs = objects
      .filter((object) => names.test(JSON.stringify(object['spec'] ?? {})))
      .map((object) => object.metadata.name);
    for (const value of Object.values(data as Record<string, string>)) {
      const { source = '' } = parsePlaceholder(Buffer.from(value, 'base64').toString()) ?? {};
      readers.set(source, programs);
    }
  }
  const shapes = await readShape(own.root);
  expect(readers.size).toBe(shapes.size);
  for (const [path, { readBy }] of shapes) {
    const programs = readBy.filter((reader) => reader !== 'jobs');
    expect([path, readers.get(path)?.sort()]).toEqual([path, [...programs].sort()]);
  }
}, 120_000);
