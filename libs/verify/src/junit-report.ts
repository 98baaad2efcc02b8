import type { Builder } from 'junit-report-builder';
import type { VerifyReport } from './verify-report.ts';

interface Case {
  readonly check: string;
  readonly name: string;
  readonly failure?: string;
  readonly skipped?: string;
}

/** A report in JUnit's XML, as CI systems read it: one suite for each check, one case for each object. */
export async function junitReport(report: VerifyReport): Promise<string> {
  // It exports the builder itself, of which its types say that it is one level deeper.
  const junit = (await import('junit-report-builder')).default as unknown as Builder;
  const root = junit.newBuilder();
  const { environment, passed, failed, notPossible, at, durationMs } = report;
  const cases: readonly Case[] = [
    ...passed.map(({ check, object }) => ({ check, name: object })),
    ...failed.map(({ check, object, reason = '' }) => ({ check, name: object, failure: reason })),
    ...notPossible.map(({ check, what, reason }) => ({ check, name: what, skipped: reason })),
  ];
  for (const check of new Set(cases.map((one) => one.check))) {
    const suite = root.testSuite().name(check).timestamp(at);
    for (const one of cases) {
      if (one.check !== check) continue;
      const testCase = suite.testCase().className(`${environment}.${check}`).name(one.name);
      if (one.failure !== undefined) testCase.failure(printable(one.failure));
      if (one.skipped !== undefined) testCase.skipped().standardOutput(printable(one.skipped));
    }
  }
  root
    .testSuite()
    .name(environment)
    .time(durationMs / 1000)
    .timestamp(at);
  return root.build();
}

// XML has no way to write these.
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}
