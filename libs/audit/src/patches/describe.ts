import type { Json } from '../load/tree.ts';
import { scalarText, textOf } from '../load/tree.ts';
import type { Entry, Operation } from './entries.ts';
import { describeSelector } from './selector.ts';
import { type SimObject, describeId, idOf } from './sim-object.ts';

/** An operation as people write it. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'json':
      return `${operation.json.op} ${operation.json.path}`;
    case 'merge':
      return `merge ${describeId(idOf(operation.patch))}`;
    case 'generate':
      return `${operation.generated.behavior} ${describeId(idOf(operation.generated.value))}`;
    case 'replicas':
      return `replicas of ${textOf(operation.replicas['name'])}`;
    case 'image':
      return `image ${textOf(operation.image['name'])}`;
    case 'replace':
      return `replace ${operation.target.fieldPaths.join(', ')} in ${describeSelector(operation.selector)}`;
  }
}

/** An object as messages name it. */
export function describeSimObject({ value }: SimObject): string {
  return describeId(idOf(value));
}

/** An entry with its kustomization. */
export function describeEntry({ level, name }: Entry): string {
  return `${level.file} ${name}`;
}

/** A value in a message: short, and without the contents of a Secret. */
export function describeValue(value: Json | undefined, object: SimObject, path: string): string {
  if (value === undefined) return 'nothing';
  const { kind } = idOf(object.value);
  if (kind === 'Secret' && /^\/(?:data|stringData)(?:\/|$)/.test(path)) return 'a value (left out)';
  const text = scalarText(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
