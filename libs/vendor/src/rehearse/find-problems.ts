import { type Finding } from '@prow-deploy/audit';
import { parseImage, tagDate } from '../environments/image-tags.ts';
import { type FindingChanges } from './compare-findings.ts';
import { type ChangedImage, type ObjectChanges } from './compare-objects.ts';
import { PATCH_CHANGES, type PatchChange } from './patch-change.ts';
import { type Problem, type ProblemCode } from './rehearsal-report.ts';
import { shortText } from './value-text.ts';

export interface ProblemInputs {
  /** Why there is no build today, or would be none. */
  readonly failure: { readonly today?: string; readonly then?: string };
  readonly patches: readonly PatchChange[];
  readonly findings: FindingChanges;
  readonly objects: ObjectChanges;
  /** The file in which upstream still has an object that left the build; undefined where it has it no more. */
  readonly stillUpstream: (object: string) => string | undefined;
}

/** All that somebody should look at, errors first. */
export function findProblems(inputs: ProblemInputs): Problem[] {
  const { failure, patches, findings, objects } = inputs;
  const problem =
    (code: ProblemCode, severity: Problem['severity']) =>
    (message: string): Problem => ({ code, severity, message });
  const problems = [
    ...failureProblems(failure),
    ...patches.flatMap((change): Problem[] => {
      const severity = PATCH_CHANGES[change.kind];
      return severity === 'info'
        ? []
        : [problem('patch-changes', severity)(describeChange(change))];
    }),
    ...findings.new.flatMap((found): Problem[] => {
      if (found.severity === 'info' || isToldByPatch(found, patches)) return [];
      return [problem('new-finding', found.severity)(describeFinding(found))];
    }),
    ...objects.removed.map((object): Problem => {
      const file = inputs.stillUpstream(object);
      return file === undefined
        ? problem('object-removed', 'warning')(`${object} is removed: upstream has it no more.`)
        : problem(
            'object-unused',
            'error',
          )(
            `${object} is removed, and upstream still has it, in ${file}. Add that to the copy's kustomization.yaml.`,
          );
    }),
    ...objects.immutable.map(({ object, message, remedy, loses }) =>
      problem(
        'immutable-field',
        'error',
      )(`${object}: ${message}. ${remedy}. It loses ${loses}. Or keep the old value by a patch.`),
    ),
    ...objects.images.flatMap(imageProblems),
  ];
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity === 'warning'),
  ];
}

function failureProblems({ today, then }: ProblemInputs['failure']): Problem[] {
  if (then === undefined) return [];
  // What is wrong already is not wrong because of the bump.
  return today === undefined
    ? [{ code: 'does-not-build', severity: 'error', message: then }]
    : [{ code: 'does-not-build', severity: 'warning', message: `As today: ${then}` }];
}

/** One change of a patch in words. */
export function describeChange(change: PatchChange): string {
  const { entry, does, target, object, before, after, file, line } = change;
  const on = object === undefined ? `for ${target}` : `on ${object}`;
  return `${entry} (${does}, ${file}:${line}) ${on}: ${before}; now ${after}.`;
}

function describeFinding({ code, message, file, line, object }: Finding): string {
  const at = [
    ...(file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]),
    ...(object === undefined ? [] : [object]),
  ];
  return `${code}${at.length > 0 ? ` (${at.join(', ')})` : ''}: ${message}`;
}

// The audit has a code of its own for an entry that matches nothing.
function isToldByPatch(
  { code, file = '', message }: Finding,
  patches: readonly PatchChange[],
): boolean {
  if (!/-match(?:es)?-nothing$/.test(code)) return false;
  const entry = `${file} ${message.slice(0, message.indexOf(' '))}`;
  return patches.some((change) => change.kind === 'stops-matching' && change.entry === entry);
}

function imageProblems({ container, before, after }: ChangedImage): Problem[] {
  const [from, to] = [before, after].map((image) => tagDate(parseImage(image).tag ?? ''));
  if (from === undefined || to === undefined || to >= from) return [];
  const message = `${container}: its image goes from ${shortText(before)} to ${shortText(after)}, which is older.`;
  return [{ code: 'image-older', severity: 'warning', message }];
}
