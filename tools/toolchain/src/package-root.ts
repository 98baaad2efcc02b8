import { fileURLToPath } from 'node:url';

/**
 * The folder of this package, which holds `versions.json` and `go/`. Both `src/` and `dist/` lie directly in it.
 */
export const PACKAGE_ROOT = fileURLToPath(new URL('../', import.meta.url));
