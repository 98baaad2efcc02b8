import { type Finding, SEVERITIES } from '../finding.ts';
import type { AuditReport } from './audit-report.ts';

/** Sorts findings: errors first, then by file, line and object. */
export function sortFindings<T extends Finding>(findings: readonly T[]): T[] {
  const key = ({ severity, file = '', line = 0, object = '', code }: Finding): string =>
    [SEVERITIES.indexOf(severity), file, String(line).padStart(6, '0'), object, code].join('\0');
  return findings
    .map((found) => ({ found, key: key(found) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ found }) => found);
}

/** A report as lines for people: two for each finding, then what was looked at. */
export function formatAudit(report: AuditReport): string[] {
  const { environment, findings, accepted, coverage } = report;
  // What is only to be known is in the report; here it is counted.
  const weighty = findings.filter(({ severity }) => severity !== 'info');
  const lines = weighty.flatMap((found) => [
    `${found.severity} ${found.code}  ${placeOf(found)}`,
    `  ${found.message}`,
  ]);
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((found) => found.severity === severity).length;
    return count === 0
      ? []
      : [`${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`];
  });
  const { objects, patches, scripts, isolatedFrom } = coverage;
  const from =
    isolatedFrom.length === 0 ? '' : `, and that nothing of ${isolatedFrom.join(', ')} is named`;
  return [
    ...lines,
    `Audited ${environment}: ${counts.join(', ') || 'nothing found'}${accepted.length > 0 ? `, ${accepted.length} accepted` : ''}.${weighty.length < findings.length ? ` All of it: dist/${environment}/audit.json` : ''}`,
    `Coverage: ${objects} objects${from}; of ${patches.operations} patch operations ${patches.matched} match and ${patches.changed} change something; ` +
      `of ${scripts.commands} yq commands ${scripts.matched} match and ${scripts.changed} change something.`,
  ];
}

function placeOf({ file, line, object }: Finding): string {
  const where = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  return [...where, ...(object === undefined ? [] : [object])].join('  ');
}

/** What an annotation says; findings of other checks than the audit have it too. */
export type Annotated = Omit<Finding, 'code'> & { readonly code: string };

/**
 * Findings as workflow commands of GitHub Actions, which shows them on the lines of a pull request.
 * Source of the format: GitHub's documentation of workflow commands, "Setting an error message".
 */
export function githubAnnotations(findings: readonly Annotated[]): string[] {
  const data = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string =>
    data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const weighty = findings.filter(({ severity }) => severity !== 'info');
  return weighty.map(({ severity, code, message, file, line, object }) => {
    const properties = [
      ...(file === undefined ? [] : [`file=${property(file)}`]),
      ...(line === undefined ? [] : [`line=${line}`]),
      `title=${property(code)}`,
    ];
    return `::${severity} ${properties.join(',')}::${data(object === undefined ? message : `${object}: ${message}`)}`;
  });
}
