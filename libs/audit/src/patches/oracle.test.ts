import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Json, type Level, type Tree, listOf } from '../load/tree.ts';
import { copy2020, ENVIRONMENTS_2020, no2020Data } from '../testing/deployment-2020.ts';
import { copyOwn, OWN_ENVIRONMENTS } from '../testing/own-environments.ts';
import type { Entry, Operation } from './entries.ts';
import { runKustomize } from './run-kustomize.ts';
import { withoutField } from './sim-object.ts';
import { followDirectory } from './trace-patches.ts';

// The oracle: kustomize itself, run once more for each patch, without that patch.

let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);

// The tree with another text in place of a kustomization.
function withContent(tree: Tree, level: Level, content: unknown): Tree {
  const files = new Map(tree.files);
  files.set(level.file, Buffer.from(stringify(content)));
  return { ...tree, files };
}

function withoutEntry(tree: Tree, { level, field, index }: Entry): Tree {
  const list = listOf(level.content[field]).filter((_entry, at) => at !== index);
  return withContent(
    tree,
    level,
    list.length === 0 ? withoutField(level.content, field) : { ...level.content, [field]: list },
  );
}

function withoutOperation(tree: Tree, entry: Entry, operation: Operation): Tree {
  const { level, field, index, operations } = entry;
  const list = [...listOf(level.content[field])];
  const written = list[index] as { [key: string]: Json };
  if (operation.kind === 'replace') {
    const at = operations.indexOf(operation);
    const targets = listOf(written['targets']).filter((_target, position) => position !== at);
    list[index] = { ...written, targets };
  } else {
    const rest = operations.filter((each) => each !== operation);
    const patch = JSON.stringify(rest.map((each) => (each.kind === 'json' ? each.json : null)));
    list[index] = { ...withoutField(written, 'path'), patch };
  }
  return withContent(tree, level, { ...level.content, [field]: list });
}

async function disagreements(root: string, environment: string): Promise<string[]> {
  const { tree, followed } = await followDirectory(join(root, 'environments', environment), {
    root,
    kustomize,
  });
  const full = await runKustomize(tree, { kustomize });
  const wrong: string[] = [];
  const check = async (name: string, effective: boolean, changed: Tree): Promise<void> => {
    const manifest = await runKustomize(changed, { kustomize }).catch(() => 'kustomize fails');
    if ((manifest !== full) !== effective) {
      wrong.push(
        `${name}: the audit says ${effective ? 'changes' : 'changes nothing'}, kustomize does not`,
      );
    }
  };
  const entries = [...new Set(followed.operations.map(({ entry }) => entry))];
  const checks = entries.map(
    (entry) => () =>
      check(
        `${entry.level.file} ${entry.name}`,
        !followed.ineffective.has(entry),
        withoutEntry(tree, entry),
      ),
  );
  for (const { entry, operation, effective } of followed.operations) {
    const single = entry.operations.length === 1 || entry.patchFile?.startsWith('?');
    if (single || (operation.kind !== 'json' && operation.kind !== 'replace')) continue;
    checks.push(() => check(operation.id, effective, withoutOperation(tree, entry, operation)));
  }
  await inPairs(checks);
  expect(entries.length).toBeGreaterThan(0);
  return wrong;
}

async function inPairs(tasks: (() => Promise<void>)[]): Promise<void> {
  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task();
  };
  await Promise.all([work(), work()]);
}

describe('kustomize builds the same without a patch exactly when the audit says that it changes nothing', () => {
  describe.skipIf(no2020Data)(`of 2020${no2020Data ? ` (${no2020Data})` : ''}`, () => {
    let copy: Awaited<ReturnType<typeof copy2020>>;
    beforeAll(async () => {
      copy = await copy2020();
    });
    afterAll(() => copy.remove());
    test.each(ENVIRONMENTS_2020)('%s', { timeout: 180_000 }, async (environment) => {
      expect(await disagreements(copy.root, environment)).toEqual([]);
    });
  });

  describe('of this repository', () => {
    let copy: Awaited<ReturnType<typeof copyOwn>>;
    beforeAll(async () => {
      copy = await copyOwn();
    });
    afterAll(() => copy.remove());
    test.each(OWN_ENVIRONMENTS)('%s', { timeout: 180_000 }, async (environment) => {
      expect(await disagreements(copy.root, environment)).toEqual([]);
    });
  });
});
