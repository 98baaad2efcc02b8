import { join } from 'node:path';
import { registerTsProject } from 'nx/src/plugins/js/utils/register';

let kept = false;

/**
 * Nx understands TypeScript only while it loads an executor or a hasher. Libraries load what is heavy where they use it,
 * which is later: so from here on TypeScript stays understood in this process. (Needed where Node does not strip types
 * by itself, that is before 22.18.)
 */
export function keepTypescript(workspaceRoot: string): void {
  if (kept) return;
  kept = true;
  registerTsProject(join(workspaceRoot, 'tsconfig.base.json'));
}
