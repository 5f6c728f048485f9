import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '#functions/api/reports/registry.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { createMemberAction } from '#store/member-repository.ts';
import { type CallOptions, NO_SCOPE, OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { nameWorker, seedPaidPeriod, target } from '#test/support/export-world.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { deskOfJob, saveArea } from '#test/support/propay-desk.ts';

/** The table of reports (M-156) and figures (B-174 to B-181), each over the world of a paid period with what is wrong in it. */

let bench: BonusBench;
const FENCE = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const [B1, B2] = [idOf('branch', 'b1'), idOf('branch', 'b2')];
const DAYS = { from: '2026-03-01', to: '2026-03-31' };
beforeAll(async () => {
  bench = await startBonusBench();
  await seedPaidPeriod(bench, { generic: target('bonus_plus_premium', { codes: {} }), paycom: target('bonus_only') });
  await seedTenant(bench.table, bench.api.otherScope);
  await putBranch(bench, 'b3');
  // Somebody without a wage on a job without a manager, and a wage that nobody can mean.
  await putWorker(bench, 'new', null);
  await nameWorker(bench, 'new', { displayName: 'New Hand' });
  await putWorker(bench, 'low', 10_000);
  await nameWorker(bench, 'low', { displayName: 'Low Pay' });
  await putJob(bench, 'deck', { branchId: B1 });
  await putBudget(bench, 'deck', null, 10);
  await putTime(bench, { id: 'deck1', worker: 'new', job: 'deck', hours: 5, date: '2026-03-10' });
  await putTime(bench, { id: 'deck2', worker: 'low', job: 'deck', hours: 17, date: '2026-03-10' });
  await putJob(bench, 'bare', { branchId: B1, name: 'Bare job' });
  await putJob(bench, 'mow', { branchId: B1, name: 'Mow the lawn', serviceType: 'Mowing' });
  await putBudget(bench, 'mow', null, 10);
  await bench.settle();
  const rule = await bench.api.call('POST', '/v1/exclusion-rules', { body: { type: 'service_type', value: 'mowing' } });
  expect(rule.status).toBe(201);
  await putJob(bench, 'mow2', { branchId: B1, name: 'Mow again', serviceType: 'Mowing' });
  await putBudget(bench, 'mow2', null, 10);
  await bench.settle();
  await saveArea(bench, 'bonus', { benchmarks: { branches: { [B1]: 11_000 }, divisions: {}, serviceTypes: {} } });
});
afterAll(() => bench.stop());

type Rows = readonly Readonly<Record<string, unknown>>[];
interface ReportView {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly items: Rows;
  readonly columns: readonly string[];
  readonly ids: readonly string[];
  readonly nextCursor: string | null;
  readonly filter: Readonly<Record<string, unknown>>;
}
const ask = (name: string, query: Record<string, string> = {}, options: CallOptions = {}) =>
  bench.api.call<ReportView>('GET', `/v1/reports/${name}`, { ...options, query });
const rows = async (name: string, query: Record<string, string> = {}, options: CallOptions = {}): Promise<Rows> =>
  (await ask(name, query, options)).body.items;

/** Every page of a report, as long as it goes on. */
async function all(name: string, query: Record<string, string>, options: CallOptions = {}): Promise<Rows> {
  const found: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const { status, body }: { status: number; body: ReportView } = await ask(
      name,
      { ...query, ...(cursor === null ? {} : { cursor }) },
      options,
    );
    expect([name, status]).toEqual([name, 200]);
    found.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return found;
}
/** What each report cannot do without. */
const needed = (name: string): Record<string, string> => (name === 'bonus-calculator' ? { propayId: FENCE } : {});

describe('every report', () => {
  it('gives rows of its columns, its filter and its age, and the same rows at every size of a page', async () => {
    for (const name of Object.keys(REPORTS)) {
      const { status, body } = await ask(name, needed(name));
      expect([name, status]).toEqual([name, 200]);
      expect(body).toMatchObject({ name, currency: 'USD', filter: { branchId: null } });
      for (const row of body.items)
        expect([name, Object.keys(row).filter((key) => !body.columns.includes(key))]).toEqual([name, []]);
      if (REPORTS[name]!.paged !== true) continue;
      for (const limit of ['1', '3'])
        expect([name, limit, await all(name, { limit })]).toEqual([name, limit, await all(name, {})]);
    }
  });

  it('comes as a table with a header, also where it has no rows', async () => {
    for (const [name, { columns }] of Object.entries(REPORTS)) {
      const answer = await ask(name, { ...needed(name), format: 'csv' });
      const text = answer.body as unknown as string;
      expect([name, text.split('\r\n')[0]]).toEqual([name, columns.join(',')]);
      expect(text.trim().split('\r\n').length - 1).toBe((await all(name, needed(name))).length);
    }
  });

  it('refuses filters that it would leave out', async () => {
    expect((await ask('overrides', { workerId: workerId('ann') })).status).toBe(400);
    expect((await ask('runs', DAYS)).status).toBe(400);
    expect((await ask('leaderboards', { length: '21' })).status).toBe(400);
    expect((await ask('leaderboards', { period: 'last_month', from: '2026-03-01' })).status).toBe(400);
    expect((await ask('monthly', { cursor: 'x' })).status).toBe(400);
    expect((await ask('bonus-calculator')).status).toBe(400);
  });

  it('is for owner, admin, manager and auditor, and holds nothing of another tenant', async () => {
    for (const name of Object.keys(REPORTS)) {
      for (const [as, status] of [
        ['admin', 200],
        ['auditor', 200],
        ['crew_lead', 403],
        ['worker', 403],
      ] as const)
        expect([name, as, (await ask(name, needed(name), { as })).status]).toEqual([name, as, status]);
      const theirs = await ask(name, needed(name), { tenant: OTHER_TENANT });
      const own = ['people', 'monthly'].includes(name) ? [] : ([404, 200] as const);
      if (own.length > 0) expect(own).toContain(theirs.status);
      const ids = theirs.status === 200 ? theirs.body.ids : [];
      const ours = new Set((await ask(name, needed(name))).body.ids);
      expect([name, ids.filter((id) => ours.has(id))]).toEqual([name, []]);
    }
  });

  it('of a manager holds what lies in the own branches', async () => {
    const south = { tokenId: await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [B2] } }) };
    for (const name of [
      'missing-wages',
      'missing-managers',
      'missing-budgets',
      'excluded-jobs',
      'jobs-without-propay',
      'leaderboards',
    ])
      expect([name, await rows(name, {}, south)]).toEqual([name, []]);
    expect((await ask('bonus-calculator', { propayId: FENCE }, south)).status).toBe(404);
    expect((await rows('employee-bonus', {}, south)).map(({ workerId: id }) => id)).toEqual([workerId('cal')]);
    // Wages are hidden from managers unless the tenant says so.
    const north = { tokenId: await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [B1] } }) };
    expect(await rows('suspicious-wages', {}, north)).toEqual([]);
    expect((await rows('benchmark', DAYS, north))[0]).not.toHaveProperty('insightsEfficiencyBp');
  });
});

describe('what is missing', () => {
  it('names people without a wage with the ProPays that wait, and wages that nobody can mean (M-39, A-6)', async () => {
    const deck = firstProPayId({ jobId: jobId('deck'), milestoneId: null });
    const found = await rows('missing-wages');
    // Lead and manager have no wage either, and nothing waits for it.
    expect(found.map(({ openProPays }) => openProPays).sort()).toEqual([0, 0, 1]);
    expect(found.filter(({ openProPays }) => openProPays === 1)).toEqual([
      {
        ...{ workerId: workerId('new'), name: 'New Hand', branchId: B1, divisionId: null },
        ...{ reason: 'not_supplied', openProPays: 1, propayIds: deck },
      },
    ]);
    expect(await rows('suspicious-wages')).toMatchObject([
      { workerId: workerId('low'), wage: '1.00', warnBelow: '7.25', openProPays: 1, propayIds: deck },
    ]);
    await saveArea(bench, 'people', { wageWarnBelow: null });
    expect(await rows('suspicious-wages')).toEqual([]);
    await saveArea(bench, 'people', { wageWarnBelow: '7.25' });
  });

  it('names work without a budget, without a manager, without a ProPay, and what excludes it by which value (V-24, V-27)', async () => {
    expect(await rows('missing-budgets')).toMatchObject([
      { jobId: jobId('bare'), name: 'Bare job', branchId: B1, reason: 'budget', propayId: null },
    ]);
    expect((await rows('missing-managers')).map(({ jobId: id }) => id)).toEqual(expect.arrayContaining([jobId('deck')]));
    const without = await rows('jobs-without-propay');
    expect(Object.fromEntries(without.map(({ jobId: id, verdict }) => [id, verdict]))).toMatchObject({
      [jobId('bare')]: 'no_budget',
      [jobId('mow2')]: 'excluded_by_rule',
    });
    expect((await rows('jobs-without-propay', { verdict: 'no_budget' })).map(({ jobId: id }) => id)).toEqual([jobId('bare')]);
    expect(await rows('excluded-jobs')).toMatchObject([
      {
        jobId: jobId('mow2'),
        name: 'Mow again',
        type: 'service_type',
        condition: 'mowing',
        matchedValue: 'Mowing',
        verdict: 'excluded_by_rule',
      },
    ]);
  });

  it('names time that may be wrong (M-39)', async () => {
    const found = await rows('time-quality', { ...DAYS, workerId: workerId('low') });
    expect(found.filter(({ warning }) => warning === 'long_entry')).toMatchObject([
      { warning: 'long_entry', workDate: '2026-03-10', seconds: 61_200, jobId: jobId('deck') },
    ]);
    expect((await ask('time-quality', { from: '2026-01-01', to: '2026-03-01' })).status).toBe(400);
  });

  it('names values of people in place of the source’s', async () => {
    const path = `/v1/workers/${workerId('new')}/overrides`;
    const tag = (await bench.api.call('GET', path)).headers.etag!;
    const body = { value: 'crew_lead', reason: 'leads since spring' };
    const set = await bench.api.call('PUT', `${path}/role`, { body, headers: { 'if-match': tag } });
    expect(set.status).toBe(200);
    expect(await rows('overrides')).toMatchObject([
      {
        entity: 'worker',
        id: workerId('new'),
        name: 'New Hand',
        field: 'role',
        value: 'crew_lead',
        conflict: false,
        reason: body.reason,
      },
    ]);
  });

  it('names members and tokens with role and scope', async () => {
    await bench.table.write(bench.scope, [
      createMemberAction(bench.scope, {
        ...{ sub: 'sub-1', userId: 'user-1', role: 'admin', owner: true, scope: NO_SCOPE, workerId: null, state: 'active' },
        ...{ roleAt: bench.api.now(), createdAt: bench.api.now(), lastSignInAt: null, sessionsEndedAt: null, revokedAt: null },
        ...{ cursorKey: 'key', revision: 1 },
      }),
    ]);
    const found = await all('people', {});
    expect(found[0]).toMatchObject({ kind: 'member', id: 'user-1', role: 'owner', state: 'active' });
    expect(found.filter(({ kind }) => kind === 'token').length).toBeGreaterThan(5);
    expect(JSON.stringify(found)).not.toContain('cursorKey');
  });
});

describe('figures', () => {
  it('compare with benchmarks (B-174)', async () => {
    // 1,500.00 of 2,000.00: 125%.
    expect(await rows('benchmark', DAYS)).toEqual([
      {
        ...{ branchId: B1, branch: 'Branch b1', proPays: 1, benchmarkBp: 11_000 },
        ...{ insightsEfficiencyBp: 12_500, result: 'exceeding' },
      },
    ]);
    expect(await rows('benchmark', { ...DAYS, groupBy: 'serviceType' })).toMatchObject([
      { proPays: 1, benchmarkBp: null, result: null },
    ]);
  });

  it('tell each month (B-179)', async () => {
    const { figures, items } = (await ask('monthly', { from: '2026-02-15', to: '2026-03-31' })).body;
    expect(items.map(({ month }) => month)).toEqual(['2026-02', '2026-03']);
    expect(items[1]).toMatchObject({ approved: 1, underBudget: 1, onBudget: 0, overBudget: 0, bonus: '250.00', callbacks: 0 });
    expect(items[0]).toMatchObject({ approved: 0, generated: 0, bonus: '0.00', meanDaysToApproval: null });
    // Fence, deck and the first lawn have theirs; the bare job is eligible and has none.
    expect(figures).toMatchObject({ approved: 1, eligibleShareBp: 7_500 });
  });

  it('rank people (B-180)', async () => {
    const board = async (metric: string, by = 'worker') =>
      (await rows('leaderboards', { ...DAYS, metric, by })).map(({ workerId: id, value, rank }) => [id, value, rank]);
    const [ann, bob, lea, max] = ['ann', 'bob', 'lea', 'max'].map(workerId);
    expect(new Set((await board('hours_saved')).map(([, value]) => value))).toEqual(new Set([72_000]));
    expect(await board('bonuses_earned')).toEqual(
      expect.arrayContaining([
        [ann, '87.50', 1],
        [bob, '87.50', 1],
        [lea, '50.00', 3],
        [max, '25.00', 4],
      ]),
    );
    expect((await board('hours_worked')).slice(0, 2).map(([, value]) => value)).toEqual([108_000, 108_000]);
    // 87.50 in 30 hours.
    expect(await board('bonus_wage')).toEqual(expect.arrayContaining([[ann, '2.92', 1]]));
    expect(await board('propays_done', 'manager')).toEqual([[max, 1, 1]]);
    expect(await board('net_saved_hours', 'lead')).toEqual([[lea, 72_000, 1]]);
  });

  it('rank people for crew leads and workers, where the tenant lets them, and in no money (M-146)', async () => {
    const board = (as: 'crew_lead' | 'worker', query: object = {}, name = 'leaderboards') =>
      bench.api.call<{ items: readonly object[]; ids: readonly string[] }>('GET', `/v1/reports/${name}`, {
        as,
        query: { ...DAYS, ...query } as never,
      });
    for (const as of ['crew_lead', 'worker'] as const) expect((await board(as)).status).toBe(403);
    await saveArea(bench, 'roles', { preset: 'open' });
    for (const as of ['crew_lead', 'worker'] as const) {
      const { status, body } = await board(as);
      expect([status, body.items.length, body.ids]).toEqual([200, 4, []]);
      expect((await board(as, { metric: 'bonuses_earned' })).status).toBe(403);
      expect((await board(as, {}, 'efficiency')).status).toBe(403);
    }
    await saveArea(bench, 'roles', { preset: 'standard' });
  });

  it('estimate what each of a crew may expect (B-181), and say where they cannot', async () => {
    const [row] = await rows('bonus-calculator', { propayId: FENCE });
    // Two at 25.00 with 40 h each of 80: nothing saved at 110% and 100%; 8 h of 25.00 at 90%, half of it, 70% of that, by two.
    expect(row).toMatchObject({
      label: 'estimate',
      outcome: 'applies',
      low: '0.00',
      expected: '0.00',
      high: '35.00',
      crewSize: 2,
    });
    expect((await rows('bonus-calculator', { propayId: FENCE, estimatedSecondsEach: '108000' }))[0]).toMatchObject({
      expected: '87.50',
    });
    const deck = deskOfJob(bench, 'deck');
    const unknown = (await rows('bonus-calculator', { propayId: (await deck.get()).id }))[0]!;
    expect(unknown).toMatchObject({ outcome: 'cannot-tell', expected: null });
    expect(unknown.missing).toContain(`wage:${workerId('new')}`);
    expect((await ask('bonus-calculator', { propayId: 'none' })).status).toBe(404);
  });

  it('tell the history of a person (B-177)', async () => {
    const [row, ...others] = await rows('employee-bonus', { workerId: workerId('ann') });
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      statement: 'ST-2',
      status: 'Paid',
      bonuses: '87.50',
      premium: '8.75',
      payable: '96.25',
      paid: '96.25',
      held: '0.00',
    });
  });

  it('tell what Paycom is to get, where a tenant exports to it (B-231)', async () => {
    const found = await rows('paycom-bonuses', DAYS);
    expect(found.find(({ employeeId }) => employeeId === '000101')).toMatchObject({
      earning: 'bonus',
      earningCode: 'B1',
      dollars: '87.50',
      date: '2026-03-22',
    });
    await saveArea(bench, 'exports', { targets: { generic: target('bonus_plus_premium', { codes: {} }) } });
    expect((await ask('paycom-bonuses', DAYS)).status).toBe(404);
  });

  it('tell how old each list of a source is', async () => {
    const { figures, items } = (await ask('data-freshness')).body;
    expect(items.length).toBe(figures.streams);
    expect(items.every(({ connectionId }) => connectionId === 'acme1.1')).toBe(true);
  });
});
