import { join } from 'node:path';

/** Folder of the base configuration that an environment renders. */
export function baseConfigDirectory(workspaceRoot: string, configVersion: string): string {
  return join(workspaceRoot, 'kustom-base', 'configs', configVersion);
}
