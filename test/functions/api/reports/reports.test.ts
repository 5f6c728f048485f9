import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWithinBudget, savesUnusuallyMuch } from '#bonus/rules/budget-quality.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type CallOptions, NO_SCOPE, OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, workerId } from '#test/support/bonus-world.ts';
import { STATEMENTS, seedPaidPeriod } from '#test/support/export-world.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** Reports say what they count, by which filter, and how old it is (B-170, M-156). */

let bench: BonusBench;
beforeAll(async () => {
  bench = await startBonusBench();
  await seedPaidPeriod(bench);
  await seedTenant(bench.table, bench.api.otherScope);
});
afterAll(() => bench.stop());

interface ReportView {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly ids: readonly string[];
  readonly filter: Readonly<Record<string, unknown>>;
  readonly code?: string;
}
const MARCH = { from: '2026-03-01', to: '2026-03-31' };
const ask = (name: string, query: Record<string, string> = {}, options: CallOptions = {}) =>
  bench.api.call<ReportView>('GET', `/v1/reports/${name}`, { ...options, query: { ...MARCH, ...query } });
const fence = firstProPayId({ jobId: jobId('fence'), milestoneId: null });

describe('reports of ProPays', () => {
  it('tell efficiency: paid of possible, cost of budget, hours gained (B-171 to B-173)', async () => {
    const { status, body } = await ask('efficiency');
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'efficiency', filter: { ...MARCH, branchId: null }, currency: 'USD', ids: [fence] });
    expect(body.figures).toEqual({
      ...{ proPays: 1, proPayEfficiencyBp: 10_000, band: 'top', bonus: '250.00', possibleBonus: '250.00' },
      // 1,500.00 of 2,000.00; 60 of 80 hours.
      ...{ insightsEfficiencyBp: 12_500, hoursGainedSeconds: 72_000, notComparable: 0 },
    });
    expect(body.items).toMatchObject([{ proPayId: fence, status: 'Paid', bonus: '250.00', savedSeconds: 72_000 }]);
  });

  it('tell what nobody can tell as null, never as 0', async () => {
    const { body } = await ask('efficiency', { from: '2026-01-01', to: '2026-01-31' });
    expect(body).toMatchObject({ items: [], ids: [] });
    expect(body.figures).toMatchObject({
      proPayEfficiencyBp: null,
      band: null,
      insightsEfficiencyBp: null,
      hoursGainedSeconds: null,
    });
    expect((await ask('budget-quality', { from: '2026-01-01', to: '2026-01-31' })).body.figures.withinBp).toBeNull();
  });

  it('tell where savings went (B-175), and how good budgets were (B-182)', async () => {
    const money = { savings: '500.00', workerShare: '250.00', companyKeeps: '250.00', actualCost: '1500.00' };
    const { body } = await ask('job-profitability');
    expect(body.figures).toEqual(money);
    expect(body.items).toMatchObject([{ ...money, jobId: jobId('fence'), budgetSeconds: 288_000, budgetAmount: null }]);
    const quality = (await ask('budget-quality')).body;
    expect(quality.figures).toEqual({ proPays: 1, withinBp: 0, flagged: 0 });
    expect(quality.items).toEqual([
      { branchId: idOf('branch', 'b1'), branch: 'Branch b1', proPays: 1, withinBp: 0, flagged: 0, flaggedIds: null },
    ]);
  });

  it.each([
    [{ branchId: idOf('branch', 'b1') }, 1],
    [{ branchId: idOf('branch', 'b2') }, 0],
    [{ managerId: workerId('max') }, 1],
    [{ managerId: workerId('ann') }, 0],
    [{ workerId: workerId('lea') }, 1],
    [{ workerId: workerId('cal') }, 0],
    [{ divisionId: idOf('division', 'd1') }, 0],
    [{ routeId: idOf('route', 'r1') }, 0],
  ] as const)('count what the filter %j leaves', async (filter, count) => {
    const { body } = await ask('efficiency', filter);
    expect([body.ids.length, body.figures.proPays]).toEqual([count, count]);
    expect(body.filter).toMatchObject(filter);
  });
});

describe('bonuses for payroll (B-178)', () => {
  it('are the paid statements of the periods that begin within the days', async () => {
    const { body } = await ask('bonuses-for-payroll');
    expect(body.figures).toEqual({ statements: 5, bonus: '282.34', premium: '59.38', total: '341.72' });
    expect([...body.ids].sort()).toEqual(Object.values(STATEMENTS).sort());
    expect(body.items.find((row) => row.payrollId === '000101')).toEqual({
      ...{ workerName: "Ann O'Neil", workerId: workerId('ann'), payrollId: '000101' },
      ...{ periodStart: '2026-03-09', periodEnd: '2026-03-22', bonus: '87.50', premium: '8.75', total: '96.25' },
      ...{ payDate: '2026-03-30', statement: 'ST-2', statementId: STATEMENTS.ann, branch: 'Branch b1', division: null },
    });
    expect((await ask('bonuses-for-payroll', { from: '2026-03-10' })).body.ids).toEqual([]);
    expect((await ask('bonuses-for-payroll', { branchId: idOf('branch', 'b2') })).body.figures.total).toBe('140.63');
    expect((await ask('bonuses-for-payroll', { workerId: workerId('bob') })).body.figures.total).toBe('67.50');
  });

  it('come as a table whose cells no spreadsheet runs, with a checksum', async () => {
    const { headers, body } = (await ask('bonuses-for-payroll', { format: 'csv' })) as unknown as {
      headers: Record<string, string>;
      body: string;
    };
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['x-checksum-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
    const [head, ...rows] = body.trim().split('\r\n');
    expect(head).toBe(
      'workerName,workerId,payrollId,periodStart,periodEnd,bonus,premium,total,payDate,statement,statementId,branch,division',
    );
    expect(rows).toHaveLength(5);
    expect(rows.some((row) => row.startsWith("'=Max,"))).toBe(true);
    const lines = (await ask('bonuses-for-payroll', { format: 'jsonl' })).body as unknown as string;
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).total)
        .sort(),
    ).toEqual(['0.00', '140.63', '37.34', '67.50', '96.25']);
  });
});

describe('a report', () => {
  it('that is none, or of impossible days, is refused', async () => {
    for (const name of ['nothing', 'constructor', 'toString']) expect((await ask(name)).status).toBe(404);
    for (const query of [
      { from: '2026-04-01' },
      { from: '2025-01-01' },
      { to: 'soon' },
      { format: 'pdf' },
      { cursor: 'x' },
    ] as Record<string, string>[])
      expect([query, (await ask('efficiency', query)).status]).toEqual([query, 400]);
  });

  it('is for those whom the matrix names, and of a manager’s own branches and toggles alone', async () => {
    for (const [as, status] of [
      ['admin', 200],
      ['auditor', 200],
      ['crew_lead', 403],
      ['worker', 403],
    ] as const)
      expect([as, (await ask('efficiency', {}, { as })).status]).toEqual([as, status]);
    const north = { tokenId: await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] } }) };
    const south = { tokenId: await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b2')] } }) };
    expect((await ask('efficiency', {}, south)).body.ids).toEqual([]);
    const seen = (await ask('job-profitability', {}, north)).body;
    expect(seen.ids).toEqual([fence]);
    // Managers see no wages unless the tenant says so, nor what gives them away.
    expect([Object.keys(seen.figures), Object.keys(seen.items[0]!)].flat()).not.toContain('actualCost');
    expect((await ask('efficiency', {}, north)).body.figures).not.toHaveProperty('insightsEfficiencyBp');
    expect((await ask('bonuses-for-payroll', {}, south)).body.figures.total).toBe('140.63');
    const roles = (
      await bench.api.call<{ values: { visibility: Record<string, Record<string, boolean>> } }>('GET', '/v1/settings/roles')
    ).body.values;
    const manager = { ...roles.visibility.manager, bonuses: false, statements: false };
    await saveArea(bench, 'roles', { ...roles, visibility: { ...roles.visibility, manager } });
    for (const name of ['efficiency', 'job-profitability', 'budget-quality', 'bonuses-for-payroll'])
      expect([name, (await ask(name, {}, north)).body.ids]).toEqual([name, []]);
    await saveArea(bench, 'roles', roles);
  });

  it('of another tenant holds nothing of ours', async () => {
    for (const name of ['efficiency', 'job-profitability', 'budget-quality', 'bonuses-for-payroll'])
      expect([name, (await ask(name, {}, { tenant: OTHER_TENANT })).body.ids]).toEqual([name, []]);
  });
});

describe('a budget', () => {
  it.each([
    [{ budgetSeconds: 1_000, actualSeconds: 900 }, true, false],
    [{ budgetSeconds: 1_000, actualSeconds: 1_100 }, true, false],
    [{ budgetSeconds: 1_000, actualSeconds: 1_101 }, false, false],
    [{ budgetSeconds: 1_000, actualSeconds: 500 }, false, false],
    [{ budgetSeconds: 1_000, actualSeconds: 499 }, false, true],
    [{ budgetSeconds: null, actualCostCents: 900, savingsCents: 100 }, true, false],
    [{ budgetSeconds: null, actualCostCents: 1_101, savingsCents: -101 }, false, false],
    [{ budgetSeconds: null, actualCostCents: 49, savingsCents: 51 }, false, true],
  ])('%j is within a tenth: %j; saves unusually much: %j (B-182)', (figures, within, much) => {
    const judged = { actualSeconds: 0, actualCostCents: 0, savingsCents: 0, ...figures };
    expect([isWithinBudget(judged), savesUnusuallyMuch(judged)]).toEqual([within, much]);
  });
});
