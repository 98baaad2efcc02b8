import type { IndexProblem } from './navigate.ts';
import type { ScriptCommand } from './parse-script.ts';
import { setAtPath } from './set-at-path.ts';
import type { TraceRecorder } from './trace.ts';
import type { YamlNode } from './yaml-node.ts';

/** Sets the value at each place of the path, and puts the comments of the new value in place of the old ones. */
export function update(
  root: YamlNode,
  command: ScriptCommand,
  trace: TraceRecorder,
): IndexProblem | undefined {
  return setAtPath(root, command, trace, (node) => {
    node.comments = { ...command.value.comments };
  });
}
