import { compareEffects } from './compare-effects.ts';
import { compareFiles } from './compare-files.ts';
import { compareFindings } from './compare-findings.ts';
import { type ObjectChanges, compareObjects } from './compare-objects.ts';
import { findUnused, readCopy } from './copy-content.ts';
import { type ExaminedSide } from './examine-workspace.ts';
import { findProblems } from './find-problems.ts';
import { type MovedEnvironment } from './move-in-scratch.ts';
import { type EnvironmentRehearsal } from './rehearsal-report.ts';

const NO_OBJECTS: ObjectChanges = {
  added: [],
  removed: [],
  changed: [],
  immutable: [],
  images: [],
};

/** Compares an environment as it is with what it would be; `root` is that of the scratch workspace. */
export async function compareSides(
  before: ExaminedSide,
  after: ExaminedSide,
  { from, to, copies, followed }: MovedEnvironment,
  root: string,
): Promise<EnvironmentRehearsal> {
  const [old, now] = await Promise.all([
    readCopy(copies.before, root),
    readCopy(copies.after, root),
  ]);
  const builds = before.failure === undefined && after.failure === undefined;
  const objects = builds
    ? compareObjects(before.examined?.objects ?? [], after.examined?.objects ?? [])
    : NO_OBJECTS;
  const patches = compareEffects(before.examined?.effects ?? [], after.examined?.effects ?? []);
  const findings = compareFindings(
    // Where there is no build, only the patches were audited.
    after.failure === undefined ? before.findings : (before.examined?.patches.findings ?? []),
    after.findings,
  );
  const failure = {
    ...(before.failure === undefined ? {} : { today: before.failure }),
    ...(after.failure === undefined ? {} : { then: after.failure }),
  };
  const problems = findProblems({
    failure,
    patches,
    findings,
    objects,
    stillUpstream: findUnused(old, now),
  });
  return {
    environment: after.name,
    outcome: problems.some(({ severity }) => severity === 'error') ? 'broken' : 'fits',
    from,
    to,
    ...(Object.keys(failure).length === 0 ? {} : { failure }),
    problems,
    files: compareFiles(old, now),
    patches,
    findings,
    objects,
    followed,
  };
}
