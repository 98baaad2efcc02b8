import { expect, test } from 'vitest';
import { finding } from '../finding.ts';
import { applyAcceptances } from './apply-acceptances.ts';

const deck = finding('duplicate-argument', 'twice', { object: 'Deployment p/deck' });
const hook = finding('duplicate-argument', 'twice', { object: 'Deployment p/hook' });
const where = (index: number) => ({ file: 'environment.yaml', line: 10 + index });

test('an acceptance of a code and an object takes that finding out, with its reason', () => {
  const acceptances = [
    { code: 'duplicate-argument', object: 'Deployment p/deck', reason: 'harmless' },
  ];
  expect(applyAcceptances([deck, hook], acceptances, where)).toEqual({
    findings: [hook],
    accepted: [{ ...deck, reason: 'harmless' }],
  });
});

test('an acceptance without an object takes every finding of the code out', () => {
  const result = applyAcceptances(
    [deck, hook],
    [{ code: 'duplicate-argument', reason: 'harmless' }],
    where,
  );
  expect(result.findings).toEqual([]);
  expect(result.accepted).toHaveLength(2);
});

test.each([
  [
    'whose finding is gone',
    { code: 'duplicate-argument', object: 'Deployment p/tide', reason: 'r' },
    'there is no finding duplicate-argument of Deployment p/tide',
  ],
  [
    'of a code that does not exist',
    { code: 'duplicate-arg', reason: 'r' },
    'there is no code duplicate-arg',
  ],
])('an acceptance %s is itself a finding', (_name, acceptance, message) => {
  const { findings } = applyAcceptances(
    [deck],
    [{ code: 'no-namespace', reason: 'r' }, acceptance],
    where,
  );
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'acceptance-unused',
      severity: 'warning',
      file: 'environment.yaml',
      line: 11,
    }),
  );
  expect(findings.map((found) => found.message).join()).toContain(message);
  expect(findings).toContainEqual(deck);
});
