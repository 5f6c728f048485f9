import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
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

interface View {
  readonly id: string;
  readonly status: string;
  readonly code: string;
  readonly reason: string;
  readonly title: string;
  readonly ready: boolean;
  readonly restoreOffered: boolean;
  readonly inputsVersion: string;
  readonly hasPropay: boolean;
  readonly propayVerdict: string | null;
  readonly excludedBy: string | null;
  readonly propayIds: readonly string[];
  readonly number: string;
  readonly branchId: string;
  readonly result: { readonly workerShare: string };
}
let keys = 0;
const call = <T = View>(method: string, path: string, options: Parameters<BonusBench['api']['call']>[2] = {}) =>
  bench.api.call<T>(method, path, options);
const post = (path: string, body: object = {}) => call('POST', path, { body, headers: { 'idempotency-key': `life-${++keys}` } });
const target = (name: string) => ({ jobId: jobId(name), milestoneId: null });
const pathOf = (name: string) => `/v1/propays/${firstProPayId(target(name))}`;
const get = async (path: string) => (await call('GET', path)).body;
const job = (name: string) => get(`/v1/jobs/${jobId(name)}`);
const remove = async (path: string, options = {}) =>
  call('DELETE', path, { headers: { 'if-match': (await call('GET', path)).headers.etag! }, ...options });
const listed = async (path: string, query: Record<string, string>, options = {}) =>
  (await call<{ items: View[] }>('GET', path, { query, ...options })).body.items;
const approve = async (name: string) =>
  post(`${pathOf(name)}/approve`, {
    inputsVersion: (await get(pathOf(name))).inputsVersion,
    accept: [{ code: 'manager-missing', reason: 'none here' }],
  });

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
/** A job of 10 h budget with 5 h of Ann's time: 125.00 saved, 62.50 to the workers. */
async function put(name: string, fields: Parameters<typeof putJob>[2] = {}, envelope: Partial<MirrorRecord> = {}): Promise<void> {
  await putJob(bench, name, { ...DONE, ...fields }, envelope);
  await putBudget(bench, name, null, 10);
  await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5 });
}

describe('a job canceled at the source (M-138, X-1, X-7)', () => {
  it('cancels its ProPay; the undoing offers a restore and does not restore; the offer goes when it is canceled again', async () => {
    await put('a');
    await bench.settle();
    await putJob(bench, 'a', { status: 'canceled', canceledAt: '2026-03-09T10:00:00.000Z' });
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Canceled', restoreOffered: false });
    expect(await job('a')).toMatchObject({
      hasPropay: false,
      propayVerdict: 'propay_canceled',
      propayIds: [pathOf('a').slice(12)],
    });
    const refused = await post(`${pathOf('a')}/restore`);
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([409, 'not-eligible', 'job_canceled']);
    await putJob(bench, 'a', DONE);
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Canceled', restoreOffered: true });
    await putJob(bench, 'a', { status: 'canceled' });
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Canceled', restoreOffered: false });
    await putJob(bench, 'a', DONE);
    await bench.settle();
    expect((await post(`${pathOf('a')}/restore`)).body).toMatchObject({
      ...{ status: 'Active', restoreOffered: false, result: { workerShare: '62.50' } },
    });
    expect(await job('a')).toMatchObject({ hasPropay: true, propayVerdict: null });
    const audit = await call<{ items: { action: string }[] }>('GET', '/v1/audit', {
      query: { entityId: firstProPayId(target('a')) },
    });
    expect(audit.body.items.map(({ action }) => action).sort()).toEqual([
      ...['propay.canceled', 'propay.created', 'propay.restore_offered', 'propay.restore_offered'],
      ...['propay.restore_withdrawn', 'propay.restored'],
    ]);
  });

  it('offers nothing for a ProPay that a person canceled, and a tombstone counts like a cancellation', async () => {
    await put('a');
    await put('b');
    await bench.settle();
    await post(`${pathOf('a')}/cancel`, { reason: 'not ours' });
    const tombstone = { at: '2026-03-09T10:00:00.000Z', runId: 'R', reason: 'absent' as const };
    for (const name of ['a', 'b']) await putJob(bench, name, DONE, { tombstone });
    await bench.settle();
    for (const name of ['a', 'b']) await putJob(bench, name, DONE);
    await bench.settle();
    expect([(await get(pathOf('a'))).restoreOffered, (await get(pathOf('b'))).restoreOffered]).toEqual([false, true]);
  });

  it('never touches an approved ProPay (fault 70)', async () => {
    await put('a');
    await bench.settle();
    expect((await approve('a')).status).toBe(200);
    await putJob(bench, 'a', { status: 'canceled' });
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Approved', result: { workerShare: '62.50' } });
    expect(await job('a')).toMatchObject({ hasPropay: true });
  });
});

describe('a job that goes back or elsewhere at the source while its ProPay is Active (X-5, X-11)', () => {
  it('keeps the ProPay, which is a projection again, and follows to the other branch', async () => {
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 })),
    }));
    await put('a');
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Active', ready: true });
    await putJob(bench, 'a', { status: 'in_progress', completedAt: null });
    await bench.settle();
    const reopened = await get(pathOf('a'));
    expect(reopened).toMatchObject({ status: 'Active', ready: false, blockers: [{ code: 'not-complete', acceptable: true }] });
    await putBranch(bench, 'b2');
    await putJob(bench, 'a', { ...DONE, branchId: idOf('branch', 'b2') });
    await bench.settle();
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Active', ready: true, branchId: idOf('branch', 'b2') });
    const scope = (name: string) => ({ scope: { branchIds: [idOf('branch', name)], divisionIds: [], routeIds: [] } });
    const [here, there] = [await bench.api.grant('manager', scope('b2')), await bench.api.grant('manager', scope('b1'))];
    expect((await call('GET', pathOf('a'), { tokenId: here })).status).toBe(200);
    expect((await call('GET', pathOf('a'), { tokenId: there })).status).toBe(404);
  });

  it('cancels the ProPay of a visit that is canceled, and of no other', async () => {
    await putJob(bench, 'r', { recurring: true });
    for (const visit of ['v1', 'v2']) {
      await putVisit(bench, 'r', visit, { status: 'completed' });
      await putBudget(bench, 'r', visit, 2);
    }
    await bench.settle();
    await putVisit(bench, 'r', 'v1', { status: 'canceled' });
    await putVisit(bench, 'r', 'v2', { status: 'scheduled' });
    await bench.settle();
    const of = (visit: string) => bench.state({ jobId: jobId('r'), milestoneId: visitId(visit) });
    expect([(await of('v1')).proPay!.status, (await of('v2')).proPay!.status]).toEqual(['Canceled', 'Active']);
    expect(await get(`/v1/milestones/${visitId('v1')}`)).toMatchObject({ propayVerdict: 'propay_canceled' });
  });
});

describe('cancel, restore and delete (B-86, B-93)', () => {
  it('show on the job why it has no ProPay; restoring asks gates 1, 3, 4 and 5 again', async () => {
    await put('a');
    await bench.settle();
    await post(`${pathOf('a')}/cancel`, { reason: 'twice' });
    expect(await job('a')).toMatchObject({ hasPropay: false, propayVerdict: 'propay_canceled' });
    expect((await post(`${pathOf('a')}/cancel`, { reason: 'twice' })).body.code).toBe('wrong-state');
    expect((await post('/v1/propays', { jobId: jobId('a') })).body).toMatchObject({
      code: 'not-eligible',
      reason: 'already_has_propay',
    });
    await put('first');
    await call('PUT', `/v1/jobs/${jobId('a')}/callback-of`, { body: { jobId: jobId('first') } });
    expect((await post(`${pathOf('a')}/restore`)).body).toMatchObject({ code: 'not-eligible', reason: 'callback' });
    await call('DELETE', `/v1/jobs/${jobId('a')}/callback-of`);
    // A rule or another launch date does not keep a canceled one from coming back.
    await bench.context((context) => ({
      ...context,
      launch: { mode: 'not_set' },
      exclusionRules: [{ id: 'r', type: 'name_pattern', value: 'Elm*', revision: 1 }],
    }));
    expect((await post(`${pathOf('a')}/restore`)).body.status).toBe('Active');
    expect((await post(`${pathOf('a')}/restore`)).body.code).toBe('wrong-state');
    expect(await job('a')).toMatchObject({ hasPropay: true, propayVerdict: null });
  });

  it('after a deletion only an admin makes another, by hand; no evaluation ever does', async () => {
    await put('a');
    await bench.settle();
    const manager = await bench.api.grant('manager', {
      scope: { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] },
    });
    expect((await remove(pathOf('a'), { tokenId: manager })).status).toBe(403);
    expect((await remove(pathOf('a'))).body.status).toBe('Deleted');
    for (const action of ['cancel', 'restore', 'approve', 'unapprove'])
      expect(
        (
          await post(
            `${pathOf('a')}/${action}`,
            action === 'restore' ? {} : action === 'approve' ? { inputsVersion: 'x' } : { reason: 'x' },
          )
        ).body.code,
      ).toBe('deleted');
    await putTime(bench, { id: 'more', worker: 'ann', job: 'a', hours: 1 });
    await bench.settle();
    expect(await job('a')).toMatchObject({ hasPropay: false, propayVerdict: 'propay_deleted' });
    const byManager = await call('POST', '/v1/propays', { body: { jobId: jobId('a') }, tokenId: manager });
    expect([byManager.status, byManager.body.reason]).toEqual([409, 'propay_deleted']);
    const again = await post('/v1/propays', { jobId: jobId('a'), reason: 'deleted by mistake' });
    expect([again.status, again.body.result.workerShare]).toEqual([201, '50.00']);
    await bench.settle();
    expect(await job('a')).toMatchObject({ hasPropay: true, propayVerdict: null });
    expect((await job('a')).propayIds.at(-1)).toBe(again.body.id);
  });
});

describe('the recurrence flag flips at the source (X-14, V-22)', () => {
  it('keeps what is there and makes nothing new until somebody cancels it; then the other kind can be made', async () => {
    await put('a');
    await putVisit(bench, 'a', 'v1');
    await putBudget(bench, 'a', 'v1', 2);
    await bench.settle();
    await putJob(bench, 'a', { ...DONE, recurring: true });
    await bench.settle();
    const visit = { jobId: jobId('a'), milestoneId: visitId('v1') };
    expect(await get(pathOf('a'))).toMatchObject({ status: 'Active' });
    expect((await bench.state(visit)).verdict?.code).toBe('recurrence_changed');
    const byHand = await post('/v1/propays', { jobId: jobId('a'), milestoneIds: [visitId('v1')] });
    expect([byHand.status, byHand.body.reason]).toEqual([409, 'recurrence_changed']);
    await post(`${pathOf('a')}/cancel`, { reason: 'by visit from now on' });
    expect((await post('/v1/propays', { jobId: jobId('a'), milestoneIds: [visitId('v1')] })).status).toBe(201);
    // Both kinds at once never: the canceled one does not come back beside it.
    expect((await post(`${pathOf('a')}/restore`)).body).toMatchObject({ code: 'not-eligible' });
  });
});

describe('an approved ProPay (B-90, faults 62 and 68)', () => {
  it('keeps title and notes editable and refuses everything that moves money', async () => {
    await put('a');
    await bench.settle();
    await approve('a');
    const edit = async (body: object) =>
      call('PATCH', pathOf('a'), { body, headers: { 'if-match': (await call('GET', pathOf('a'))).headers.etag! } });
    expect((await edit({ title: 'Elm Street, north side', notes: 'well done' })).body).toMatchObject({
      ...{ title: 'Elm Street, north side', status: 'Approved', result: { workerShare: '62.50' } },
    });
    for (const body of [
      { adjustment: { type: 'multiply', factorBp: 20_000 } },
      { budget: { type: 'labor_budget' } },
      { manualPool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 } },
      { distribution: { formula: 'per_head' } },
      { excludedWorkerIds: [workerId('ann')] },
      { crewLeadIds: [workerId('ann')] },
      { driveTimeInCost: true },
      { leadPay: '10.00' },
      { title: 'x', leadPay: '10.00' },
    ])
      expect([(await edit(body)).status, (await edit(body)).body.code]).toEqual([409, 'approved-unapprove-first']);
    expect((await get(pathOf('a'))).title).toBe('Elm Street, north side');
    expect((await approve('a')).body.code).toBe('approved-unapprove-first');
  });

  it('and an open one both keep the pool, definitions and incentives they were made with', async () => {
    await put('a');
    await put('b');
    await bench.settle();
    await approve('a');
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, splitBp: 10_000, revision: 2 })),
      disqualifiers: [{ id: 'd', name: 'Safe?', category: 'Safety', revision: 1 }],
      incentives: { ...context.incentives, modification: { direction: 'decrease', bp: 5_000 } },
      exclusionRules: [{ id: 'r', type: 'name_pattern', value: 'Elm*', revision: 1 }],
    }));
    await bench.settle();
    expect([await get(pathOf('a')), await get(pathOf('b'))]).toMatchObject([
      { status: 'Approved', result: { workerShare: '62.50' } },
      { status: 'Active', result: { workerShare: '62.50' }, disqualifiers: [] },
    ]);
  });

  it('is refused values that make no sense, whole, and stays as it was', async () => {
    await put('a');
    await bench.settle();
    const edit = async (body: object) =>
      call('PATCH', pathOf('a'), { body, headers: { 'if-match': (await call('GET', pathOf('a'))).headers.etag! } });
    const shares = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };
    const code = async (body: object) => {
      const answer = await edit({ title: 'changed', ...body });
      return [answer.status, answer.body.code];
    };
    expect(await code({ excludedWorkerIds: ['AAAAAAAAAAAAAAAA'] })).toEqual([422, 'unknown-reference']);
    expect(await code({ crewLeadIds: ['AAAAAAAAAAAAAAAA'] })).toEqual([422, 'unknown-reference']);
    expect(await code({ manualPool: { ...shares, crewBp: 9_999 } })).toEqual([422, 'pool-not-100']);
    expect(await code({ manualPool: { ...shares, crewBp: 9_000, otherBp: 1_000 } })).toEqual([422, 'other-members-missing']);
    expect(await code({ adjustment: { type: 'percentage_decrease', valueBp: 10_000 } })).toEqual([422, 'invalid-percentage']);
    expect(await code({ adjustment: { type: 'manual_amount', value: '100.00' } })).toEqual([422, 'adjustment-unit-mismatch']);
    expect(await code({ leadPay: '-1.00' })).toEqual([422, 'invalid-amount']);
    expect((await get(pathOf('a'))).title).not.toBe('changed');
  });
});

describe('lists', () => {
  it('of jobs tell which have no ProPay, and why (M-126, V-19 to V-28)', async () => {
    await put('has');
    await put('canceled');
    await put('deleted');
    await put('rule', { serviceType: 'Warranty' });
    await put('hand');
    await put('gone', { status: 'canceled' });
    await putJob(bench, 'budgetless');
    await bench.context((context) => ({
      ...context,
      exclusionRules: [{ id: 'r', type: 'service_type', value: 'warranty', revision: 1 }],
    }));
    await call('PUT', `/v1/jobs/${jobId('hand')}/exclusion`, { body: { reason: 'a favour' } });
    await bench.settle();
    await post(`${pathOf('canceled')}/cancel`, { reason: 'x' });
    await remove(pathOf('deleted'));
    const told = (rows: readonly View[]) =>
      rows.map(({ number, propayVerdict, excludedBy }) => [number, propayVerdict, excludedBy]).sort();
    expect(told(await listed('/v1/jobs', { hasPropay: 'false' }))).toEqual([
      ['budgetless', 'no_budget', null],
      ['canceled', 'propay_canceled', null],
      ['deleted', 'propay_deleted', null],
      ['gone', 'job_canceled', null],
      ['hand', 'excluded_manually', 'manual'],
      ['rule', 'excluded_by_rule', 'service_type'],
    ]);
    expect(told(await listed('/v1/jobs', { hasPropay: 'true', branchId: idOf('branch', 'b1') }))).toEqual([['has', null, null]]);
    expect(told(await listed('/v1/jobs', { propayVerdict: 'excluded_by_rule' }))).toEqual([
      ['rule', 'excluded_by_rule', 'service_type'],
    ]);
    // A worker who was there sees the reason, unless the tenant hides it.
    const ann = { tokenId: await bench.api.grant('worker', { workerId: workerId('ann') }) };
    expect(told(await listed('/v1/jobs', { propayVerdict: 'excluded_by_rule' }, ann))).toEqual([
      ['rule', 'excluded_by_rule', 'service_type'],
    ]);
    const visibility = {
      manager: { wages: false, budgets: true, bonuses: true, statements: true },
      crew_lead: { budgets: true, bonuses: true, excluded: true },
      worker: { budgets: false, excluded: false },
    };
    await call('PUT', '/v1/settings/roles', { body: { area: 'roles', values: { visibility } }, headers: { 'if-match': '"r0"' } });
    expect(await listed('/v1/jobs', { propayVerdict: 'excluded_by_rule' }, ann)).toEqual([]);
    const hidden = (await call('GET', `/v1/jobs/${jobId('hand')}`, ann)).body;
    for (const field of ['propayVerdict', 'excludedBy', 'exclusion']) expect(hidden).not.toHaveProperty(field);
  });

  it('of ProPays tell those that are ready and those that something stands in the way of', async () => {
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 })),
    }));
    await put('ready');
    await put('other', { branchId: null });
    await put('open', { status: 'in_progress', completedAt: null });
    await put('approved');
    await bench.settle();
    expect((await approve('approved')).status).toBe(200);
    const ids = async (query: Record<string, string>) => (await listed('/v1/propays', query)).map(({ id }) => id).sort();
    const of = (...names: string[]) => names.map((name) => firstProPayId(target(name))).sort();
    expect(await ids({ ready: 'true' })).toEqual(of('ready', 'other'));
    expect(await ids({ ready: 'true', branchId: idOf('branch', 'b1') })).toEqual(of('ready'));
    expect(await ids({ ready: 'false' })).toEqual(of('open'));
    expect(await ids({ ready: 'false', status: 'Approved' })).toEqual([]);
    expect(await ids({ ready: 'true', workerId: workerId('ann') })).toEqual(of('ready', 'other'));
  });
});
