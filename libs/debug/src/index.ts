export { type Component, findComponent, type FindComponentOptions } from './component.ts';
export { debugComponent, type DebugComponentOptions, type DebugResult } from './debug-component.ts';
export { debugEnvironment, type DebugEnvironmentOptions } from './debug-environment.ts';
export { DEBUG_ERROR_CODES, DebugError, type DebugErrorCode } from './debug-error.ts';
export { sourceImage, type SourceImageOptions } from './source-image.ts';
