import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 20_000, pool: 'threads' as const };
/** Tests that read the synthesized stacks or run the built bundles; those are made first, once. */
const stacks = ['test/lib/**/*.test.ts', 'test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'code', include: ['test/**/*.test.ts'], exclude: stacks } },
      { test: { ...shared, name: 'stacks', include: stacks, globalSetup: ['test/lib/synthesized.ts'], maxConcurrency: 40 } },
    ],
  },
});
