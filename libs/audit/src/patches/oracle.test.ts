import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditError } from '../audit-error.ts';
import { ENVIRONMENTS_2020, copy2020, no2020Data } from '../testing/deployment-2020.ts';
import { disagreements } from '../testing/oracle.ts';
import { OWN_ENVIRONMENTS, copyOwn } from '../testing/own-environments.ts';
import { randomKustomization } from '../testing/random-kustomization.ts';
import { temporaryTree } from '../testing/temporary-tree.ts';

const SEED = Number(process.env['AUDIT_SEED'] ?? 20261123);
const ROUNDS = Number(process.env['AUDIT_ROUNDS'] ?? 15);
const LONG = { timeout: 600_000 };

let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);

describe('kustomize builds the same without a patch exactly when the audit says that it changes nothing', () => {
  describe.skipIf(no2020Data)(`of 2020${no2020Data ? ` (${no2020Data})` : ''}`, () => {
    let copy: Awaited<ReturnType<typeof copy2020>>;
    beforeAll(async () => {
      copy = await copy2020();
    });
    afterAll(() => copy.remove());
    test.each(ENVIRONMENTS_2020)('%s', LONG, async (environment) => {
      const directory = join(copy.root, 'environments', environment);
      const { compared, wrong } = await disagreements(directory, copy.root, kustomize);
      expect(wrong).toEqual([]);
      expect(compared).toBeGreaterThan(30);
    });
  });

  describe('of this repository', () => {
    let copy: Awaited<ReturnType<typeof copyOwn>>;
    beforeAll(async () => {
      copy = await copyOwn();
    });
    afterAll(() => copy.remove());
    test.each(OWN_ENVIRONMENTS)('%s', LONG, async (environment) => {
      const directory = join(copy.root, 'environments', environment);
      const { compared, wrong } = await disagreements(directory, copy.root, kustomize);
      expect(wrong).toEqual([]);
      expect(compared).toBeGreaterThan(3);
    });
  });

  test(`of ${ROUNDS} kustomizations made at random from seed ${SEED}`, LONG, async () => {
    let compared = 0;
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const tree = await temporaryTree(randomKustomization(seed));
      try {
        const result = await disagreements(join(tree.root, 'env'), tree.root, kustomize);
        expect(result.wrong, `seed ${seed}`).toEqual([]);
        compared += result.compared;
      } catch (error) {
        // What kustomize does not build has nothing to compare.
        if (!(error instanceof AuditError)) throw error;
      } finally {
        await tree.remove();
      }
    }
    expect(compared).toBeGreaterThan(ROUNDS);
  });
});
