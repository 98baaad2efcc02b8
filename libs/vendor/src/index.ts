export {
  type CopyCheck,
  type CopyProblem,
  checkCopy,
  type Difference,
  DIFFERENCES,
  listCopies,
} from './copy/check-copy.ts';
export { type CheckedCopy, checkCopies, formatCheck } from './copy/check-copies.ts';
export { prune, type PruneResult } from './copy/prune.ts';
export type { Selection } from './copy/select-manifests.ts';
export { readSource, type Source } from './copy/source.ts';
export { sync, type SyncOptions, type SyncResult } from './copy/sync.ts';
export {
  DEFAULT_UPSTREAM,
  listUpstreams,
  readUpstream,
  type ReadUpstreamOptions,
  type Upstream,
  UPSTREAM_FILE,
} from './copy/upstream.ts';
export {
  type ClusterStatus,
  type EnvironmentStatus,
  readStatus,
  type ReadStatusOptions,
} from './environments/environment-status.ts';
export { type FollowedImage } from './environments/follow-images.ts';
export { type Move, planMove, type PlannedMove } from './environments/move-environment.ts';
export { formatStatus } from './environments/format-status.ts';
export { promote, type PromoteOptions, type Promotion } from './environments/promote.ts';
export {
  findVendoredCommits,
  type VendoredCommit,
  vendoredCommit,
} from './environments/vendored-commit.ts';
export { type Commit } from './git/parse-commit.ts';
export { FILE_MODES, type FileMode, type TreeFile } from './git/git-hash.ts';
export { planPatch, type PlannedPatch, type PlanPatchOptions } from './patch/plan-patch.ts';
export { type PatchOperation } from './patch/positional-tests.ts';
export { setScalar } from './environments/set-scalar.ts';
export { bisect, type BisectOptions, type BisectResult } from './rehearse/bisect.ts';
export { type Candidate, findCandidate } from './rehearse/candidate.ts';
export { formatMarkdown } from './rehearse/format-markdown.ts';
export { formatRehearsal } from './rehearse/format-rehearsal.ts';
export { PATCH_CHANGES, type PatchChange, type PatchChangeKind } from './rehearse/patch-change.ts';
export {
  type EnvironmentRehearsal,
  type Problem,
  PROBLEM_CODES,
  type ProblemCode,
  REHEARSAL_OUTCOMES,
  type RehearsalOutcome,
  type RehearsalReport,
} from './rehearse/rehearsal-report.ts';
export {
  openRehearsal,
  type Rehearsal,
  type RehearsalOptions,
  type Rehearsed,
  rehearse,
} from './rehearse/rehearse.ts';
export {
  prepareEnvironment,
  type ScratchWorkspace,
  scratchWorkspace,
} from './rehearse/scratch-workspace.ts';
export { VENDOR_ERROR_CODES, VendorError, type VendorErrorCode } from './vendor-error.ts';
