import { basename, extname } from 'node:path';
import { type Finding, finding } from '../finding.ts';
import type { Entry } from './entries.ts';
import type { Followed } from './follow.ts';
import { type SelectorField, anchored } from './selector.ts';
import { describeId, idOf, originalId } from './sim-object.ts';

const COMPARED: readonly SelectorField[] = ['group', 'kind', 'namespace', 'name'];

/** Patches that say to be for one object, in the patch or by the file's name, and have another one for target. */
export function disagreements(operations: readonly Followed[]): Finding[] {
  return [...inPatches(operations), ...inFileNames(operations)];
}

function inPatches(operations: readonly Followed[]): Finding[] {
  return operations.flatMap(({ entry, operation, effects }): Finding[] => {
    const { target } = entry;
    if (operation.kind !== 'merge' || !target) return [];
    const { allow, patch } = operation;
    const own = idOf(patch);
    const fields = COMPARED.filter((field) => {
      // Patches for many objects have a name because they must; what a patch is to change may differ.
      const wanted = target[field];
      if (wanted === '' || own[field] === '' || !/^[\w.-]+$/.test(wanted)) return false;
      if ((field === 'name' && allow.name) || (field === 'kind' && allow.kind)) return false;
      return !anchored(wanted)(own[field]);
    });
    // `apiVersion: v1` has no group to compare; it is wrong where the target's kind has one.
    if (target.group !== '' && own.group === '' && own.version !== '') fields.unshift('group');
    if (fields.length === 0) return [];
    const differences = fields.map(
      (field) => `${field} ${own[field] === '' ? '(none)' : own[field]}, not ${target[field]}`,
    );
    const consequence =
      effects.length === 0
        ? 'kustomize goes by the target'
        : 'kustomize goes by the target and patches that';
    return [
      finding(
        'patch-target-disagrees',
        `${entry.name}: the patch is written for ${describeId(own)}, its target has another ${fields.join(' and ')} (${differences.join('; ')}); ${consequence}. Make both say the same.`,
        { file: operation.file, line: operation.line },
      ),
    ];
  });
}

// `deck_deployment.yaml` for a Deployment hook, where there is a Deployment deck.
function inFileNames(operations: readonly Followed[]): Finding[] {
  const told = new Set<Entry>();
  return operations.flatMap(({ entry, operation, among }): Finding[] => {
    const { target, patchFile } = entry;
    if (!target || patchFile === undefined || told.has(entry)) return [];
    told.add(entry);
    const { kind, name } = target;
    if (kind === '' || name === '' || !/^[\w.-]+$/.test(name)) return [];
    const parts = basename(patchFile, extname(patchFile)).split(/(?<=[_.-])|(?=[_.-])/);
    const named = parts
      .filter((part) => part.toLowerCase() !== kind.toLowerCase())
      .join('')
      .replace(/^[_.-]+|[_.-]+$/g, '');
    if (named === name || parts.length === 1) return [];
    const other = among.some((object) => {
      const id = originalId(object);
      return id.kind === kind && id.name === named;
    });
    if (!other) return [];
    return [
      finding(
        'patch-target-disagrees',
        `${entry.name}: the file is named for ${kind} ${named}, which is there, and its target is ${kind} ${name}. Correct the target, or name the file for it.`,
        { file: operation.file, line: operation.line },
      ),
    ];
  });
}
