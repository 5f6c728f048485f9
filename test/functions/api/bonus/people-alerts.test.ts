import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putJob, seedFence, workerId } from '#test/support/bonus-world.ts';
import { proPayOf } from '#test/support/group-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await seedFence(bench);
  await bench.settle();
});
afterEach(() => bench.stop());

type Item = Readonly<Record<string, unknown>>;
const of = async (kind: string, options = {}): Promise<readonly Item[]> => {
  const { body } = await bench.api.call<{ items: { kind: string; items: Item[] }[] }>('GET', '/v1/alerts', options);
  return body.items.find((one) => one.kind === kind)?.items ?? [];
};
const put = async (name: string, fields: Partial<typeof BLANK_WORKER>) => {
  await bench.put('worker', name, {
    ...BLANK_WORKER,
    displayName: `Worker ${name}`,
    branchId: idOf('branch', 'b1'),
    ...fields,
  });
  await bench.settle();
};
const person = (name: string) => overrideDesk(bench, `/v1/workers/${workerId(name)}`);

describe('whom the source deactivates (M-148, X-15)', () => {
  it('stays on open ProPays, and the manager is told until somebody has decided', async () => {
    expect(await of('people_left')).toEqual([]);
    await put('ann', { sourceActive: false });
    const told = [{ workerId: workerId('ann'), propayIds: [proPayOf('fence')], href: `/v1/workers/${workerId('ann')}` }];
    expect(await of('people_left')).toEqual(told);
    const manager = await bench.api.grant('manager', { workerId: workerId('max') });
    expect(await of('people_left', { tokenId: manager })).toEqual(told);
    expect(await of('people_left', { as: 'worker' })).toEqual([]);
    const { result } = await bench.state({ jobId: jobId('fence'), milestoneId: null });
    expect(result!.figures!.payouts.map((payout) => payout.workerId)).toContain(workerId('ann'));
    await person('ann').set('active', { value: 'archived' });
    expect(await of('people_left')).toEqual([]);
  });

  it('is no matter where no ProPay is open', async () => {
    await put('cyd', { sourceActive: false });
    expect(await of('people_left')).toEqual([]);
  });
});

describe('a manager whose role falls while approvals wait (X-19, M-144)', () => {
  const roleMap = { Boss: 'manager' as const };
  beforeEach(async () => {
    await bench.context((context) => ({
      ...context,
      connections: { 'acme1.1': { ...context.connections['acme1.1']!, roleMap } },
    }));
    await put('max', { sourceRole: 'Boss' });
  });

  it('is told to the admins with the ProPays that wait, unless the role was given here', async () => {
    expect(await of('managers_lowered')).toEqual([]);
    await put('max', { sourceRole: 'Hand' });
    expect(await of('managers_lowered')).toEqual([
      { workerId: workerId('max'), propayIds: [proPayOf('fence')], href: `/v1/workers/${workerId('max')}` },
    ]);
    expect(await of('managers_lowered', { as: 'manager' })).toEqual([]);
    await person('max').set('role', { value: 'manager' });
    expect(await of('managers_lowered')).toEqual([]);
  });
});

describe('settings that name what is gone (M-151, X-33)', () => {
  it('stay as they are and are told, until they are changed or it is back; jobs keep the reference', async () => {
    const division = (active: boolean) =>
      bench.put('division', 'd1', {
        ...{
          name: 'Maintenance',
          code: null,
          branchId: idOf('branch', 'b1'),
          overhead: false,
          active,
          origin: 'synced' as const,
        },
      });
    await division(true);
    await putJob(bench, 'lawn', { divisionId: idOf('division', 'd1') });
    await bench.settle();
    await bench.context((context) => ({
      ...context,
      poolAssignments: [{ id: 'a', poolId: context.pools[0]!.id, branchId: null, divisionId: idOf('division', 'd1') }],
      managerMap: { [`${idOf('branch', 'b1')}|-`]: workerId('max') },
      excludedWorkerIds: [workerId('nobody')],
    }));
    const nobody = { workerId: workerId('nobody'), setting: 'bonus.excludedWorkerIds', href: '/v1/settings/bonus' };
    expect(await of('broken_settings')).toEqual([nobody]);
    await division(false);
    await bench.settle();
    expect(await of('broken_settings')).toEqual([
      nobody,
      {
        divisionId: idOf('division', 'd1'),
        setting: 'pool assignment',
        href: '/v1/bonus-pools/pool-default/assignments',
      },
    ]);
    expect((await bench.api.call('GET', `/v1/jobs/${jobId('lawn')}`)).body).toMatchObject({ divisionId: idOf('division', 'd1') });
    expect((await bench.api.call('GET', `/v1/divisions/${idOf('division', 'd1')}`)).body).toMatchObject({ status: 'inactive' });
    for (const as of ['manager', 'worker'] as const) expect(await of('broken_settings', { as })).toEqual([]);
    await division(true);
    await bench.settle();
    expect(await of('broken_settings')).toEqual([nobody]);
    await putBranch(bench);
  });
});
