import type { IndexProblem } from './navigate.ts';
import type { ScriptCommand } from './parse-script.ts';
import { setAtPath } from './set-at-path.ts';
import type { TraceRecorder } from './trace.ts';
import type { YamlNode } from './yaml-node.ts';

/** Sets the value at each place of the path and leaves the comments there; despite its name it merges no maps. */
export function merge(
  root: YamlNode,
  command: ScriptCommand,
  trace: TraceRecorder,
): IndexProblem | undefined {
  return setAtPath(root, command, trace);
}
