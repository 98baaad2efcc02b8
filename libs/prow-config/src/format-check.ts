import type { CheckConfigReport, ConfigPlace } from './config-finding.ts';

/** A report as lines for people: two for each finding, then what was checked. */
export function formatCheck(report: CheckConfigReport): string[] {
  const { environment, findings, jobFiles } = report;
  const lines = findings.flatMap(({ severity, file, line, message, also = [] }) => [
    file === undefined || line === undefined
      ? severity
      : `${severity}  ${placeText({ file, line })}`,
    `  ${message}`,
    ...(also.length === 0 ? [] : [`  See also ${also.map(placeText).join(', ')}.`]),
  ]);
  const count = (wanted: string): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  const errors = count('error');
  const warnings = count('warning');
  const verdict =
    report.outcome === 'passed'
      ? "passes Prow's checkconfig"
      : `does not pass: ${errors} error${errors === 1 ? '' : 's'}`;
  return [
    ...lines,
    `The configuration of ${environment} ${verdict}${warnings > 0 ? `, ${warnings} warning${warnings === 1 ? '' : 's'}` : ''}: config, plugins and ${jobFiles} files of jobs.`,
  ];
}

function placeText({ file, line }: ConfigPlace): string {
  return `${file}:${line}`;
}
