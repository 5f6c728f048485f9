import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  await putWorker(bench, 'ann', 250_000);
});
afterEach(() => bench.stop());

interface Saved {
  readonly code: string;
  readonly paidUntil: string;
  readonly values: { readonly launchDate: string | null };
  readonly effect: {
    readonly changes: readonly { readonly key: string }[];
    readonly launch: {
      readonly count: number;
      readonly items: readonly { readonly jobId: string; readonly milestoneId: string | null }[];
      readonly complete: boolean;
      readonly paidUntil: string | null;
      readonly needsConfirmation: boolean;
    };
  };
}
const path = '/v1/settings/propay';
const save = async (values: object, query: Record<string, boolean> = {}, options = {}) => {
  const tag = (await bench.api.call('GET', path)).headers.etag!;
  const body = { area: 'propay', values };
  return bench.api.call<Saved>('PUT', path, { body, headers: { 'if-match': tag }, query, ...options });
};
const target = (name: string) => ({ jobId: jobId(name), milestoneId: null });
const has = async (name: string) =>
  (await bench.state(target(name))).proPay?.status ?? (await bench.state(target(name))).verdict?.code;

/** A completed job whose work was done on one day. */
async function put(name: string, date: string, fields: Parameters<typeof putJob>[2] = {}): Promise<void> {
  await putJob(bench, name, { status: 'completed', completedAt: `${date}T20:00:00.000Z`, startDate: date, ...fields });
  await putBudget(bench, name, null, 10);
  await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5, date });
}

describe('another launch date (B-13, M-131)', () => {
  it('shows what it lets in before it is saved, and makes those ProPays once it is', async () => {
    await save({ launchDate: '2026-03-05' });
    await put('old', '2026-02-20');
    await put('recent', '2026-03-04');
    await put('new', '2026-03-06');
    await put('empty', '2026-03-04');
    await bench.put('budget_info', 'empty/-', {
      ...{ jobId: jobId('empty'), milestoneId: null, budgetSeconds: 0, laborAmountCents: null, contractPriceCents: null },
      ...{ laborShareBp: null, rateE4: null, quantityE4: null, tasks: [], basis: 'HoursEst' },
    });
    await putJob(bench, 'lawn', { recurring: true });
    await putVisit(bench, 'lawn', 'v1', { scheduledDate: '2026-03-03', status: 'completed' });
    await putBudget(bench, 'lawn', 'v1', 2);
    await bench.settle();
    expect([await has('old'), await has('recent'), await has('new')]).toEqual([
      'before_launch_date',
      'before_launch_date',
      'Active',
    ]);
    const { effect } = (await save({ launchDate: '2026-03-01' }, { preview: true })).body;
    expect(effect.changes).toEqual([{ key: 'launchDate', from: '2026-03-05', to: '2026-03-01' }]);
    expect(effect.launch).toMatchObject({ count: 2, complete: true, paidUntil: null, needsConfirmation: false });
    expect(effect.launch.items).toEqual(
      expect.arrayContaining([target('recent'), { jobId: jobId('lawn'), milestoneId: visitId('v1') }]),
    );
    await bench.settle();
    expect(await has('recent')).toBe('before_launch_date');
    expect((await save({ launchDate: '2026-03-01' })).status).toBe(200);
    await bench.settle();
    expect([await has('old'), await has('recent'), await has('empty')]).toEqual(['before_launch_date', 'Active', 'no_budget']);
    expect((await bench.state({ jobId: jobId('lawn'), milestoneId: visitId('v1') })).proPay).toMatchObject({ status: 'Active' });
    const audit = await bench.api.call<{ items: { before: object; after: object }[] }>('GET', '/v1/audit', {
      query: { entityId: 'propay' },
    });
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({
        before: expect.objectContaining({ launchDate: '2026-03-05' }),
        after: expect.objectContaining({ launchDate: '2026-03-01' }),
      }),
    );
  });

  it('later, or not set, stops creation and touches no ProPay that is there', async () => {
    await save({ launchDate: '2026-01-01' });
    await put('a', '2026-03-02');
    await bench.settle();
    for (const [launchDate, code] of [
      ['2026-12-01', 'before_launch_date'],
      [null, 'launch_not_set'],
    ] as const) {
      expect((await save({ launchDate }, { preview: true })).body.effect.launch).toMatchObject({
        count: 0,
        needsConfirmation: false,
      });
      await save({ launchDate });
      const name = `after ${code}`;
      await put(name, '2026-03-03');
      await bench.settle();
      expect([await has('a'), await has(name)]).toEqual(['Active', code]);
    }
    // Set again, the jobs that waited come in.
    expect((await save({ launchDate: '2026-03-01' }, { preview: true })).body.effect.launch.count).toBe(2);
  });

  it('takes in work under way where the tenant says so, and tells that too', async () => {
    await save({ launchDate: '2026-03-05' });
    await put('running', '2026-03-02', { status: 'in_progress', completedAt: null });
    await put('done', '2026-03-02');
    await bench.settle();
    const { launch } = (await save({ includeInProgressAtLaunch: true }, { preview: true })).body.effect;
    expect([launch.count, launch.items]).toEqual([1, [target('running')]]);
    await save({ includeInProgressAtLaunch: true });
    await bench.settle();
    expect([await has('running'), await has('done')]).toEqual(['Active', 'before_launch_date']);
  });

  it('back into a paid pay period is refused until somebody confirms it', async () => {
    await save({ launchDate: '2026-03-01' });
    await put('a', '2026-03-02');
    await bench.settle();
    const proPay = `/v1/propays/${firstProPayId(target('a'))}`;
    const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', proPay)).body;
    const post = (to: string, body: object, key: string) =>
      bench.api.call<{ code: string; status: string }>('POST', to, { body, headers: { 'idempotency-key': key } });
    const approve = { inputsVersion, accept: [{ code: 'manager-missing', reason: 'none here' }] };
    expect((await post(`${proPay}/approve`, approve, 'a')).status).toBe(200);
    await bench.settle();
    // Nothing is paid yet, so nothing stands in the way.
    expect((await save({ launchDate: '2026-02-20' }, { preview: true })).body.effect.launch.needsConfirmation).toBe(false);
    const { items } = (
      await bench.api.call<{ items: { id: string; period: { endDate: string } }[] }>('GET', '/v1/statements', {
        query: { workerId: workerId('ann') },
      })
    ).body;
    const { endDate } = items[0]!.period;
    const accept = [{ code: 'period-open', reason: 'last day' }];
    const paid = await post(`/v1/statements/${items[0]!.id}/pay`, { payDate: endDate, accept }, 'p');
    expect(paid.body.status).toBe('Paid');
    await bench.settle();
    const refused = await save({ launchDate: '2026-02-20' });
    expect([refused.status, refused.body.code, refused.body.paidUntil]).toEqual([409, 'launch-before-paid-period', endDate]);
    expect((await save({ launchDate: '2026-02-20' }, { preview: true })).body.effect.launch).toMatchObject({
      paidUntil: endDate,
      needsConfirmation: true,
    });
    expect((await bench.api.call<Saved>('GET', path)).body.values.launchDate).toBe('2026-03-01');
    // Forward, and other keys of the area, ask for nothing.
    expect((await save({ horizonDays: 20 })).status).toBe(200);
    expect((await save({ launchDate: '2026-03-02' })).status).toBe(200);
    expect((await save({ launchDate: '2026-02-20' }, { confirm: true })).body.values.launchDate).toBe('2026-02-20');
  });
});
