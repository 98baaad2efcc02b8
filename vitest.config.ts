import { defineConfig } from 'vitest/config';

const ci = process.env['CI'] === 'true';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['libs/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts'],
    globalSetup: ['tools/toolchain/src/testing/install-tools.ts'],
    testTimeout: 30_000,
    reporters: ci ? ['default', ['json', { outputFile: 'dist/test-report.json' }]] : ['default'],
  },
});
