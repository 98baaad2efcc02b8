export { ApiError, type ApiErrorCause, type ApiErrorDetails } from './api-error.ts';
export {
  type ApiRequest,
  type ApiResponse,
  APPLY_PATCH,
  JSON_PATCH,
  MERGE_PATCH,
  METADATA,
  METADATA_LIST,
  STRATEGIC_MERGE_PATCH,
} from './api-request.ts';
export type { ApiResource, ApiResourceIndex } from './api-resource-index.ts';
export type { ClusterIdentity } from '@prow-deploy/environment';
export type { Cluster, ClusterOptions, ClusterState } from './cluster.ts';
export { clusterDown } from './cluster-down.ts';
export { CLUSTER_ERROR_CODES, ClusterError, type ClusterErrorCode } from './cluster-error.ts';
export { clusterReset } from './cluster-reset.ts';
export { clusterUp } from './cluster-up.ts';
export { connect } from './connect.ts';
export { type IdentityDifference, identityDifferences } from './identity/identity-differences.ts';
export { type Access, requireIdentity } from './identity/require-identity.ts';
export { kubectlCommand, kubectlProgram } from './kubectl-command.ts';
