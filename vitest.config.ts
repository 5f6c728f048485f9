import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const shared = { testTimeout: 20_000, pool: 'threads' as const };
/** Tests that read the synthesized stacks or run the built bundles; those are made first, once. */
const stacks = ['test/lib/**/*.test.ts', 'test/e2e/**/*.test.ts'];

/** Files that take minutes, the longest first: begun last, one of them would keep a single worker busy while the other has nothing to do. */
const LONG = [
  'test/conformance/conformance.test.ts',
  'test/e2e/stories.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/product.test.ts',
  'test/e2e/webhooks.test.ts',
  'test/e2e/sign-in.test.ts',
  'test/e2e/mails.test.ts',
  'test/e2e/uploads.test.ts',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // One more than the cores that CI has: tests of the whole product wait for much of their time.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { ...shared, name: 'code', include: ['test/**/*.test.ts'], exclude: stacks } },
      { test: { ...shared, name: 'stacks', include: stacks, globalSetup: ['test/lib/synthesized.ts'], maxConcurrency: 40 } },
    ],
  },
});
