// Nx loads JavaScript from here, so it needs no TypeScript of its own. jiti loads the sources: what it makes of them it
// keeps on disk by the hash of their content, so that it starts fast and is never out of date.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createJiti } = require('jiti');

const root = join(__dirname, '../..');
const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
const alias = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, join(root, path)]),
);
const jiti = createJiti(__filename, { alias });

/** Loads a module below src/, named without its extension. */
exports.load = (path) => jiti(join(__dirname, 'src', `${path}.ts`));
