export { baseConfigDirectory } from './base-config-directory.ts';
export {
  type Acceptance,
  type AuditSettings,
  type ClusterIdentity,
  type ClusterSpec,
  type EmbeddedCluster,
  type Environment,
  type EnvironmentConfiguration,
  type ExternalObject,
  type KubeconfigCluster,
  type KubevirtciCluster,
  type Namespaces,
  type NodeCluster,
  PROTECTIONS,
  type Protection,
  type SecretsSource,
  type SimulatedNode,
} from './environment.ts';
export { ENVIRONMENT_ERROR_CODES, EnvironmentError, type EnvironmentErrorCode } from './errors.ts';
export { nextConfigVersion } from './next-config-version.ts';
export { isSameCluster } from './is-same-cluster.ts';
export { isLocalCluster } from './is-local-cluster.ts';
export {
  JOBS_FOLDER,
  JOB_CONFIG_FILE,
  type NameParts,
  PLUGINS_FILE,
  readNameParts,
  renderJobConfig,
} from './job-config.ts';
export {
  KUSTOMIZATION_FILES,
  type Kustomization,
  type KustomizationTree,
  findKustomization,
  readKustomizationTree,
} from './kustomization-tree.ts';
export {
  OUTPUT_FILES,
  type OutputFile,
  type OutputOwner,
  maskOutputs,
  outputFile,
  writeOutput,
} from './output-files.ts';
export {
  checkEnvironment,
  ENVIRONMENT_FILE,
  type ReadEnvironmentOptions,
  listEnvironments,
  readEnvironment,
} from './read-environment.ts';
export {
  type RenderedConfig,
  renderConfigs,
  renderErrors,
  renderWarnings,
  writeConfigs,
} from './render-configs.ts';
export { domainOf, type EnvironmentNames, renameEnvironment } from './rename-environment.ts';
export { nxRun } from './nx-run.ts';
export { writeIdentity } from './write-identity.ts';
export { type YamlFile, parseYamlFile, readYamlFile } from './yaml-file.ts';
