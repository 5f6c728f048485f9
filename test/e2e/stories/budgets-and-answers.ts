import { expect, it } from 'vitest';
import type { Json } from '#test/support/product-client.ts';
import { centsOf, type StoryWorld } from './story-world.ts';
import type { Yard } from './yard.ts';

/** Three people of 30.00, 25.00 and 20.00 with 10, 8 and 6 hours: 24 hours that cost 620.00. */
async function crewOf(
  world: StoryWorld,
  yard: Yard,
  job: { name: string; hours?: number; labor?: number; price?: number; lead?: 0 },
) {
  const { lead, ...rest } = job;
  const people = await yard.people([30, 25, 20]);
  const time = [10, 8, 6].map((hours, at) => ({ worker: people[at]!, date: `2026-03-0${2 + at}`, hours }));
  const made = await yard.job({ ...rest, ...(lead === undefined ? {} : { leadContactId: people[lead]! }), time });
  await world.resync();
  return { people, ...made };
}

/** Every budget kind and distribution, from a rule's set-up to a paid statement. */
export function budgetStories(worldOf: () => StoryWorld): void {
  // 40 h budget, 24 h at 620.00: 16 h saved at 25.8333 = 413.33, half of it 206.67.
  it.each([
    ['per_hour', {}, ['86.11', '68.89', '51.67']],
    ['wage_weighted', {}, ['100.00', '66.67', '40.00']],
    ['per_head', {}, ['68.89', '68.89', '68.89']],
    ['crew_lead_weighted', { leadWeightBp: 20_000 }, ['121.57', '48.63', '36.47']],
  ])('an hours budget divided %s is earned, approved, paid and explained', async (formula, options, expected) => {
    const world = worldOf();
    const yard = await world.yard({ pool: { distribution: { formula, ...options } } });
    const { people, id } = await crewOf(world, yard, { name: `Hours ${formula}`, hours: 40, lead: 0 });
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

  it('shares of total earnings weigh all pay of the week, on every job, and owe no premium', async () => {
    const world = worldOf();
    const yard = await world.yard({ budgetType: 'labor_budget', pool: { distribution: { formula: 'total_earnings' } } });
    const [x, y] = await yard.people([20, 30]);
    const day = (worker: number, date: string, hours: number) => ({ worker, date: `2026-03-0${date}`, hours });
    const { id } = await yard.job({
      name: 'By earnings',
      labor: 1_000,
      time: [day(x!, '2', 10), day(x!, '3', 10), day(y!, '2', 10)],
    });
    const beside = [day(x!, '4', 8), day(x!, '5', 8), day(x!, '6', 8)];
    await yard.job({ name: 'Beside earnings', time: beside });
    await world.resync();
    const people = [x!, y!];
    // 44 hours of 20.00 with 4 of overtime: 920.00; 10 hours of 30.00: 300.00. Half of the 300.00 saved is divided.
    const proPay = await world.proPay(id);
    expect(proPay.result).toMatchObject({ savings: '300.00', workerShare: '150.00' });
    expect(await world.payoutsOf(proPay, people)).toEqual(['113.11', '36.89']);
    expect(await world.seenThrough(proPay, people)).toEqual(['113.11', '36.89']);
    await world.product.host.idle();
    const worker = await world.mirrored('workers', x!);
    const items = await world.owner.list(`/v1/line-items?workerId=${worker.id}`);
    expect(items.map(({ type, status }) => [type, status])).toEqual([['bonus', 'Paid']]);
  });

  // 24 hours that cost 620.00; half of what is left of the budget, per hour.
  it.each([
    ['labor_budget', { labor: 1_000 }, {}],
    ['contract_price', { price: 4_000 }, { laborBp: 2_500 }],
  ])('a %s comes from the source', async (budgetType, figures, terms) => {
    const world = worldOf();
    const yard = await world.yard({ budgetType, ...terms });
    const { people, id } = await crewOf(world, yard, { name: `Source ${budgetType}`, ...figures });
    const proPay = await world.proPay(id);
    expect(proPay).toMatchObject({ budget: { type: budgetType }, result: { budgetAmount: '1000.00', savings: '380.00' } });
    expect(await world.seenThrough(proPay, people)).toEqual(['79.17', '63.33', '47.50']);
  });

  it.each([
    ['rate', { rate: '2.50', quantity: '400' }, '380.00', ['79.17', '63.33', '47.50']],
    [
      'task_amount',
      {
        tasks: [
          { id: 'walls', budgetAmount: '600.00' },
          { id: 'floor', budgetAmount: '400.00' },
        ],
      },
      '380.00',
      ['79.17', '63.33', '47.50'],
    ],
    [
      'task_hours',
      {
        tasks: [
          { id: 'walls', budgetSeconds: 90_000 },
          { id: 'floor', budgetSeconds: 54_000 },
        ],
      },
      '413.33',
      ['86.11', '68.89', '51.67'],
    ],
  ])('a %s is given by hand where the source has none', async (type, budget, savings, expected) => {
    const world = worldOf();
    const yard = await world.yard({ budgetType: type });
    const { people, id } = await crewOf(world, yard, { name: `By hand ${type}` });
    const job = await world.mirrored('jobs', id);
    expect(job.propayIds).toEqual([]);
    const made = await world.done('POST', '/v1/propays', { jobId: job.id, budget: { type, ...budget } });
    expect(made).toMatchObject({ budget: { type }, result: { outcome: 'applies', savings } });
    expect(await world.seenThrough(made, people)).toEqual(expected);
  });

  it('amounts by hand have to make up the pool to the cent', async () => {
    const world = worldOf();
    const yard = await world.yard();
    const { people, id } = await crewOf(world, yard, { name: 'By hand', hours: 40 });
    const proPay = await world.proPay(id);
    const [first, second] = await Promise.all(people.map((one) => world.mirrored('workers', one)));
    const path = `/v1/propays/${proPay.id}`;
    const amounts = (a: string, b: string) => ({
      distribution: {
        formula: 'manual',
        amounts: [
          { workerId: first.id, amount: a },
          { workerId: second.id, amount: b },
        ],
      },
    });
    const { headers } = await world.owner.get(path);
    const refused = await world.owner.send('PATCH', path, amounts('200.00', '6.00'), { 'if-match': headers.get('etag')! });
    expect(refused).toMatchObject({ status: 422, body: { code: 'manual-sum-mismatch' } });
    const changed = await world.changed('PATCH', path, amounts('200.00', '6.67'));
    expect(await world.seenThrough(changed, people)).toEqual(['200.00', '6.67', '0.00']);
  });
}

/** Questions and penalties reach every new ProPay of a company, so this story has the second one to itself. */
export function answerStories(worldOf: () => StoryWorld): void {
  it('a failed disqualifier pays nobody, and a penalty is borne by all', async () => {
    const world = worldOf();
    const yard = await world.yard();
    const disqualifier = await world.done('POST', '/v1/disqualifiers', { name: 'No accidents', category: 'Safety' });
    const penalty = await world.done('POST', '/v1/penalties', {
      name: 'Broken tool',
      category: 'Equipment',
      kind: 'fixed',
      amount: '15.00',
    });
    const [failing, passing] = await Promise.all(['Failing', 'Passing'].map((name) => crewOf(world, yard, { name, hours: 40 })));
    const answer = (proPay: Json, state: string) =>
      world.changed('PUT', `/v1/propays/${proPay.id}/disqualifiers/${disqualifier.id}`, { state }, `/v1/propays/${proPay.id}`);
    const failed = await world.proPay(failing!.id);
    expect(failed.blockers).toContainEqual({ code: 'disqualifier-pending', acceptable: false, ids: [disqualifier.id] });
    const none = await answer(failed, 'failed');
    expect(none.result).toMatchObject({ savings: '413.33', payouts: [], companyKeeps: '413.33' });
    expect(await world.seenThrough(none, failing!.people)).toEqual(['0.00', '0.00', '0.00']);
    expect(await world.owner.get(`/v1/propays/${failed.id}`)).toMatchObject({ body: { status: 'Approved' } });

    const passed = await answer(await world.proPay(passing!.id), 'passed');
    expect(passed.result.payouts).toHaveLength(3);
    const path = `/v1/propays/${passed.id}`;
    const fined = await world.changed('PUT', `${path}/penalties/${penalty.id}`, { count: 3 }, path);
    expect(fined.result).toMatchObject({ workerShare: '206.67', penalty: '45.00' });
    // 161.67 by 10, 8 and 6 hours.
    expect(await world.seenThrough(fined, passing!.people)).toEqual(['67.36', '53.89', '40.42']);
  });
}
