export { formatVerifyReport } from './format-verify-report.ts';
export { VERIFIED_FOR_MS } from './verified-for.ts';
export { verifyEnvironment, type VerifyEnvironmentOptions } from './verify-environment.ts';
export { verify, type VerifyOptions } from './verify.ts';
export {
  type Check,
  type CheckName,
  CHECKS,
  type NotPossible,
  type VerifyReport,
} from './verify-report.ts';
