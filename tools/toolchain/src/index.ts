export { TOOLCHAIN_ERROR_CODES, ToolchainError } from './errors.ts';
export type { Attempt, ToolchainErrorCode } from './errors.ts';
export {
  ensureTool,
  ensureTools,
  everydayTools,
  toolsOfThisSystem,
  toolVersion,
} from './ensure-tools.ts';
export { toolFiles } from './installed.ts';
export { printProgress } from './print-progress.ts';
export type { ProgressStream } from './print-progress.ts';
export type { OnProgress, ProgressEvent } from './progress.ts';
export { SOURCE_PREFERENCES } from './settings.ts';
export type { SourcePreference, Timeouts, ToolchainOptions } from './settings.ts';
export { isToolName, TOOLS } from './tools.ts';
export type { ToolName } from './tools.ts';
