export { applyScript } from './apply-script.ts';
export type { AppliedScript, ApplyScriptOptions } from './apply-script.ts';
export { YqScriptError, yqScriptErrorCodes } from './errors.ts';
export type { YqScriptErrorCode, YqScriptErrorPlace } from './errors.ts';
export { findDeletions, findOrigin } from './find-origin.ts';
export type { Deletion, Origin } from './find-origin.ts';
export { parsePath } from './parse-path.ts';
export type { PathElement } from './parse-path.ts';
export { locationActions, sideEffectKinds } from './trace.ts';
export type {
  CommandTrace,
  LocationAction,
  LocationTrace,
  SideEffect,
  SideEffectKind,
} from './trace.ts';
