import type { Acceptance } from '@prow-deploy/environment';
import { type Finding, finding, FINDING_CODES } from '../finding.ts';

/** A finding that somebody accepted, with the reason. */
export interface AcceptedFinding extends Finding {
  readonly reason: string;
}

export interface AcceptanceResult {
  /** What is left, and a finding for each acceptance that no longer applies. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
}

/**
 * Takes the accepted findings out. `where` gives the place of the n-th acceptance, for a finding about itself.
 */
export function applyAcceptances(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
  where: (index: number) => Pick<Finding, 'file' | 'line'>,
): AcceptanceResult {
  const covers = ({ code, object }: Acceptance, found: Finding): boolean =>
    found.code === code && (object === undefined || found.object === object);
  const accepted = findings.flatMap((found): AcceptedFinding[] => {
    const by = acceptances.find((acceptance) => covers(acceptance, found));
    return by === undefined ? [] : [{ ...found, reason: by.reason }];
  });
  const unused = acceptances.flatMap((acceptance, index) => {
    if (findings.some((found) => covers(acceptance, found))) return [];
    const { code, object } = acceptance;
    const of = object === undefined ? '' : ` of ${object}`;
    const why =
      code in FINDING_CODES ? `there is no finding ${code}${of}` : `there is no code ${code}`;
    return [
      finding('acceptance-unused', `Nothing is accepted by this: ${why}. Remove it.`, where(index)),
    ];
  });
  const left = findings.filter(
    (found) => !acceptances.some((acceptance) => covers(acceptance, found)),
  );
  return { findings: [...left, ...unused], accepted };
}
