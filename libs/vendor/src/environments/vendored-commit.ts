import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  type Environment,
  findKustomization,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { type Upstream } from '../copy/upstream.ts';
import { VendorError } from '../vendor-error.ts';

/** Where an environment says which copy it uses. */
export interface VendoredCommit {
  /** Name of the copy's folder: the commit, for a copy of one. */
  readonly commit: string;
  /** Absolute path of the copy. */
  readonly directory: string;
  /** Absolute path of the kustomization file that references it. */
  readonly file: string;
  /** Where in that file: `['resources', 1]`. */
  readonly at: readonly [field: string, index: number];
  /** Whether that file is the environment's own, so that it can move alone. */
  readonly own: boolean;
}

/** Fields of a kustomization that lead to other kustomizations. */
const FIELDS = ['resources', 'components', 'bases'] as const;

/** Every reference of an environment's kustomizations to a copy of this upstream. */
export function findVendoredCommits(
  { directory, workspaceRoot }: Pick<Environment, 'directory' | 'workspaceRoot'>,
  upstream: Pick<Upstream, 'directory'>,
): VendoredCommit[] {
  const { kustomizations } = readKustomizationTree(directory, workspaceRoot);
  return kustomizations.flatMap((kustomization) =>
    FIELDS.flatMap((field) => {
      const list = kustomization.content[field];
      if (!Array.isArray(list)) return [];
      return list.flatMap((value: unknown, index): VendoredCommit[] => {
        if (typeof value !== 'string') return [];
        const target = resolve(kustomization.directory, value);
        if (dirname(target) !== upstream.directory) return [];
        return [
          {
            commit: basename(target),
            directory: target,
            file: findKustomization(kustomization.directory) ?? '',
            at: [field, index],
            own: kustomization.directory === resolve(directory),
          },
        ];
      });
    }),
  );
}

/**
 * The copy that an environment uses.
 *
 * @throws {VendorError} `not-vendored` where it uses none, or several.
 */
export function vendoredCommit(
  environment: Pick<Environment, 'name' | 'directory' | 'workspaceRoot'>,
  upstream: Pick<Upstream, 'name' | 'directory'>,
): VendoredCommit {
  const [found, ...others] = findVendoredCommits(environment, upstream);
  const { name, workspaceRoot } = environment;
  if (!found) {
    throw new VendorError(
      'not-vendored',
      `Cannot tell the vendored commit of ${name}: its kustomization references no folder of vendor/${upstream.name}. Reference one in its resources.`,
    );
  }
  const other = others.find(({ commit }) => commit !== found.commit);
  if (other) {
    const places = [found, other].map(({ file }) => relative(workspaceRoot, file)).join(' and ');
    throw new VendorError(
      'not-vendored',
      `Cannot tell the vendored commit of ${name}: it uses both ${found.commit} and ${other.commit} (${places}). Leave one.`,
    );
  }
  return found;
}

/** The path of a copy as its folder below the workspace root is named. */
export function copyDirectory({ directory }: Pick<Upstream, 'directory'>, commit: string): string {
  return join(directory, commit);
}
