import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestEnvironment, type TestEnvironment } from '../testing/test-environment.ts';
import { requireAudit } from './require-audit.ts';

const DIGEST = 'a'.repeat(64);
const passed = { outcome: 'passed', manifestDigest: DIGEST, findings: [] };

let here: TestEnvironment;
beforeEach(async () => {
  here = await createTestEnvironment();
});
afterEach(() => here.remove());

const audited = (report: unknown): Promise<void> =>
  here.write('dist/production/audit.json', JSON.stringify(report));

test('a manifest that passed its audit may be applied', async () => {
  await audited(passed);
  await requireAudit(here.environment, DIGEST);
});

describe('is refused, protected or not', () => {
  test.each([
    ['what was never audited', undefined, 'audit-absent', 'audit.json is not there'],
    [
      'what another manifest was audited for',
      { ...passed, manifestDigest: 'b' },
      'audit-stale',
      'is of another manifest than dist/production/prow-deploy.yaml is now',
    ],
    [
      'what an audit of before says nothing of',
      { outcome: 'passed' },
      'audit-stale',
      'is of another manifest',
    ],
    [
      'what the audit found errors in',
      {
        ...passed,
        outcome: 'failed',
        findings: [{ severity: 'error' }, { severity: 'warning' }, { severity: 'error' }],
      },
      'audit-failed',
      'its audit found 2 errors, see dist/production/audit.json',
    ],
    [
      'what the report says nothing of',
      { manifestDigest: DIGEST },
      'audit-failed',
      'found 0 errors',
    ],
    ['a report that is none', 'passed', 'audit-absent', 'is no report of an audit'],
  ])('%s', async (_name, report, code, message) => {
    if (report !== undefined) await audited(report);
    for (const protection of ['none', 'confirm'] as const) {
      await expect(requireAudit({ ...here.environment, protection }, DIGEST)).rejects.toMatchObject(
        {
          name: 'GuardError',
          code,
          message: expect.stringMatching(
            new RegExp(`^Cannot apply production: .*${message}.* Run nx run production:audit\\.$`),
          ) as string,
        },
      );
    }
  });

  test('a report that was cut off', async () => {
    await here.write('dist/production/audit.json', '{"outcome":"passed"');
    await expect(requireAudit(here.environment, DIGEST)).rejects.toMatchObject({
      code: 'audit-absent',
    });
  });
});
