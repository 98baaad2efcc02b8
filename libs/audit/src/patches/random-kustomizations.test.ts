import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { AuditError } from '../audit-error.ts';
import { parseYaml } from '../load/parse-yaml.ts';
import { type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { randomKustomization } from '../testing/random-kustomization.ts';
import { type TemporaryTree, temporaryTree } from '../testing/temporary-tree.ts';
import { followNames, HASH } from './follow-names.ts';
import { idOf } from './sim-object.ts';
import { runKustomize } from './run-kustomize.ts';
import { followDirectory } from './trace-patches.ts';

// Kustomizations made at random, followed and built: both must come to the same objects.

let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);

let tree: TemporaryTree | undefined;
afterEach(() => tree?.remove());

const SEED = Number(process.env['AUDIT_SEED'] ?? 20261123);
const ROUNDS = Number(process.env['AUDIT_ROUNDS'] ?? 60);

// A hash is one of a content; here it is a word.
function withoutHashes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value).replaceAll(
      /(generated|settings)((?:-s)*)-(?:HASH|[a-z0-9]{10})\b/g,
      `$1$2${HASH}`,
    ),
  );
}

const key = (value: JsonObject): string => JSON.stringify(Object.values(idOf(value)));
const sorted = (values: JsonObject[]): unknown =>
  withoutHashes(
    values.filter(({ kind }) => kind !== 'Secret').sort((a, b) => key(a).localeCompare(key(b))),
  );

test(
  `${ROUNDS} kustomizations made at random from seed ${SEED} come to the objects that kustomize builds`,
  { timeout: 120_000 },
  async () => {
    let built = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const made = randomKustomization(SEED + round);
      tree = await temporaryTree(made);
      const where = `seed ${SEED + round}`;
      const outcome = await followDirectory(join(tree.root, 'env'), {
        kustomize,
        root: tree.root,
      }).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        // What kustomize refuses is refused; what it builds is followed.
        expect(outcome, where).toBeInstanceOf(AuditError);
        expect(outcome.message, where).not.toContain('Cannot trace');
      } else {
        const {
          tree: loaded,
          followed,
          refused,
        } = outcome as Awaited<ReturnType<typeof followDirectory>>;
        if (!refused && 'objects' in followed.outcome) {
          built += 1;
          const all = followed.outcome.objects;
          const manifest = await runKustomize(loaded, { kustomize });
          const real = parseYaml(manifest, 'kustomize').documents.filter(isJsonObject);
          expect(
            sorted(
              all.map((object) => ({
                ...followNames(object, all),
                ...named(followNames(object, all), object.hashed),
              })),
            ),
            where,
          ).toEqual(sorted(real));
        }
      }
      await tree.remove();
      tree = undefined;
    }
    expect(built).toBeGreaterThan(ROUNDS / 4);
  },
);

function named(value: JsonObject, hashed: boolean): JsonObject {
  const metadata = value['metadata'];
  if (!hashed || !isJsonObject(metadata)) return {};
  return { metadata: { ...metadata, name: `${textOf(metadata['name'])}${HASH}` } };
}
