import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWage,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

/** Edge cases of the mirror (M-152) as the bonus layer meets them; the others stand beside what they are about, under their numbers. */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  await putWorker(bench, 'ann', 250_000);
});
afterEach(() => bench.stop());

interface View {
  readonly status: string;
  readonly inputsVersion: string;
  readonly result: { readonly outcome: string; readonly missing?: readonly string[]; readonly savings?: string };
  readonly blockers: readonly { readonly code: string; readonly ids: readonly string[] }[];
  readonly code: string;
}
type Rows = { readonly items: readonly Readonly<Record<string, unknown>>[] };

const call = <T = View>(method: string, path: string, options: Parameters<BonusBench['api']['call']>[2] = {}) =>
  bench.api.call<T>(method, path, options);
const pathOf = (job: string, visit: string | null = null) =>
  `/v1/propays/${firstProPayId({ jobId: jobId(job), milestoneId: visit === null ? null : visitId(visit) })}`;
const get = async (job: string) => (await call('GET', pathOf(job))).body;
let keys = 0;
const approve = async (job: string, accept: readonly string[] = []) =>
  call('POST', `${pathOf(job)}/approve`, {
    body: {
      inputsVersion: (await get(job)).inputsVersion,
      accept: ['manager-missing', ...accept].map((code) => ({ code, reason: 'looked at' })),
    },
    headers: { 'idempotency-key': `edge-${++keys}` },
  });

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
const TOMBSTONE = { at: '2026-03-09T10:00:00.000Z', runId: 'R', reason: 'absent' } as const;

describe('one canceled milestone of a job that is not recurring (X-3)', () => {
  async function put(ownBudget: boolean): Promise<void> {
    await putJob(bench, 'a', DONE);
    for (const visit of ['v1', 'v2']) {
      await putVisit(bench, 'a', visit);
      await putBudget(bench, 'a', visit, 10);
      await putTime(bench, { id: `t-${visit}`, worker: 'ann', job: 'a', visit, hours: 4 });
    }
    if (ownBudget) await putBudget(bench, 'a', null, 20);
    await bench.settle();
    // 20 h of budget less 8 h of work at 25.00.
    expect((await get('a')).result).toMatchObject({ outcome: 'applies', savings: '300.00' });
    await putVisit(bench, 'a', 'v1', { status: 'canceled' });
    await bench.settle();
  }

  it('takes its budget out of a sum, and its time still costs the job', async () => {
    await put(false);
    expect((await get('a')).result).toMatchObject({ savings: '50.00' });
    expect((await get('a')).status).toBe('Active');
  });

  it('leaves a budget of the job itself as it is', async () => {
    await put(true);
    expect((await get('a')).result).toMatchObject({ savings: '300.00' });
  });
});

it('a job deleted at the source goes out of lists and is found by filter; its Active ProPay is canceled with the reason, an approved one stays (X-6)', async () => {
  for (const name of ['a', 'b']) {
    await putJob(bench, name, DONE);
    await putBudget(bench, name, null, 10);
    await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5 });
  }
  await bench.settle();
  expect((await approve('b')).status).toBe(200);
  const approved = (await get('b')).result;
  for (const name of ['a', 'b']) await putJob(bench, name, DONE, { tombstone: TOMBSTONE });
  await bench.settle();
  const listed = async (query: Record<string, string>) =>
    (await call<Rows>('GET', '/v1/jobs', { query })).body.items.map(({ id }) => id);
  expect(await listed({})).toEqual([]);
  expect((await listed({ includeDeleted: 'true' })).sort()).toEqual([jobId('a'), jobId('b')].sort());
  expect((await call<Record<string, unknown>>('GET', `/v1/jobs/${jobId('a')}`)).body).toMatchObject({
    deletedAtSource: TOMBSTONE.at,
  });
  expect(await get('a')).toMatchObject({ status: 'Canceled' });
  const audit = await call<Rows>('GET', '/v1/audit', {
    query: { entityId: firstProPayId({ jobId: jobId('a'), milestoneId: null }) },
  });
  expect(audit.body.items).toContainEqual(expect.objectContaining({ action: 'propay.canceled', reason: expect.any(String) }));
  expect(await get('b')).toMatchObject({ status: 'Approved', result: approved });
});

it('time on a recurring job that names no milestone counts on the job, is listed, and enters no ProPay until the source names one (X-12)', async () => {
  await putJob(bench, 'a', { status: 'in_progress', recurring: true });
  await putVisit(bench, 'a', 'v1', { status: 'completed', completedAt: DONE.completedAt });
  await putBudget(bench, 'a', 'v1', 10);
  await putTime(bench, { id: 'on', worker: 'ann', job: 'a', visit: 'v1', hours: 4 });
  await putTime(bench, { id: 'loose', worker: 'ann', job: 'a', visit: null, hours: 2 });
  await bench.settle();
  const savings = async () => (await call('GET', pathOf('a', 'v1'))).body.result.savings;
  expect(await savings()).toBe('150.00');
  const onJob = (await call<Rows>('GET', '/v1/time-entries', { query: { jobId: jobId('a') } })).body.items;
  expect(onJob.map(({ id, milestoneId }) => [id, milestoneId])).toContainEqual([idOf('time', 'loose'), null]);
  await putTime(bench, { id: 'loose', worker: 'ann', job: 'a', visit: 'v1', hours: 2 });
  await bench.settle();
  expect(await savings()).toBe('100.00');
});

it('a worker deleted at the source keeps lines and statements, and what is held (X-16)', async () => {
  await putJob(bench, 'a', DONE);
  await putBudget(bench, 'a', null, 10);
  await putTime(bench, { id: 't', worker: 'ann', job: 'a', hours: 5 });
  await bench.settle();
  expect((await approve('a')).status).toBe(200);
  await bench.settle();
  const lines = async () => (await call<Rows>('GET', '/v1/line-items', { query: { workerId: workerId('ann') } })).body.items;
  const statements = async () => (await call<Rows>('GET', '/v1/statements', { query: { workerId: workerId('ann') } })).body.items;
  const before = { lines: await lines(), statements: await statements() };
  expect([before.lines.length, before.statements.length]).toEqual([1, 1]);
  const fields = { ...BLANK_WORKER, displayName: 'Worker ann', branchId: idOf('branch', 'b1') };
  await bench.put('worker', 'ann', fields, { tombstone: TOMBSTONE });
  await bench.settle();
  expect({ lines: await lines(), statements: await statements() }).toEqual(before);
  expect((await get('a')).status).toBe('Approved');
});

it('a worker without a wage has none made up: hours count, the person is named, and approval waits for the wage (X-18)', async () => {
  await putWorker(bench, 'bob', null);
  await putJob(bench, 'a', DONE);
  await putBudget(bench, 'a', null, 10);
  for (const worker of ['ann', 'bob']) await putTime(bench, { id: `t-${worker}`, worker, job: 'a', hours: 2 });
  await bench.settle();
  expect((await get('a')).result).toMatchObject({ outcome: 'cannot-tell', missing: [`wage:${workerId('bob')}`] });
  expect(await approve('a')).toMatchObject({ status: 409 });
  expect((await call<Record<string, unknown>>('GET', `/v1/workers/${workerId('bob')}`)).body).toMatchObject({
    wage: null,
    wageMissing: expect.anything(),
  });
  await putWage(bench, 'bob', 250_000, '2026-01-01');
  await bench.settle();
  expect((await approve('a')).status).toBe(200);
});

it('a running clock is named at approval and counts nothing; what the source has not approved yet counts (X-23)', async () => {
  await putJob(bench, 'a', DONE);
  await putBudget(bench, 'a', null, 10);
  await putTime(bench, { id: 'closed', worker: 'ann', job: 'a', hours: 4 }, { approvedAtSource: false });
  await putTime(bench, { id: 'running', worker: 'ann', job: 'a', hours: null });
  await bench.settle();
  const { result, blockers } = await get('a');
  expect(result).toMatchObject({ savings: '150.00' });
  expect(blockers).toContainEqual({ code: 'open-time-entry', acceptable: true, ids: [idOf('time', 'running')] });
  expect(await approve('a')).toMatchObject({ status: 409, body: { code: 'open-time-entry' } });
  expect((await approve('a', ['open-time-entry'])).status).toBe(200);
});

it('two years of future visits have no ProPay beyond the horizon (X-30)', async () => {
  await putJob(bench, 'a', { status: 'in_progress', recurring: true });
  const dates = ['2026-03-12', '2026-03-24', '2026-03-25', '2026-06-01', '2028-03-01'];
  for (const [at, scheduledDate] of dates.entries()) {
    await putVisit(bench, 'a', `v${at}`, { status: 'scheduled', scheduledDate });
    await putBudget(bench, 'a', `v${at}`, 10);
  }
  await bench.settle();
  // Today is 10 March, and 14 days ahead is 24 March.
  const { items } = (await call<Rows>('GET', '/v1/propays', { query: { jobId: jobId('a') } })).body;
  expect(items.flatMap(({ milestoneIds }) => milestoneIds).sort()).toEqual([visitId('v0'), visitId('v1')].sort());
});

it('disconnecting inside a pay period warns with the period and the ProPays concerned; approving then needs stale data to be accepted (X-27, A-14)', async () => {
  await putJob(bench, 'a', DONE);
  await putBudget(bench, 'a', null, 10);
  await putTime(bench, { id: 't', worker: 'ann', job: 'a', hours: 5 });
  await bench.settle();
  const preview = await call<{ periods: unknown; propayIds: unknown; detail: string }>(
    'GET',
    '/v1/connections/acme1.1/disconnect-preview',
  );
  expect(preview).toMatchObject({
    status: 200,
    body: {
      // Two weeks from Monday, 1 January 2024, on.
      periods: [{ branchId: null, startDate: '2026-03-09', endDate: '2026-03-22' }],
      propayIds: [firstProPayId({ jobId: jobId('a'), milestoneId: null })],
      detail: expect.stringContaining('2026-03-09 to 2026-03-22'),
    },
  });
  bench.api.pass(3 * 86_400);
  expect(await approve('a')).toMatchObject({ status: 409, body: { code: 'stale-data' } });
  expect((await approve('a', ['stale-data'])).status).toBe(200);
  for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
    expect((await bench.api.call('GET', '/v1/connections/acme1.1/disconnect-preview', { as })).status).toBeGreaterThanOrEqual(
      403,
    );
});
