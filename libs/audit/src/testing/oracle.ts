import { stringify } from 'yaml';
import { type Json, type Level, type Tree, listOf } from '../load/tree.ts';
import type { Entry, Operation } from '../patches/entries.ts';
import { runKustomize } from '../patches/run-kustomize.ts';
import { withoutField } from '../patches/sim-object.ts';
import { followDirectory } from '../patches/trace-patches.ts';

/**
 * The oracle: kustomize itself, run once more for each patch and each of its operations, without that one. Says where
 * the render is another one although the audit says that it is the same, or the other way round.
 */
export async function disagreements(
  directory: string,
  root: string,
  kustomize: string,
): Promise<{ readonly compared: number; readonly wrong: string[] }> {
  const { tree, followed } = await followDirectory(directory, { root, kustomize });
  const full = await runKustomize(tree, { kustomize });
  const wrong: string[] = [];
  const check = async (name: string, effective: boolean, changed: Tree): Promise<void> => {
    const manifest = await runKustomize(changed, { kustomize }).catch(() => 'kustomize fails');
    if ((manifest !== full) !== effective) {
      wrong.push(
        `${name}: the audit says ${effective ? 'changes' : 'changes nothing'}, kustomize does not`,
      );
    }
  };
  const entries = [...new Set(followed.operations.map(({ entry }) => entry))];
  const checks = entries.map(
    (entry) => () =>
      check(
        `${entry.level.file} ${entry.name}`,
        !followed.ineffective.has(entry),
        withoutEntry(tree, entry),
      ),
  );
  for (const { entry, operation, effective } of followed.operations) {
    const single = entry.operations.length === 1 || entry.patchFile?.startsWith('?');
    if (single || (operation.kind !== 'json' && operation.kind !== 'replace')) continue;
    checks.push(() => check(operation.id, effective, withoutOperation(tree, entry, operation)));
  }
  await inPairs([...checks]);
  return { compared: checks.length, wrong };
}

// The tree with another text in place of a kustomization.
function withContent(tree: Tree, level: Level, content: unknown): Tree {
  const files = new Map(tree.files);
  files.set(level.file, Buffer.from(stringify(content)));
  return { ...tree, files };
}

function withoutEntry(tree: Tree, { level, field, index }: Entry): Tree {
  const list = listOf(level.content[field]).filter((_entry, at) => at !== index);
  return withContent(
    tree,
    level,
    list.length === 0 ? withoutField(level.content, field) : { ...level.content, [field]: list },
  );
}

function withoutOperation(tree: Tree, entry: Entry, operation: Operation): Tree {
  const { level, field, index, operations } = entry;
  const list = [...listOf(level.content[field])];
  const written = list[index] as { [key: string]: Json };
  if (operation.kind === 'replace') {
    const at = operations.indexOf(operation);
    const targets = listOf(written['targets']).filter((_target, position) => position !== at);
    list[index] = { ...written, targets };
  } else {
    const rest = operations.filter((each) => each !== operation);
    const patch = JSON.stringify(rest.map((each) => (each.kind === 'json' ? each.json : null)));
    list[index] = { ...withoutField(written, 'path'), patch };
  }
  return withContent(tree, level, { ...level.content, [field]: list });
}

async function inPairs(tasks: (() => Promise<void>)[]): Promise<void> {
  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task();
  };
  await Promise.all([work(), work()]);
}
