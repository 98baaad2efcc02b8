import type { AuditError } from '../audit-error.ts';
import type { Finding } from '../finding.ts';
import type { Followed } from './follow.ts';
import type { PatchTrace } from './trace.ts';
import { followDirectory, patchTrace, type TracePatchesOptions } from './trace-patches.ts';
import { createdPaths } from './find-created-paths.ts';
import { disagreements } from './find-disagreements.ts';
import { withoutMatch } from './find-no-match.ts';
import { positionalOperations } from './find-positional.ts';
import { unreferencedFiles } from './find-unreferenced.ts';
import { withoutChange } from './find-no-change.ts';

export type AuditPatchesOptions = TracePatchesOptions;

/**
 * Says what is wrong with the patches of a kustomization on disk, with images, replicas, replacements and merging
 * generators, in it and in all that it stands on: what matches nothing, changes nothing, is undone, counts positions,
 * creates a misspelled field or disagrees with its target, and files that nothing references.
 *
 * kustomize runs once, on a private copy of exactly the files that were checked; no Secret's value is read.
 *
 * @param directory folder with the kustomization
 * @throws {AuditError} where there is no answer: the tree cannot be read (`unreadable`), leads out of the root or to
 * something remote (`outside`), is larger than an audit takes (`too-large`), or kustomize cannot build it
 * (`unbuildable`).
 */
export async function auditPatches(
  directory: string,
  options: AuditPatchesOptions = {},
): Promise<Finding[]> {
  return [...(await examinePatches(directory, options)).findings];
}

/** What one look at a kustomization tells. */
export interface ExaminedPatches {
  /** As {@link auditPatches} gives them. */
  readonly findings: readonly Finding[];
  /** As `tracePatches` gives it. */
  readonly trace: PatchTrace;
  /** The operations with the objects themselves. */
  readonly operations: readonly Followed[];
  /** What kustomize built; absent where it refused what the findings explain. */
  readonly manifest?: string;
  /** kustomize's refusal. */
  readonly refused?: AuditError;
}

/** What {@link auditPatches} finds, and what `tracePatches` tells, of one look. Throws as they do. */
export async function examinePatches(
  directory: string,
  options: AuditPatchesOptions = {},
): Promise<ExaminedPatches> {
  const { tree, followed, manifest, refused } = await followDirectory(directory, options);
  const findings = [
    ...withoutMatch(followed.operations),
    ...withoutChange(followed.operations),
    ...positionalOperations(followed.operations),
    ...createdPaths(followed.operations),
    ...disagreements(followed.operations),
    ...unreferencedFiles(tree),
  ].sort(byPlace);
  return {
    findings,
    trace: patchTrace(tree, followed),
    operations: followed.operations,
    ...(manifest === undefined ? {} : { manifest }),
    ...(refused === undefined ? {} : { refused }),
  };
}

function byPlace(a: Finding, b: Finding): number {
  const file = (a.file ?? '').localeCompare(b.file ?? '');
  return file === 0 ? (a.line ?? 0) - (b.line ?? 0) : file;
}
