import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  jobId,
  putBudget,
  putDrive,
  putJob,
  putTime,
  putWage,
  putWorker,
  seedFence,
  workerId,
} from '#test/support/bonus-world.ts';
import { checkLedger } from '#test/support/ledger.ts';
import { nightHandler } from '#test/support/night.ts';
import { deskOfJob, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
const PEOPLE = { crewLeadId: workerId('lea'), managerId: workerId('max') };
const call = <T = Record<string, unknown>>(method: string, path: string, options = {}) =>
  bench.api.call<T>(method, path, options);
const items = async (job: string) => {
  const query = { propayId: firstProPayId({ jobId: jobId(job), milestoneId: null }) };
  return (await call<{ items: { amount: string; status: string; workerId: string }[] }>('GET', '/v1/line-items', { query })).body
    .items;
};
const alerts = async () =>
  (await call<{ items: { kind: string; items: { workerId?: string; propayIds?: string[] }[] }[] }>('GET', '/v1/alerts')).body
    .items;

/** A finished job like the fence: 80 h budget, Ann and Bob with 30 h each. */
async function another(job: string): Promise<void> {
  await putJob(bench, job, { ...DONE, ...PEOPLE });
  await putBudget(bench, job, null, 80);
  for (const [at, worker] of ['ann', 'bob'].entries())
    for (let day = 0; day < 3; day++)
      await putTime(bench, { id: `${job}${at}${day}`, worker, job, hours: 10, date: `2026-03-0${2 + day}` });
}

describe('wages that change afterwards, or are missing (fault 67)', () => {
  it('leave approved money and work in progress at the wages they began with, until somebody recalculates', async () => {
    await seedFence(bench);
    await another('shed');
    await bench.settle();
    const [fence, shed] = ['fence', 'shed'].map((job) => deskOfJob(bench, job)) as [
      ReturnType<typeof deskOfJob>,
      ReturnType<typeof deskOfJob>,
    ];
    expect((await fence.approve()).status).toBe(200);
    await bench.settle();
    const [approved, before] = [await items('fence'), (await shed.get()).result];
    // Ann's wage was 30.00 since the middle of the work, and since before it began.
    await putWage(bench, 'ann', 300_000, '2026-03-03');
    await putWage(bench, 'ann', 310_000, '2026-02-01');
    await bench.settle();
    expect(await items('fence')).toEqual(approved);
    expect(await fence.get()).toMatchObject({ status: 'Approved', result: { savings: '500.00' } });
    expect((await shed.get()).result).toEqual(before);
    // A wage of a later time reaches nothing that began earlier.
    await putTime(bench, { id: 'late', worker: 'bob', job: 'shed', hours: 1, date: '2026-03-05' });
    await bench.settle();
    expect((await shed.get()).result).toMatchObject({ savings: '475.00', actualCost: '1525.00', blendedWage: '25.00' });
    const preview = await shed.post('recalculate', { wageBasis: 'by_entry_date', preview: true });
    // 10 h at 31.00, 20 h at 30.00, 31 h of Bob at 25.00: 1,685.00 for 61 h, of which 19 h are saved.
    expect(preview.body.result).toMatchObject({ actualCost: '1685.00', savings: '524.84' });
    expect((await shed.get()).result).toMatchObject({ savings: '475.00' });
    expect((await shed.post('recalculate', { wageBasis: 'by_entry_date' })).body.result).toMatchObject({ savings: '524.84' });
    expect(await items('fence')).toEqual(approved);
    for (const worker of ['ann', 'bob']) await checkLedger(bench, worker);
  });

  it('missing ones raise an alert and block the approval, never a wage of anybody’s choice', async () => {
    await seedFence(bench);
    await putWorker(bench, 'new', null);
    await putTime(bench, { id: 'new', worker: 'new', job: 'fence', hours: 2, date: '2026-03-04' });
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const missing = [`wage:${workerId('new')}`];
    expect(await fence.get()).toMatchObject({ ready: false, result: { outcome: 'cannot-tell', missing } });
    const refused = await fence.approve();
    expect(refused).toMatchObject({ status: 409, body: { code: 'cannot-tell', missing } });
    expect(await items('fence')).toEqual([]);
    const waiting = (await alerts()).find(({ kind }) => kind === 'missing_wages')!;
    expect(waiting.items).toMatchObject([{ workerId: workerId('new'), propayIds: [fence.id] }]);
    await putWage(bench, 'new', 200_000, '2026-01-01');
    await bench.settle();
    // 62 h for 1,540.00; 18 h saved at 24.8387.
    expect(await fence.get()).toMatchObject({ result: { outcome: 'applies', actualCost: '1540.00', savings: '447.10' } });
    expect((await alerts()).some(({ kind }) => kind === 'missing_wages')).toBe(false);
    expect((await fence.approve()).status).toBe(200);
  });
});

describe('rules, pools and exclusions that change while ProPays are open (fault 68)', () => {
  it('reach new ProPays alone; Active and approved ones keep what they were made with', async () => {
    await seedFence(bench);
    await another('shed');
    await bench.settle();
    expect((await deskOfJob(bench, 'fence').approve()).status).toBe(200);
    await bench.settle();
    const before = { items: await items('fence'), shed: await deskOfJob(bench, 'shed').get() };
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({
        ...pool,
        crewBp: 1_000,
        crewLeadBp: 0,
        managerBp: 0,
        companyBp: 9_000,
        splitBp: 1_000,
      })),
    }));
    await saveArea(bench, 'incentives', { modification: { direction: 'increase', bp: 10_000 } });
    await call('POST', '/v1/penalties', { body: { name: 'Damage', category: 'Quality', kind: 'fixed', amount: '10.00' } });
    await bench.settle();
    await another('gate');
    await bench.settle();
    const shed = await deskOfJob(bench, 'shed').get();
    expect([shed.result, shed.pool, shed.inputsVersion]).toEqual([
      before.shed.result,
      before.shed.pool,
      before.shed.inputsVersion,
    ]);
    expect(shed.penalties).toEqual([]);
    expect(await items('fence')).toEqual(before.items);
    const gate = await deskOfJob(bench, 'gate').get();
    // A budget of 160 h: 100 h saved at 25.00.
    expect(gate).toMatchObject({ pool: { companyBp: 9_000, splitBp: 1_000 }, result: { savings: '2500.00' } });
    expect(gate.penalties).toMatchObject([{ name: 'Damage', count: 0 }]);
    for (const worker of ['ann', 'bob']) await checkLedger(bench, worker);
  });

  it('a new exclusion rule cancels nothing: it names the Active ones that it would have excluded', async () => {
    await seedFence(bench);
    await another('shed');
    await bench.settle();
    expect((await deskOfJob(bench, 'fence').approve()).status).toBe(200);
    await bench.settle();
    const rule = await call<{ effects: unknown }>('POST', '/v1/exclusion-rules', {
      body: { type: 'name_pattern', value: 'Elm*' },
    });
    expect(rule.status).toBe(201);
    const named = JSON.stringify(rule.body);
    expect(named).toContain(deskOfJob(bench, 'shed').id);
    expect(named).not.toContain(deskOfJob(bench, 'fence').id);
    await another('gate');
    await bench.settle();
    expect(await deskOfJob(bench, 'shed').get()).toMatchObject({ status: 'Active', result: { savings: '500.00' } });
    expect(await deskOfJob(bench, 'fence').get()).toMatchObject({ status: 'Approved' });
    expect((await call('GET', `/v1/propays/${deskOfJob(bench, 'gate').id}`)).status).toBe(404);
  });

  it('definitions reach open ProPays by a command of somebody’s, which is in the audit log', async () => {
    await seedFence(bench);
    await bench.settle();
    const { body: asked } = await call<{ id: string }>('POST', '/v1/disqualifiers', {
      body: { name: 'Safe?', category: 'Safety' },
    });
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect((await fence.get()).blockers).toEqual([]);
    expect((await fence.post('sync-definitions')).status).toBe(200);
    expect((await fence.get()).blockers).toEqual([{ code: 'disqualifier-pending', acceptable: false, ids: [asked.id] }]);
    const audit = await call<{ items: { action: string; actor: { kind: string } }[] }>('GET', '/v1/audit', {
      query: { entityId: fence.id },
    });
    expect(audit.body.items.find(({ action }) => action.includes('definitions'))?.actor.kind).toBe('token');
  });
});

describe('verification of everything at once (I15)', () => {
  const night = (time: string) => nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] })({ time }, 'tick');
  const differences = () => bench.api.logs.flatMap((line) => line.ResultDifferences ?? []) as number[];

  it('finds overtime in the cost, spread drive time and amounts by hand as they are stored, before and after the approval', async () => {
    await seedFence(bench);
    await putJob(bench, 'yard', DONE);
    await putDrive(bench, { id: 'drive', worker: 'ann', job: 'yard', hours: 1.5 });
    for (const day of ['05', '06'])
      await putTime(bench, { id: `more${day}`, worker: 'ann', job: null, hours: 9, date: `2026-03-${day}` });
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    const yard = { jobIds: [jobId('yard')], clientIds: [], serviceTypes: [], spreadDriveTime: true };
    await saveArea(bench, 'org', { nonBillableRules: yard });
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const { pools } = (await fence.get()).result as unknown as { pools: { crew: string } };
    const cents = Number(pools.crew.replace('.', ''));
    const amounts = [
      { workerId: workerId('ann'), amount: '12.34' },
      { workerId: workerId('bob'), amount: ((cents - 1_234) / 100).toFixed(2) },
    ];
    expect((await fence.patch({ distribution: { formula: 'manual', amounts } })).status).toBe(200);
    await bench.settle();
    const { nodes } = await fence.explain();
    expect(nodes.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['B-45', 'B-47', 'B-70']));
    const shown = (await fence.get()).result;
    await night('2026-03-11T12:00:00.000Z');
    await bench.settle();
    expect([(await fence.get()).result, differences().filter((one) => one > 0)]).toEqual([shown, []]);
    expect((await fence.approve()).status).toBe(200);
    await bench.settle();
    await night('2026-03-12T12:00:00.000Z');
    await bench.settle();
    expect(differences().length).toBeGreaterThan(1);
    expect(differences().filter((one) => one > 0)).toEqual([]);
    expect(await fence.get()).toMatchObject({ status: 'Approved', sourceChange: null });
    for (const worker of ['ann', 'bob']) await checkLedger(bench, worker);
  });
});
