export { type BuildOptions, type BuildResult, build } from './build.ts';
export { KUSTOMIZE_ERROR_CODES, KustomizeError, type KustomizeErrorCode } from './errors.ts';
