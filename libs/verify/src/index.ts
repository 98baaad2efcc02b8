export { formatVerifyReport } from './format-verify-report.ts';
export { VERIFIED_FOR_MS } from './verified-for.ts';
export { verifyEnvironment, type VerifyEnvironmentOptions } from './verify-environment.ts';
export {
  type E2eReport,
  E2E_STEPS,
  type E2eStep,
  runE2e,
  type RunE2eOptions,
} from './e2e/run-e2e.ts';
export { formatE2eReport, formatE2eStep } from './e2e/format-e2e-report.ts';
export { ArtifactsFolder, newArtifactsFolder } from './artifacts/artifacts-folder.ts';
export { collectArtifacts, type CollectArtifactsOptions } from './artifacts/collect-artifacts.ts';
export { collectVerifyArtifacts } from './artifacts/collect-verify-artifacts.ts';
export { junitReport } from './junit-report.ts';
export { ownChecksFolders } from './own-checks-folders.ts';
export { verify, type VerifyOptions } from './verify.ts';
export {
  type Check,
  type CheckName,
  CHECKS,
  type NotPossible,
  type VerifyReport,
} from './verify-report.ts';
