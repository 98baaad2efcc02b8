export { apply, type ApplyOptions } from './apply.ts';
export {
  APPLY_ACTIONS,
  APPLY_FAILURE_CODES,
  type AppliedObjectResult,
  type ApplyAction,
  type ApplyFailure,
  type ApplyFailureCode,
  type ApplyReport,
  type ApplyResult,
  type NotRun,
} from './apply-result.ts';
export { apiPath } from './api-path.ts';
export { checkRecord, type CheckRecordOptions, type RecordCheck } from './check-record.ts';
export { cleanup, type CleanupOptions } from './cleanup.ts';
export {
  CLEANUP_ACTIONS,
  type CleanedObject,
  type CleanupAction,
  type CleanupResult,
} from './cleanup-result.ts';
export { type FieldConflict, TAKE_OVER, type TakeOver } from './conflict.ts';
export {
  describeDrift,
  type Drift,
  DRIFT_OUTCOMES,
  type DriftOutcome,
  readDrift,
  type ReadDriftOptions,
} from './drift.ts';
export { diffManifest, type DiffManifestOptions, type ManifestDiff } from './diff-manifest.ts';
export { FIELD_MANAGER } from './field-manager.ts';
export { formatApplyResult } from './format-apply-result.ts';
export { fingerprint, type Marks, readFingerprint, readMarks } from './fingerprint.ts';
export { formatCleanupResult } from './format-cleanup-result.ts';
export { gitCommit, type GitCommit } from './guard/git-commit.ts';
export { GUARD_ERROR_CODES, GuardError, type GuardErrorCode } from './guard/guard-error.ts';
export { requireAudit } from './guard/require-audit.ts';
export { requirePermissions, type RequirePermissionsOptions } from './guard/require-permissions.ts';
export { requireCommitted, type RequireCommittedOptions } from './guard/require-committed.ts';
export { holdsData } from './holds-data.ts';
export type { Inventory, InventoryEntry } from './inventory.ts';
export {
  INVENTORY_ERROR_CODES,
  InventoryError,
  type InventoryErrorCode,
} from './inventory-error.ts';
export { formatHistory } from './history/format-history.ts';
export {
  HISTORY_LENGTH,
  HISTORY_OUTCOMES,
  type HistoryOutcome,
  type HistoryRecord,
  readHistory,
} from './history/history.ts';
export {
  HISTORY_ERROR_CODES,
  HistoryError,
  type HistoryErrorCode,
} from './history/history-error.ts';
export { formatPlan, hasChanges } from './plan/format-plan.ts';
export type { PlanReport } from './plan/plan.ts';
export { PLAN_ACTIONS, type PlanAction, type PlannedObject } from './plan/planned-object.ts';
export { INVENTORY_NAME, readInventory, type StoredInventory } from './inventory-store.ts';
export type { KubernetesObject, ManagedFieldsEntry, ObjectMetadata } from './kubernetes-object.ts';
export { MANIFEST_ERROR_CODES, ManifestError, type ManifestErrorCode } from './manifest-error.ts';
export { describe, identify, type ObjectReference, referenceKey } from './object-reference.ts';
export { order, type Step, STEP_NAMES, type StepName, stepOf } from './order.ts';
export { readManifest, type ReadManifestOptions } from './read-manifest.ts';
export {
  readRecord,
  RECORD_KINDS,
  type RecordKind,
  type RecordValues,
  type StoredRecord,
  writeRecord,
  type WriteRecordOptions,
} from './record.ts';
export { listLines } from './list-lines.ts';
export { describeMissing } from './permissions/describe-missing.ts';
export {
  missingPermissions,
  type MissingPermissionsOptions,
} from './permissions/missing-permissions.ts';
export { type Need, NEED_VERBS, type NeedVerb } from './permissions/need.ts';
export { needsOf, type NeedsOfOptions } from './permissions/needs-of.ts';
export { type Resolution, resolve, type ResolvedObject } from './resolve.ts';
export { pause } from './send.ts';
export {
  readObjects,
  settle,
  type SettleOptions,
  type Settlement,
  type Unsettled,
} from './settle.ts';
export { lastLine } from './reasons/last-line.ts';
export { type ContainerTrouble, containerTrouble } from './status/container-trouble.ts';
export { OBJECT_STATUSES, type ObjectStatus } from './status/object-status.ts';
export { status } from './status/status.ts';
export {
  applyEnvironment,
  type ApplyEnvironmentOptions,
  type AppliedEnvironment,
} from './environment/apply-environment.ts';
export {
  cleanupEnvironment,
  type CleanupEnvironmentOptions,
} from './environment/cleanup-environment.ts';
export { diffEnvironment } from './environment/diff-environment.ts';
export { readEnvironmentHistory } from './environment/read-environment-history.ts';
export {
  type EnvironmentState,
  readEnvironmentState,
} from './environment/read-environment-state.ts';
export { checkEnvironment } from './environment/check-environment.ts';
export {
  CONFIRMED_TARGETS,
  type ConfirmedTarget,
  confirmEnvironment,
  type ConfirmOptions,
  requireConfirmable,
  UnconfirmedError,
} from './environment/confirm.ts';
export { formatFoundCluster } from './environment/format-found-cluster.ts';
export {
  type FoundCluster,
  pinCluster,
  type PinClusterOptions,
} from './environment/pin-cluster.ts';
export {
  clusterOptionsOf,
  withCluster,
  type WithClusterOptions,
} from './environment/connect-environment.ts';
export {
  type EnvironmentObjects,
  readEnvironmentObjects,
} from './environment/read-environment-objects.ts';
export { provideImages } from './environment/provide-images.ts';
export { NotBuiltError, readRendered, type Rendered } from './environment/read-rendered.ts';
export { parseQuantity } from './forecast/quantity.ts';
export { forecast, type ForecastInput } from './forecast/forecast.ts';
export { forecastRender } from './forecast/forecast-render.ts';
export { FORECAST_CODES, type Forecast, type ForecastCode } from './forecast/forecast-codes.ts';
export { compareSources, type SourceChange } from './restarts/changes.ts';
export { describeEffect, type Effect, effectsOf } from './restarts/effects-of.ts';
export {
  ON_CHANGE,
  type OnChange,
  type Reader,
  READS_VIA,
  type ReadsVia,
} from './restarts/reader.ts';
export { readersOf } from './restarts/readers-of.ts';
export { START_PARTS, type StartPart } from './restarts/start-parts.ts';
export { CHECKSUM_ANNOTATION, type Digest, withChecksums } from './restarts/with-checksums.ts';
