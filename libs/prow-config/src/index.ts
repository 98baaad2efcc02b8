export { checkConfig, type CheckConfigOptions, CONFIG_FILE } from './check-config.ts';
export {
  type CheckConfigReport,
  CONFIG_FINDING_CODES,
  type ConfigFinding,
  type ConfigFindingCode,
  type ConfigPlace,
} from './config-finding.ts';
export { formatCheck } from './format-check.ts';
export {
  PROW_CONFIG_ERROR_CODES,
  ProwConfigError,
  type ProwConfigErrorCode,
} from './prow-config-error.ts';
