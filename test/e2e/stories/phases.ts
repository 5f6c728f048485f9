import { expect, it } from 'vitest';
import type { Json } from '#test/support/product-client.ts';
import type { StoryWorld } from './story-world.ts';

/** A job paid phase by phase: what is saved waits in a reserve that a later loss draws on. */
export function phaseStories(worldOf: () => StoryWorld): void {
  it('phases fill a reserve, a loss draws on it, and what is left is released and paid', async () => {
    const world = worldOf();
    const yard = await world.yard({ pool: { splitEnabled: false } });
    await world.set('bonus', ({ phases }) => ({
      phases: { ...phases, branches: { ...phases.branches, [yard.branchId]: 'reserve' } },
    }));
    const [worker] = await yard.people([30]);
    // Three tickets of 10, 20 and 16 hours, done in 8, 23 and 12: 60.00 saved, 90.00 lost, 120.00 saved.
    const { id } = await yard.job({
      name: 'House by phases',
      tickets: [10, 20, 16],
      time: [
        { worker: worker!, date: '2026-03-02', hours: 8, ticket: 0 },
        { worker: worker!, date: '2026-03-03', hours: 12, ticket: 1 },
        { worker: worker!, date: '2026-03-04', hours: 11, ticket: 1 },
        { worker: worker!, date: '2026-03-09', hours: 12, ticket: 2 },
      ],
    });
    await world.resync();
    const proPay = await world.proPay(id);
    const path = `/v1/propays/${proPay.id}`;
    const phases = async (): Promise<Json> => (await world.owner.get(`${path}/phases`)).body;
    const { items } = await phases();
    expect(items.map(({ result }: Json) => result.savings)).toEqual(['60.00', '-90.00', '120.00']);
    const whole = { inputsVersion: proPay.inputsVersion };
    expect(await world.owner.send('POST', `${path}/approve`, whole, { 'idempotency-key': `whole-${id}` })).toMatchObject({
      status: 409,
      body: { code: 'phased' },
    });

    const held: string[] = [];
    for (const { id: phaseId } of items) {
      const seen = (await phases()).items.find((one: Json) => one.id === phaseId);
      const done = await world.done('POST', `${path}/phases/${phaseId}/approve`, { inputsVersion: seen.inputsVersion });
      expect(done.lineItems).toEqual([]);
      held.push((await phases()).reserve.total);
    }
    expect(held).toEqual(['60.00', '0.00', '120.00']);

    const { lineItems } = await world.done('POST', `${path}/release-reserve`, { releaseBp: 10_000 });
    expect(lineItems.map(({ amount }: Json) => amount)).toEqual(['120.00']);
    await world.explained(proPay);
    const explained = (await world.owner.get(`${path}/explain`)).body;
    expect(explained.reserve.at(-1).byWorker[0].from).toEqual([{ phaseId: items[2].id, amount: '120.00' }]);
    expect(Object.values(await world.paid([worker!]))).toEqual(['120.00']);
    expect((await world.proPay(id, ({ status }) => status === 'Paid')).status).toBe('Paid');
  });
}
