import { synthesize } from '#tools/synth.ts';

/** Runs once before the tests of the stacks: builds the bundles and synthesizes, or finds both unchanged. */
export default async function setup(): Promise<void> {
  await synthesize();
}
