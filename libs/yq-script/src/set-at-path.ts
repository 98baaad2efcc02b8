import { navigate } from './navigate.ts';
import type { IndexProblem } from './navigate.ts';
import type { ScriptCommand } from './parse-script.ts';
import { setValue } from './set-value.ts';
import { toValue } from './to-value.ts';
import type { TraceRecorder } from './trace.ts';
import type { YamlNode } from './yaml-node.ts';

/** Sets the command's value at each place of its path; `finish` does to the node what is left to do. */
export function setAtPath(
  root: YamlNode,
  command: ScriptCommand,
  trace: TraceRecorder,
  finish?: (node: YamlNode) => void,
): IndexProblem | undefined {
  return navigate(root, command.elements, {
    followAliases: false,
    createKeys: true,
    visitInnerNodes: false,
    onCreate: trace.onCreate,
    onReplace: trace.onReplace,
    visit(node, place) {
      const oldValue = toValue(node);
      setValue(node, command.value);
      finish?.(node);
      trace.setValue(place, oldValue, toValue(node));
    },
  });
}
