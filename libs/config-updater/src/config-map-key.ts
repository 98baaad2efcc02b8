import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { UpdaterMap } from './updater-map.ts';

/** The key under which an entry keeps a file. */
export function configMapKey({ key, fullPathAsKey }: UpdaterMap, path: string): string {
  return key ?? (fullPathAsKey ? path.replaceAll('/', '-') : posix.basename(path));
}

/** The ConfigMap of an entry that holds a key; undefined where the entry names none. */
export function configMapOf({ names }: UpdaterMap, key: string): string | undefined {
  // Source: FilterChanges in pkg/plugins/updateconfig/updateconfig.go of Prow.
  const [first = 0] = createHash('sha256').update(key).digest();
  return names[first % names.length];
}
