import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const ci = process.env['CI'] === 'true';

/** Where tsconfig.base.json says that the sources of each library begin. */
function sources(): { find: RegExp; replacement: string }[] {
  const { compilerOptions } = JSON.parse(
    readFileSync(join(root, 'tsconfig.base.json'), 'utf8'),
  ) as {
    compilerOptions: { paths: Record<string, [string]> };
  };
  return Object.entries(compilerOptions.paths).map(([name, [path]]) => ({
    find: new RegExp(`^${name}$`),
    replacement: join(root, path),
  }));
}

export default defineConfig({
  // The sources, for every file: libraries tell their errors apart by class, and dist/ may be out of date.
  resolve: { alias: sources() },
  test: {
    include: ['libs/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts'],
    globalSetup: ['tools/toolchain/src/testing/install-tools.ts'],
    testTimeout: 30_000,
    // Most tests wait for other processes: one worker for each core is not too many.
    maxWorkers: '100%',
    reporters: ci ? ['default', ['json', { outputFile: 'dist/test-report.json' }]] : ['default'],
  },
});
