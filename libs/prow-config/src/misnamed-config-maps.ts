import { readUpdaterMaps } from '@prow-deploy/config-updater';
import type { NameParts } from '@prow-deploy/environment';
import type { PathElement } from '@prow-deploy/yq-script';
import { valueAt } from './config-node.ts';

/** A ConfigMap of `config_updater.maps` that has another name in the cluster. */
export interface MisnamedConfigMap {
  /** Where its name is, in plugins.yaml. */
  readonly path: readonly PathElement[];
  readonly name: string;
}

/**
 * The ConfigMaps of `config_updater.maps` whose names lack what kustomize puts before and after every name of the
 * environment: Prow would write them under the one name, and its components read the other.
 *
 * @param plugins the document, parsed
 */
export function misnamedConfigMaps(
  plugins: unknown,
  { prefix, suffix }: NameParts,
): MisnamedConfigMap[] {
  return readUpdaterMaps(plugins).flatMap(({ pattern, names }) => {
    const path = ['config_updater', 'maps', pattern];
    const isOne = valueAt(plugins, [...path, 'name']) !== undefined;
    return names.flatMap((name, index) =>
      name.startsWith(prefix) && name.endsWith(suffix)
        ? []
        : [{ name, path: [...path, ...(isOne ? ['name'] : ['partitioned_names', index])] }],
    );
  });
}
