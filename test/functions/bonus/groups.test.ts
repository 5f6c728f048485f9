import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routeGroupId } from '#model/ids.ts';
import { readGroup, updateGroupResultAction } from '#store/group-repository.ts';
import { readProPay } from '#store/propay-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putJob, putTime } from '#test/support/bonus-world.ts';
import { ANN, BOB, proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await startGroups(bench, ['north', 'south']);
});
afterEach(() => bench.stop());

const WEEK = '2026-03-02';
const groupId = (route: string, start = WEEK) => routeGroupId(idOf('route', route), 'week', start);
const group = async (route: string, start = WEEK) => (await readGroup(bench.table, bench.scope, groupId(route, start)))!;
const proPay = async (name: string) => (await readProPay(bench.table, bench.scope, proPayOf(name)))!.proPay;
const members = async (route: string, start = WEEK) => (await group(route, start)).result.proPayIds;
const payouts = async (route: string) =>
  (await group(route)).result.figures!.payouts.map(({ workerId, cents }) => [workerId, cents]);

describe('ProPays of a grouped route', () => {
  it('are one group a route period that nets them, to the cent of the published example', async () => {
    await putExample(bench, 'north');
    await bench.settle();
    const { group: made, result } = await group('north');
    expect(made).toMatchObject({ reference: 'PPG 1', status: 'Active', netting: 'pooled' });
    expect(made.period).toEqual({ startDate: '2026-03-02', endDate: '2026-03-08' });
    expect(result.proPayIds).toEqual([proPayOf('under'), proPayOf('over')]);
    expect(result.figures).toMatchObject({
      budgetCents: 96_000,
      actualCostCents: 80_000,
      savingsCents: 16_000,
      bonusRateE4: 40_000,
    });
    expect(new Map((await payouts('north')) as never)).toEqual(
      new Map([
        [ANN, 8_400],
        [BOB, 7_600],
      ]),
    );
    expect(await proPay('under')).toMatchObject({ groupId: made.id, membership: { byHand: false } });
  });

  it('pays each member alone where the tenant nets separately', async () => {
    await bench.context((context) => ({ ...context, netting: 'separate' }));
    await putExample(bench, 'north');
    await bench.settle();
    expect((await group('north')).group.netting).toBe('separate');
    expect(new Map((await payouts('north')) as never)).toEqual(
      new Map([
        [ANN, 15_600],
        [BOB, 10_400],
      ]),
    );
  });

  it('follow every change of a member, and write nothing where nothing changed', async () => {
    await putExample(bench, 'north');
    await bench.settle();
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2, date: '2026-03-04' });
    await bench.settle();
    const { result } = await group('north');
    expect(result.figures).toMatchObject({ actualCostCents: 84_000, savingsCents: 12_000 });
    await putTime(bench, { id: 'late', worker: 'bob', job: 'over', hours: 2, date: '2026-03-04' });
    await bench.settle();
    expect((await group('north')).result.calcRev).toBe(result.calcRev);
  });

  it('one batch with changes of many members calculates the group once', async () => {
    for (let at = 0; at < 12; at++) await putStop(bench, `s${at}`, { route: 'north', budgetCents: 50_000, hours: { ann: 5 } });
    await bench.settle();
    const before = (await group('north')).result.calcRev;
    for (let at = 0; at < 12; at++) await putTime(bench, { id: `m${at}`, worker: 'bob', job: `s${at}`, hours: 1 });
    // The members' own figures first; what they leave in the group comes in the next batch, together.
    await bench.feed(await bench.inputs());
    await bench.settle();
    const { result } = await group('north');
    expect(result.calcRev).toBe(before + 1);
    expect(result.figures).toMatchObject({ actualSeconds: 12 * 6 * 3_600 });
  });

  it('stay single without a route, on a route that is not grouped, and in another week are another group', async () => {
    await putStop(bench, 'nowhere', { route: null, budgetCents: 10_000, hours: { ann: 1 } });
    await bench.context((context) => ({
      ...context,
      routeRules: { ...context.routeRules, [idOf('route', 'south')]: { grouped: false, period: 'week' } },
    }));
    await putStop(bench, 'ungrouped', { route: 'south', budgetCents: 10_000, hours: { ann: 1 } });
    await putStop(bench, 'first', { route: 'north', budgetCents: 10_000, hours: { ann: 1 } });
    await putStop(bench, 'second', { route: 'north', budgetCents: 10_000, hours: { ann: 1 }, date: '2026-03-09' });
    await bench.settle();
    expect((await proPay('nowhere')).groupId).toBeNull();
    expect((await proPay('ungrouped')).groupId).toBeNull();
    expect(await members('north')).toEqual([proPayOf('first')]);
    expect(await members('north', '2026-03-09')).toEqual([proPayOf('second')]);
    // The rule reaches what is there already.
    await bench.context((context) => ({
      ...context,
      routeRules: { ...context.routeRules, [idOf('route', 'south')]: { grouped: true, period: 'week' } },
    }));
    await bench.settle();
    expect(await members('south')).toEqual([proPayOf('ungrouped')]);
  });

  it('go along when their work moves to another route, into the week it is worked in, and out of every group (X-11)', async () => {
    await putExample(bench, 'north');
    await bench.settle();
    await putStop(bench, 'over', { route: 'south', budgetCents: 30_000, hours: {} });
    await bench.settle();
    expect([await members('north'), await members('south')]).toEqual([[proPayOf('under')], [proPayOf('over')]]);
    expect((await group('north')).result.figures).toMatchObject({ savingsCents: 26_000 });
    await putTime(bench, { id: 'over-ann', worker: 'ann', job: 'over', hours: 9, date: '2026-03-10' });
    await putTime(bench, { id: 'over-bob', worker: 'bob', job: 'over', hours: 11, date: '2026-03-10' });
    await bench.settle();
    expect([await members('south'), await members('south', '2026-03-09')]).toEqual([[], [proPayOf('over')]]);
    await putStop(bench, 'over', { route: null, budgetCents: 30_000, hours: {} });
    await bench.settle();
    expect(await members('south', '2026-03-09')).toEqual([]);
    expect(await proPay('over')).toMatchObject({ groupId: null, membership: null });
  });

  it('leave their group when the source cancels their work', async () => {
    await putExample(bench, 'north');
    await bench.settle();
    await putJob(bench, 'over', { routeId: idOf('route', 'north'), status: 'canceled' });
    await bench.settle();
    expect(await members('north')).toEqual([proPayOf('under')]);
    expect(await proPay('over')).toMatchObject({ status: 'Canceled', groupId: null });
  });

  it('two first members at once make one group', async () => {
    await putExample(bench, 'north');
    const records = await bench.inputs();
    const half = Math.ceil(records.length / 2);
    await Promise.all([bench.feed(records.slice(0, half)), bench.feed(records.slice(half)), bench.feed(records)]);
    await bench.settle();
    expect((await members('north')).length).toBe(2);
    expect((await group('north')).result.figures).toMatchObject({ savingsCents: 16_000 });
  });
});

describe('the nightly verification (I15)', () => {
  const night = (time: string) => nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] })({ time }, 'tick');
  const differences = () => bench.api.logs.flatMap((line) => line.ResultDifferences ?? []);

  it('counts a group that is not what its members say, and puts it right', async () => {
    await putExample(bench, 'north');
    await bench.settle();
    const { group: known, result } = await group('north');
    const wrong = { ...result, calcRev: result.calcRev + 1, figures: { ...result.figures!, savingsCents: 1 } };
    await bench.table.write(bench.scope, [updateGroupResultAction(bench.scope, known.id, wrong, result.calcRev)]);
    await night('2026-03-11T12:00:00.000Z');
    expect(differences().sort()).toEqual([0, 1]);
    expect((await group('north')).result.figures!.savingsCents).toBe(16_000);
    await night('2026-03-12T12:00:00.000Z');
    expect(differences().sort()).toEqual([0, 0, 0, 1]);
  });
});
