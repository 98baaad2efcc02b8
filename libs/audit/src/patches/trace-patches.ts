import { ensureTool } from '@prow-deploy/toolchain';
import { AuditError } from '../audit-error.ts';
import { auditRoot } from '../load/audit-root.ts';
import { loadTree } from '../load/load-tree.ts';
import { resolveWithin } from '../load/read-within.ts';
import type { Tree } from '../load/tree.ts';
import { describeEntry, describeOperation, describeSimObject } from './describe.ts';
import { type Followed, type FollowedTree, follow } from './follow.ts';
import { opaqueLevels } from './opaque-levels.ts';
import { runKustomize } from './run-kustomize.ts';
import { isUnchanged } from './simulate.ts';
import type { EntryTrace, OperationOutcome, OperationTrace, PatchTrace } from './trace.ts';
import { verifyTrace } from './verify-trace.ts';

export interface TracePatchesOptions {
  /** Absolute path of the kustomize executable. Default: the pinned one, installed where it is missing. */
  readonly kustomize?: string;
  /**
   * Folder that nothing may lead out of. Default: the top of the git work tree; without one, two folders above the
   * kustomization.
   */
  readonly root?: string;
  /** Stops the audit. */
  readonly signal?: AbortSignal;
}

/**
 * Says what each patch operation, image, replica count, replacement and merging generator of a kustomization on disk,
 * and of all that it stands on, matches and changes.
 *
 * @param directory folder with the kustomization
 * @throws {AuditError} where there is no answer: the tree cannot be read (`unreadable`), leads out of the root or to
 * something remote (`outside`), is larger than an audit takes (`too-large`), or kustomize cannot build it
 * (`unbuildable`).
 */
export async function tracePatches(
  directory: string,
  options: TracePatchesOptions = {},
): Promise<PatchTrace> {
  const { tree, followed, refused } = await followDirectory(directory, options);
  if (refused) throw refused;
  return patchTrace(tree, followed);
}

/** A kustomization that has been read, checked, built and followed. */
export interface FollowedDirectory {
  readonly tree: Tree;
  readonly followed: FollowedTree;
  /** What kustomize built; absent where it refused. */
  readonly manifest?: string;
  /** kustomize's error, where it has one that the followed operations explain. */
  readonly refused?: AuditError;
}

/** @throws {AuditError} as `tracePatches` does; what is explained by an operation without a match is in the result. */
export async function followDirectory(
  directory: string,
  { kustomize: given, root: givenRoot, signal }: TracePatchesOptions,
): Promise<FollowedDirectory> {
  signal?.throwIfAborted();
  const root = auditRoot(directory, givenRoot);
  const tree = loadTree(resolveWithin(root, realPath(directory)), root);
  const kustomize = given ?? (await ensureTool('kustomize', signal ? { signal } : {}));
  const stop = new AbortController();
  const stopped = {
    kustomize,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  };
  const running = runKustomize(tree, stopped).then(
    (manifest) => ({ manifest }),
    (error: unknown) => ({ error }),
  );
  let followed: FollowedTree;
  try {
    const opaque = await opaqueLevels(tree, stopped);
    // kustomize works meanwhile.
    followed = follow(tree, opaque);
  } catch (error) {
    stop.abort();
    await running;
    throw error;
  }
  const result = await running;
  if ('error' in result) {
    if (!(result.error instanceof AuditError)) throw result.error;
    const refused = located(result.error, followed);
    if (!followed.operations.some(isFatal)) throw refused;
    return { tree, followed, refused };
  }
  verifyTrace(tree, followed, result.manifest);
  return { tree, followed, manifest: result.manifest };
}

function realPath(directory: string): string {
  return auditRoot(directory, directory);
}

/** Whether kustomize fails because the operation matches nothing; other operations it passes over in silence. */
export function isFatal({ entry, operation, effects }: Followed): boolean {
  if (effects.length > 0) return false;
  if (operation.kind === 'merge') return entry.target === undefined;
  return operation.kind === 'replicas' || operation.kind === 'generate';
}

// kustomize does not say which operation of which file it fails on.
function located(error: AuditError, { outcome }: FollowedTree): AuditError {
  if (!('failure' in outcome)) return error;
  const { entry, operation, object, reason } = outcome.failure;
  const on = object ? ` on ${describeSimObject(object)}` : '';
  return new AuditError(
    error.code,
    `${error.message}\n${operation.file}:${operation.line}: ${describeOperation(operation)} (${describeEntry(entry)}) fails${on}: ${reason}.`,
    { cause: error },
  );
}

/** The trace in its published form. */
export function patchTrace(tree: Tree, { operations, ineffective }: FollowedTree): PatchTrace {
  const entries = [...new Set(operations.map(({ entry }) => entry))].map((entry): EntryTrace => ({
    file: entry.level.file,
    line: entry.line,
    field: entry.field,
    index: entry.index,
    effective: !ineffective.has(entry),
    operations: operations.filter((each) => each.entry === entry).map(operationTrace),
  }));
  const traced = entries.flatMap((entry) => entry.operations);
  const count = (...outcomes: OperationOutcome[]): number =>
    traced.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    root: tree.root,
    entries,
    counts: {
      entries: entries.length,
      entriesWithoutEffect: entries.filter(({ effective }) => !effective).length,
      operations: traced.length,
      matched: traced.length - count('matches-nothing'),
      changed: count('changes', 'undone'),
      didNothing: count('matches-nothing', 'changes-nothing', 'undone'),
    },
  };
}

function operationTrace(each: Followed): OperationTrace {
  const { operation, effects, undoneBy } = each;
  return {
    file: operation.file,
    line: operation.line,
    does: describeOperation(operation),
    selector: operation.selector,
    outcome: outcomeOf(each),
    objects: effects.map((effect) => ({
      object: describeSimObject(effect.before),
      changed: !isUnchanged(effect),
    })),
    ...(undoneBy ? { undoneBy: describeEntry(undoneBy.entry) } : {}),
  };
}

/** What an operation came to. */
export function outcomeOf({ operation, effects, changed, effective }: Followed): OperationOutcome {
  if (effects.length === 0) return 'matches-nothing';
  if (operation.kind === 'json' && operation.json.op === 'test') return 'tests';
  if (!changed) return 'changes-nothing';
  return effective ? 'changes' : 'undone';
}
