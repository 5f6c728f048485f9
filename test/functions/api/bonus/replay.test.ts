import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GroupSnapshot, replayGroup } from '#bonus/groups/replay.ts';
import { replay } from '#bonus/replay.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putDrive, putJob, putTime, putWage, seedFence, workerId } from '#test/support/bonus-world.ts';
import { groupDesk, WEEK } from '#test/support/group-desk.ts';
import { putExample, startGroups } from '#test/support/group-world.ts';
import { deskOfJob, type ProPayDesk, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const [ANN, BOB] = [workerId('ann'), workerId('bob')];

/** The fence, finished. */
async function seeded(): Promise<ProPayDesk> {
  await seedFence(bench);
  await bench.settle();
  return deskOfJob(bench, 'fence');
}
const snapshotOf = async (id: string, n = 1) =>
  (await readApprovalSnapshot(bench.table, bench.scope, id, n)) as ApprovalSnapshot & GroupSnapshot;

describe('an approval is explained as it was (B-89)', () => {
  it('each by its number, whatever came after', async () => {
    const fence = await seeded();
    await fence.approve();
    await fence.post('unapprove', { reason: 'forgot the last day' });
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await putWage(bench, 'bob', 400_000, '2026-01-02');
    await bench.settle();
    const now = await fence.explain();
    expect(now).toMatchObject({ approval: null, replay: null });
    const first = await fence.explain({ approval: '1' });
    expect(first).toMatchObject({ approval: 1, replay: 'same', basis: 'final' });
    expect(first.workers.map(({ amount }) => amount).sort()).toEqual(['25.00', '50.00', '87.50', '87.50']);
    await fence.approve();
    expect(await fence.explain()).toMatchObject({ approval: 2, replay: 'same' });
    expect(await fence.explain({ approval: '2' })).toEqual(await fence.explain());
    expect(await fence.explain({ approval: '1' })).toEqual(first);
    const unknown = await bench.api.call('GET', `/v1/propays/${fence.id}/explain`, { query: { approval: '3' } });
    expect(unknown.status).toBe(404);
    const none = await bench.api.call('GET', `/v1/propays/${fence.id}/explain`, { query: { approval: '0' } });
    expect(none.status).toBe(400);
  });
});

describe('every approval replays to the cent (B-6)', () => {
  it('with burden, overtime, spread drive time, lead pay, penalties and amounts by hand', async () => {
    await seedFence(bench);
    for (const [name, rateE4] of [
      ['ann', 250_050],
      ['bob', 250_000],
    ] as const)
      await bench.put('wage_record', `${name}/2026-01-02`, {
        workerId: workerId(name),
        effectiveFrom: '2026-01-02',
        rateE4,
        currency: 'USD',
        burdenBp: 1_551,
      });
    await putJob(bench, 'yard', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putDrive(bench, { id: 'drive', worker: 'ann', job: 'yard', hours: 1.5 });
    for (const day of ['05', '06'])
      await putTime(bench, { id: `more${day}`, worker: 'ann', job: null, hours: 9, date: `2026-03-${day}` });
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await saveArea(bench, 'bonus', { burdenBudgetTypes: ['hours_budget'], overtimeInCost: true });
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    await saveArea(bench, 'org', {
      nonBillableRules: { jobIds: [jobId('yard')], clientIds: [], serviceTypes: [], spreadDriveTime: true },
    });
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch({ leadPay: '12.34', adjustment: { type: 'percentage_increase', valueBp: 333 } });
    const view = await fence.get();
    expect(view.result.outcome).toBe('applies');
    const pool = (view.result.pools as { crew: string }).crew;
    const rest = (Number(pool) - 33.33).toFixed(2);
    const amounts = [
      { workerId: ANN, amount: '33.33' },
      { workerId: BOB, amount: rest },
    ];
    expect((await fence.patch({ distribution: { formula: 'manual', amounts } })).status).toBe(200);
    expect((await fence.approve({ accept: [] })).status).toBe(200);
    expect(await fence.explain()).toMatchObject({ replay: 'same' });
    const snapshot = await snapshotOf(fence.id);
    expect(replay(snapshot)).toMatchObject({ same: true, result: snapshot.result });
    const used = new Set(snapshot.nodes.map(({ rule }) => rule));
    expect([...used]).toEqual(expect.arrayContaining(['B-34', 'B-44', 'B-45', 'B-47', 'B-61', 'B-70']));
    expect(snapshot.nodes.filter(({ inputs }) => inputs.length === 0)).toEqual([]);
  });

  it.each(['pooled', 'separate'] as const)('of a group, netted %s', async (netting) => {
    await bench.context((context) => ({ ...context, netting }));
    await startGroups(bench, ['north']);
    await putExample(bench, 'north');
    await bench.settle();
    const desk = groupDesk(() => bench);
    expect((await desk.approve()).status).toBe(200);
    const snapshot = await snapshotOf(WEEK);
    expect(replayGroup(snapshot)).toMatchObject({ same: true, result: { savingsCents: snapshot.result.savingsCents } });
    const [member] = snapshot.members;
    const explained = await bench.api.call('GET', `/v1/propays/${member!.contribution.proPayId}/explain`);
    expect(explained).toMatchObject({ status: 200, body: { basis: 'final', approval: null } });
  });
});
