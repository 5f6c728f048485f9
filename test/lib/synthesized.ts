import { stageNames, synthesize } from '#tools/synth.ts';

/** Runs once before the tests of the stacks: builds the bundles and synthesizes every stage, or finds all unchanged. */
export default async function setup(): Promise<void> {
  for (const stage of stageNames) await synthesize(stage);
}
