import { expect, test } from 'vitest';
import { finding } from '../finding.ts';
import type { AuditReport } from './audit-report.ts';
import { formatAudit, githubAnnotations, sortFindings } from './format-audit.ts';

const error = finding('absent-secret', 'names a Secret that nothing renders.', {
  object: 'Deployment p/deck',
});
const warning = finding('patch-changes-nothing', 'changes nothing.', {
  file: 'environments/a/kustomization.yaml',
  line: 12,
});
const report: AuditReport = {
  version: 1,
  environment: 'a',
  manifestDigest: '0'.repeat(64),
  outcome: 'failed',
  findings: [error, warning],
  accepted: [],
  coverage: {
    objects: 131,
    patches: {
      entries: 5,
      entriesWithoutEffect: 1,
      operations: 7,
      matched: 7,
      changed: 6,
      didNothing: 1,
    },
    scripts: { commands: 4, matched: 4, changed: 4 },
    isolatedFrom: ['production'],
  },
};

test('errors come first, then by file and line', () => {
  const later = { ...warning, line: 100 };
  expect(sortFindings([later, warning, error])).toEqual([error, warning, later]);
});

test('people are shown each finding with its place, then what was looked at', () => {
  expect(formatAudit(report)).toEqual([
    'error absent-secret  Deployment p/deck',
    '  names a Secret that nothing renders.',
    'warning patch-changes-nothing  environments/a/kustomization.yaml:12',
    '  changes nothing.',
    'Audited a: 1 error, 1 warning.',
    'Coverage: 131 objects, and that nothing of production is named; of 7 patch operations 7 match and 6 change something; of 4 yq commands 4 match and 4 change something.',
  ]);
});

test('GitHub is given a command for each finding, with its separators escaped', () => {
  expect(githubAnnotations([error, { ...warning, message: '100 %\nof x, y: z' }])).toEqual([
    '::error title=absent-secret::Deployment p/deck: names a Secret that nothing renders.',
    '::warning file=environments/a/kustomization.yaml,line=12,title=patch-changes-nothing::100 %25%0Aof x, y: z',
  ]);
  expect(githubAnnotations([{ ...warning, file: 'a,b:c' }])[0]).toContain('file=a%2Cb%3Ac,');
});

test('what is only to be known is counted, and left to the report', () => {
  const info = finding('object-unused', 'Nothing names it.', { object: 'Secret p/s' });
  const lines = formatAudit({ ...report, findings: [info], accepted: [] });
  expect(lines[0]).toBe('Audited a: 1 info. All of it: dist/a/audit.json');
  expect(lines).toHaveLength(2);
  expect(githubAnnotations([info])).toEqual([]);
});
