import { expect, test } from 'vitest';
import { junitReport } from './junit-report.ts';

test('a report becomes suites of cases that passed, failed or were skipped', async () => {
  const xml = await junitReport({
    outcome: 'failed',
    environment: 'staging',
    at: '2026-11-26T00:00:00.000Z',
    passed: [{ check: 'settled', object: 'Deployment prow/deck' }],
    failed: [{ check: 'deck-answers', object: 'Deployment prow/deck', reason: 'a <b>\u0007' }],
    notPossible: [{ check: 'job-runs', what: 'a job runs', reason: 'simulated' }],
    durationMs: 1000,
  });
  expect(xml).toContain('<testcase classname="staging.settled" name="Deployment prow/deck"/>');
  expect(xml).toContain('<failure message="a &lt;b>"/>');
  expect(xml).toMatch(/<testsuite name="job-runs"[^>]*skipped="1"/);
});
