import { navigate } from './navigate.ts';
import type { IndexProblem } from './navigate.ts';
import type { ScriptCommand } from './parse-script.ts';
import { setValue } from './set-value.ts';
import { toValue } from './to-value.ts';
import type { TraceRecorder } from './trace.ts';
import type { YamlNode } from './yaml-node.ts';

/** Sets the value at each place of the path and leaves the comments there; despite its name it merges no maps. */
export function merge(
  root: YamlNode,
  command: ScriptCommand,
  trace: TraceRecorder,
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
      trace.setValue(place, oldValue, toValue(node));
    },
  });
}
