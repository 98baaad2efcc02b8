export {
  type ClusterSpec,
  type EmbeddedCluster,
  type Environment,
  type KubeconfigCluster,
  type Namespaces,
  PROTECTIONS,
  type Protection,
  type SecretsSource,
  type SimulatedNode,
} from './environment.ts';
