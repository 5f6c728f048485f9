import { expect, it } from 'vitest';
import { type Json, until } from '#test/support/product-client.ts';
import type { StoryWorld } from './story-world.ts';

/** A wage that the source does not know, given here, and what becomes of it when the source knows one of its own. */
export function overrideStories(worldOf: () => StoryWorld): void {
  it('a missing wage is alerted, given here, paid by, contradicted by the source, kept and cleared', async () => {
    const world = worldOf();
    const yard = await world.yard();
    const [ann, bob] = (await yard.people([null, 25])) as [number, number];
    const time = [ann, bob].map((worker) => ({ worker, date: '2026-03-03', hours: 10 }));
    const { id } = await yard.job({ name: 'Without a wage', hours: 40, time });
    await world.resync();
    const worker = await world.mirrored('workers', ann);
    const path = `/v1/workers/${worker.id}`;
    expect(worker).toMatchObject({ wage: null, wageMissing: 'not_supplied', overridden: [] });
    const waiting = await world.proPay(id, (one) => one.result.outcome === 'cannot-tell');
    expect(waiting.result.missing).toEqual([`wage:${worker.id}`]);
    await until(
      () => alertOf(world, 'missing_wages', worker.id),
      (alert) => alert !== undefined,
    );

    const tag = async () => (await world.admin.get(`${path}/overrides`)).headers.get('etag') ?? '';
    const body = { wage: '20.00', effectiveFrom: '2026-01-01', reason: 'from the contract' };
    expect((await world.admin.send('PUT', `${path}/overrides/wage`, body)).status).toBe(428);
    const given = await world.done('PUT', `${path}/overrides/wage`, body, await tag());
    expect(given.overrides.wage).toMatchObject({ value: '20.00', sourceValueWhenSet: null, conflict: false });
    // 20 h of 40 cost 450.00: 20 h saved at 22.50, half of it by hours.
    const proPay = await world.proPay(id);
    expect(proPay.result).toMatchObject({ actualCost: '450.00', savings: '450.00', workerShare: '225.00' });
    expect(await world.payoutsOf(proPay, [ann, bob])).toEqual(['112.50', '112.50']);
    await until(
      () => alertOf(world, 'missing_wages', worker.id),
      (alert) => alert === undefined,
    );

    await yard.wage(ann, 24);
    await world.resync();
    const shown = await until(
      () => world.mirrored('workers', ann),
      (one) => one.overrides.wage.sourceValue !== null,
    );
    expect(shown).toMatchObject({
      wage: '20.00',
      overridden: ['wage'],
      overrides: { wage: { value: '20.00', sourceValueWhenSet: null, sourceValue: '24.00', conflict: true } },
    });
    expect(await alertOf(world, 'conflicts', worker.id)).toMatchObject({ fields: ['wage'] });
    expect((await world.proPay(id)).result).toMatchObject({ savings: '450.00' });

    const kept = await world.done('POST', `${path}/overrides/wage/keep`);
    expect(kept.overrides.wage).toMatchObject({ value: '20.00', sourceValueWhenSet: '24.00', conflict: false });
    expect(await alertOf(world, 'conflicts', worker.id)).toBeUndefined();
    const cleared = await world.done('DELETE', `${path}/overrides/wage`, undefined, await tag());
    expect(cleared).toMatchObject({ overrides: {}, history: [{ field: 'wage', value: '20.00', clearedBy: expect.any(String) }] });
    await world.product.host.idle();
    expect(await world.mirrored('workers', ann)).toMatchObject({ wage: '24.00', overridden: [] });
    // What is running keeps the rates that it began with (M-119).
    expect((await world.proPay(id)).result).toMatchObject({ savings: '450.00' });
    const refused = await world.admin.send('POST', '/v1/workers', { displayName: 'Somebody' });
    expect(refused).toMatchObject({ status: 405, body: { code: 'mirror-read-only', integration: { provider: 'aspire' } } });
  });
}

/** What an alert says of one person. */
async function alertOf(world: StoryWorld, kind: string, workerId: string): Promise<Json | undefined> {
  const { body } = await world.owner.get('/v1/alerts');
  const found = body.items.find((one: Json) => one.kind === kind)?.items ?? [];
  return found.find((one: Json) => one.workerId === workerId);
}
