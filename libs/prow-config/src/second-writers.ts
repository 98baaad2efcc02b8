import type { PathElement } from '@prow-deploy/yq-script';
import { readUpdaterMaps } from '@prow-deploy/config-updater';
import { valueAt } from './config-node.ts';

/**
 * Where plugins.yaml lets hook write the ConfigMaps that apply writes: each place at which the config-updater plugin is
 * enabled, while `config_updater.maps` has entries.
 *
 * @param plugins the document, parsed
 */
export function secondWriters(plugins: unknown): readonly PathElement[][] {
  if (readUpdaterMaps(plugins).length === 0) return [];
  const enabled = valueAt(plugins, ['plugins']);
  return Object.entries(typeof enabled === 'object' && enabled !== null ? enabled : {}).flatMap(
    ([repository, value]) => {
      const names: unknown = Array.isArray(value) ? value : valueAt(value, ['plugins']);
      const path = Array.isArray(value) ? [repository] : [repository, 'plugins'];
      return Array.isArray(names)
        ? names.flatMap((name, index) =>
            name === 'config-updater' ? [['plugins', ...path, index]] : [],
          )
        : [];
    },
  );
}
