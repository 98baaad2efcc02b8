import { parseDocument, isScalar, isSeq } from 'yaml';
import { type TreeFile } from '../git/git-hash.ts';
import { MANIFESTS_FOLDER } from './source.ts';

/** The kustomization.yaml of a new copy, made from that of the copy before it. */
export interface Selection {
  /** Text of the new kustomization.yaml, comments included. */
  readonly kustomization: string;
  /** Files that are used as before. */
  readonly kept: readonly string[];
  /** Files that upstream moved, byte for byte, and that are used under their new name. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Files that were used and are gone. */
  readonly gone: readonly string[];
}

export interface SelectOptions {
  /** Text of the kustomization.yaml of the copy before. */
  readonly kustomization: string;
  /** What that copy holds. */
  readonly before: readonly TreeFile[];
  /** What the new one holds. */
  readonly after: readonly TreeFile[];
}

/**
 * Uses of the new files what was used of the old ones, as far as it is still there. A file that upstream merely renamed
 * stays in use; one that changed on the way is left to whoever reads the rehearsal, so that nothing is deployed unread.
 */
export function selectManifests({ kustomization, before, after }: SelectOptions): Selection {
  const document = parseDocument(kustomization);
  const kept: string[] = [];
  const moved: { from: string; to: string }[] = [];
  const gone: string[] = [];
  const resources = document.get('resources');
  if (isSeq(resources)) {
    resources.items = resources.items.filter((item) => {
      if (!isScalar(item) || typeof item.value !== 'string') return true;
      const from = manifestOf(item.value);
      // What is not below manifests/ is ours.
      if (from === undefined) return true;
      const to = followFile(from, before, after);
      if (to === undefined) {
        gone.push(from);
        return false;
      }
      if (to === from) kept.push(from);
      else {
        moved.push({ from, to });
        item.value = `${MANIFESTS_FOLDER}/${to}`;
      }
      return true;
    });
  }
  const changed = moved.length > 0 || gone.length > 0;
  return {
    kustomization: changed ? document.toString({ lineWidth: 0 }) : kustomization,
    kept,
    moved,
    gone,
  };
}

/** The file below manifests/ that a resource names; undefined where it names something else. */
export function manifestOf(resource: string): string | undefined {
  const path = resource.replace(/^(?:\.\/)+/, '');
  return path.startsWith(`${MANIFESTS_FOLDER}/`)
    ? path.slice(MANIFESTS_FOLDER.length + 1)
    : undefined;
}

function followFile(
  path: string,
  before: readonly TreeFile[],
  after: readonly TreeFile[],
): string | undefined {
  // A resource can be a folder with a kustomization of its own.
  if (after.some((file) => file.path === path || file.path.startsWith(`${path}/`))) return path;
  const old = before.find((file) => file.path === path);
  const known = new Set(before.map((file) => file.path));
  const [same, ...others] = after.filter(
    ({ path: name, hash }) => hash === old?.hash && !known.has(name),
  );
  return others.length === 0 ? same?.path : undefined;
}

/** A kustomization.yaml for a first copy, of which nothing is used yet. */
export const EMPTY_SELECTION = `# Which of the vendored manifests are deployed.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization

resources: []
`;
