export {
  type BuildEnvironmentOptions,
  type EnvironmentBuild,
  buildEnvironment,
} from './build-environment.ts';
export { type BuildOptions, type BuildResult, build } from './build.ts';
export { KUSTOMIZE_ERROR_CODES, KustomizeError, type KustomizeErrorCode } from './errors.ts';
