import { AuditError } from '../audit-error.ts';
import { type Tree, listOf } from '../load/tree.ts';
import { describeOperation } from './describe.ts';
import type { FollowedTree } from './follow.ts';
import { OPAQUE_FIELDS } from './opaque-levels.ts';
import { effectiveNamespace, groupVersion, idOf, metadataOf } from './sim-object.ts';

/**
 * Compares what was followed with what kustomize built: the same objects by kind, namespace and name, else the trace is
 * not to be trusted and there is none. Values are compared by the tests, on whole trees.
 *
 * @throws {AuditError} `unbuildable`.
 */
export function verifyTrace(tree: Tree, { outcome }: FollowedTree, manifest: string): void {
  if ('failure' in outcome) {
    const { operation, reason } = outcome.failure;
    throw cannotFollow(
      tree,
      `kustomize builds it, but ${operation.file}:${operation.line}: ${describeOperation(operation)} was expected to fail: ${reason}`,
    );
  }
  // What transformers of its own do at the very top comes after all that is traced.
  const { content } = tree.top;
  if (OPAQUE_FIELDS.some((field) => listOf(content[field]).length > 0)) return;
  const built = new Map<string, number>();
  for (const id of manifestIds(manifest)) built.set(id, (built.get(id) ?? 0) + 1);
  for (const { value, hashed } of outcome.objects) {
    if (isLocal(metadataOf(value)['annotations'])) continue;
    const id = idOf(value);
    const text = idText(id.kind, effectiveNamespace(id), id.name);
    const found = hashed ? [...built.keys()].find((key) => key.startsWith(`${text}-`)) : text;
    const count = found === undefined ? 0 : (built.get(found) ?? 0);
    if (found === undefined || count === 0)
      throw cannotFollow(tree, `${text} is not in what kustomize builds`);
    if (count === 1) built.delete(found);
    else built.set(found, count - 1);
  }
  const [extra] = built.keys();
  if (extra !== undefined) throw cannotFollow(tree, `kustomize builds ${extra} as well`);
}

function isLocal(annotations: unknown): boolean {
  const value = (annotations as Record<string, unknown> | undefined)?.[
    'config.kubernetes.io/local-config'
  ];
  return value !== undefined && value !== 'false';
}

// kustomize writes fields in one way: sorted, two spaces deep. So ids are read without parsing what is long.
function manifestIds(manifest: string): string[] {
  return manifest.split(/^---$/m).map((text) => {
    const top = (field: string): string =>
      scalar(new RegExp(`^${field}: (.*)$`, 'm').exec(text)?.[1]);
    const metadata = /^metadata:\n((?:[ ].*\n|\n)*)/m.exec(text)?.[1] ?? '';
    const own = (field: string): string =>
      scalar(new RegExp(`^ {2}${field}: (.*)$`, 'm').exec(metadata)?.[1]);
    const id = {
      ...groupVersion(top('apiVersion')),
      kind: top('kind'),
      name: own('name'),
      namespace: own('namespace'),
    };
    return idText(id.kind, effectiveNamespace(id), id.name);
  });
}

function scalar(text = ''): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

function idText(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

function cannotFollow(tree: Tree, why: string): AuditError {
  return new AuditError(
    'unbuildable',
    `Cannot trace the patches of ${tree.top.file}: ${why}. The kustomization uses what the audit does not know; report it.`,
  );
}
