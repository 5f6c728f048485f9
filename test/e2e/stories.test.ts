import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { Product } from '#local/product.ts';
import { startTestProduct } from '#test/support/test-product.ts';
import { answerStories, budgetStories } from './stories/budgets-and-answers.ts';
import { overrideStories } from './stories/overrides.ts';
import { payStories } from './stories/pay.ts';
import { phaseStories } from './stories/phases.ts';
import { StoryWorld } from './stories/story-world.ts';

// Stories run side by side and wait for one another's readings of the source.
vi.setConfig({ testTimeout: 300_000 });

/** From a rule's set-up to a paid statement, over HTTP, with work that arrives from the source like any other. */
describe.concurrent('stories', () => {
  const workDir = mkdtempSync(join(tmpdir(), 'protiv-stories-'));
  let product: Product;
  let worlds: readonly StoryWorld[];

  beforeAll(async () => {
    product = await startTestProduct(workDir);
    worlds = [0, 1].map((at) => new StoryWorld(product, at));
    for (const world of worlds) await world.ready();
  }, 240_000);
  afterAll(async () => {
    await product.stop();
    rmSync(workDir, { recursive: true, force: true });
  });

  budgetStories(() => worlds[0]!);
  payStories(() => worlds[0]!);
  phaseStories(() => worlds[0]!);
  answerStories(() => worlds[1]!);
  overrideStories(() => worlds[1]!);
});
