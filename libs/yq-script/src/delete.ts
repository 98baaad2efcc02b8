import { matchesElement } from './matches-element.ts';
import { navigate } from './navigate.ts';
import type { IndexProblem, Place } from './navigate.ts';
import type { PathElement } from './parse-path.ts';
import type { ScriptCommand } from './parse-script.ts';
import { toValue } from './to-value.ts';
import type { TraceRecorder } from './trace.ts';
import type { YamlNode } from './yaml-node.ts';

/** A delete cannot be done; yq 3.4.1 panics. */
export type DeleteProblem = 'negative-delete-index' | 'empty-delete-path';

/**
 * Removes from each place of the path but its last element what that last element matches: entries of a
 * map by key, items of a sequence by index or by their own text. What is not there is passed over, but
 * the way to it is made as for an update.
 */
export function deleteMatches(
  root: YamlNode,
  command: ScriptCommand,
  trace: TraceRecorder,
): IndexProblem | DeleteProblem | undefined {
  const last = command.elements.at(-1);
  if (last === undefined) return 'empty-delete-path';
  let deleteProblem: DeleteProblem | undefined;
  const indexProblem = navigate(root, command.elements.slice(0, -1), {
    followAliases: false,
    createKeys: false,
    visitInnerNodes: true,
    onCreate: trace.onCreate,
    onReplace: trace.onReplace,
    visit(node, place) {
      if (node.kind === 'map') deleteEntries(node, last, place, trace);
      else if (node.kind === 'sequence') {
        if (typeof last === 'string') deleteItems(node, last, place, trace);
        else if (last < 0) deleteProblem ??= 'negative-delete-index';
        else deleteItem(node, last, place, trace);
      }
    },
  });
  return deleteProblem ?? indexProblem;
}

function deleteEntries(map: YamlNode, last: PathElement, place: Place, trace: TraceRecorder): void {
  const kept: YamlNode[] = [];
  for (let at = 0; at + 1 < map.children.length; at += 2) {
    const [key, value] = map.children.slice(at, at + 2) as [YamlNode, YamlNode];
    if (matchesElement(last, key, key.text)) trace.deleteChild(place, key.text, toValue(value));
    else kept.push(key, value);
  }
  map.children = kept;
}

function deleteItems(sequence: YamlNode, last: string, place: Place, trace: TraceRecorder): void {
  sequence.children = sequence.children.filter((item, index) => {
    if (!matchesElement(last, item, item.text)) return true;
    trace.deleteChild(place, index, toValue(item));
    return false;
  });
}

function deleteItem(sequence: YamlNode, index: number, place: Place, trace: TraceRecorder): void {
  const item = sequence.children[index];
  if (!item) return;
  trace.deleteChild(place, index, toValue(item));
  // In yq the items move up in the list that other nodes may share, where the last one stays behind.
  sequence.children.copyWithin(index, index + 1);
  sequence.children = sequence.children.slice(0, -1);
}
