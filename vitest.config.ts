import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['libs/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
