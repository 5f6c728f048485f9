import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from '#local/product.ts';
import { CREW_ONLY, centsOf, StoryWorld } from './story-world.ts';

/** From a rule's set-up to a paid statement, over HTTP, with work that arrives from the source like any other. */
describe('bonus stories', () => {
  const workDir = mkdtempSync(join(tmpdir(), 'protiv-stories-'));
  let world: StoryWorld;

  beforeAll(async () => {
    const product = await startProduct({ workDir, port: 0, asRecorded: true, resyncQuota: 100_000, schedules: 'manual' });
    world = new StoryWorld(product);
    await world.ready();
  }, 120_000);
  afterAll(async () => {
    await world.product.stop();
    rmSync(workDir, { recursive: true, force: true });
  });

  /** Three people of 30.00, 25.00 and 20.00 with 10, 8 and 6 hours: 24 hours that cost 620.00. */
  async function crewOf(job: { name: string; hours?: number; labor?: number; price?: number; lead?: 0 | 1 | 2 }) {
    const { lead, ...rest } = job;
    const people = await world.people([30, 25, 20]);
    const time = [10, 8, 6].map((hours, at) => ({ worker: people[at]!, date: `2026-03-0${2 + at}`, hours }));
    const made = await world.job({ ...rest, ...(lead === undefined ? {} : { leadContactId: people[lead]! }), time });
    await world.resync();
    return { people, ...made };
  }

  // 40 h budget, 24 h at 620.00: 16 h saved at 25.8333 = 413.33, half of it 206.67.
  it.each([
    ['per_hour', {}, ['86.11', '68.89', '51.67']],
    ['wage_weighted', {}, ['100.00', '66.67', '40.00']],
    ['per_head', {}, ['68.89', '68.89', '68.89']],
    ['crew_lead_weighted', { leadWeightBp: 20_000 }, ['121.57', '48.63', '36.47']],
  ])('an hours budget divided %s is earned, approved, paid and explained', async (formula, options, expected) => {
    await world.setPool({ ...CREW_ONLY, distribution: { formula, ...options } });
    const { people, id } = await crewOf({ name: `Hours ${formula}`, hours: 40, lead: 0 });
    const proPay = await world.proPay(id);
    expect(proPay.result).toMatchObject({
      budgetSeconds: 144_000,
      actualSeconds: 86_400,
      actualCost: '620.00',
      savings: '413.33',
      workerShare: '206.67',
    });
    expect(await world.payoutsOf(proPay, people)).toEqual(expected);
    const items = await world.approved(proPay);
    expect(items.reduce((sum, item) => sum + centsOf(item.amount), 0)).toBe(20_667);
    await world.explained(proPay);
    expect(Object.values(await world.paid(people))).toEqual(expected);
  });
});
