import { describe, expect, it } from 'vitest';
import { decideCreation, newProPay } from '#bonus/creation.ts';
import { incentiveOf, isInProgram, type Place, poolFor } from '#bonus/inputs/incentives.ts';
import { billableParts, isOverhead } from '#bonus/inputs/overhead.ts';
import type { BonusPool, Incentive, IncentiveScopes, NonBillableRules } from '#model/settings.ts';
import { context, record, recordsOf, stateOf } from './mirror-records.ts';

const place: Place = { branchId: 'b1', divisionId: 'd1', routeId: 'r1' };
const nothing: Incentive = { budgetType: null, modification: null, laborBp: null };
const increase = (bp: number) => ({ direction: 'increase' as const, bp });
const withIncentives = (scopes: Partial<IncentiveScopes>) =>
  context({
    budgetType: 'labor_budget',
    incentives: { modification: null, laborBp: null, branches: {}, divisions: {}, routes: {}, ...scopes },
    areaRevisions: { incentives: 4 },
  });

describe('incentive settings (B-21)', () => {
  it('of route, division, branch and tenant the most specific wins, field by field', () => {
    const tenant = withIncentives({
      modification: increase(100),
      laborBp: 1_000,
      branches: { b1: { ...nothing, modification: increase(200), laborBp: 2_000 } },
      divisions: { d1: { ...nothing, laborBp: 3_000 } },
      routes: { r1: { ...nothing, budgetType: 'rate' } },
    });
    expect(incentiveOf(tenant, place)).toEqual({
      budgetType: 'rate',
      modification: { ...increase(200), scope: 'branch', scopeId: 'b1', revision: 4 },
      laborShare: { bp: 3_000, ref: { entity: 'setting', id: 'incentives.division.d1', revision: 4 } },
    });
  });

  it('a division has settings of its own in one of its branches (M-29, M-50)', () => {
    const tenant = withIncentives({
      laborBp: 1_000,
      branches: { b1: { ...nothing, budgetType: 'rate', laborBp: 2_000 } },
      divisions: {
        d1: { ...nothing, budgetType: 'hours_budget' },
        'b1|d1': { ...nothing, budgetType: 'contract_price', laborBp: 3_000 },
      },
    });
    const at = (branchId: string) => incentiveOf(tenant, { branchId, divisionId: 'd1', routeId: null });
    expect(at('b1')).toMatchObject({
      budgetType: 'contract_price',
      laborShare: { bp: 3_000, ref: { id: 'incentives.division.b1|d1' } },
    });
    expect(at('b2')).toMatchObject({ budgetType: 'hours_budget', laborShare: { bp: 1_000 } });
  });

  it('a place without settings of its own follows the wider one, down to the tenant', () => {
    const tenant = withIncentives({ modification: increase(100), routes: { r9: { ...nothing, budgetType: 'rate' } } });
    expect(incentiveOf(tenant, place)).toMatchObject({
      budgetType: 'labor_budget',
      modification: { scope: 'tenant', scopeId: null },
    });
    expect(incentiveOf(withIncentives({}), { ...place, routeId: null })).toMatchObject({ modification: null, laborShare: null });
  });

  it('reads what was stored before a share of labour could be set', () => {
    const old = { modification: null, branches: { b1: { budgetType: null, modification: null } }, divisions: {}, routes: {} };
    expect(incentiveOf(context({ incentives: old as never }), place).laborShare).toBeNull();
  });

  it('are copied into a new ProPay: type and modification, with the place and the revision that said so', () => {
    const scopes = withIncentives({ routes: { r1: { ...nothing, budgetType: 'hours_budget', modification: increase(1_000) } } });
    const state = stateOf({
      job: record('job', 'j1', { routeId: 'r1' }),
      budgets: [record('budget_info', 'b', { budgetSeconds: 60 })],
    });
    expect(decideCreation(state, scopes, null, '2026-03-10')).toEqual({ create: true });
    const made = { id: 'pp', reference: 'PP-1', n: 1, createdAt: '', createdBy: 'system', listDate: '2026-03-10' };
    expect(newProPay(state, scopes, made)).toMatchObject({
      budgetType: 'hours_budget',
      settingModification: { direction: 'increase', bp: 1_000, scope: 'route', scopeId: 'r1', revision: 4 },
    });
  });

  it('the gates ask for the type in force, and for the budget after the modification (B-12)', () => {
    const decide = (scopes: Partial<IncentiveScopes>, seconds: number) =>
      decideCreation(
        stateOf({ budgets: [record('budget_info', 'b', { budgetSeconds: seconds })] }),
        withIncentives(scopes),
        null,
        '2026-03-10',
      );
    expect(decide({}, 3_600)).toMatchObject({ code: 'no_budget', missing: ['budget'] });
    const hours = { branches: { b1: { ...nothing, budgetType: 'hours_budget' as const } } };
    expect(decide(hours, 3_600)).toEqual({ create: true });
    // One second less 99.99% is 0.0001 s, which is no second (R1).
    expect(decide({ ...hours, modification: { direction: 'decrease', bp: 9_999 } }, 1)).toMatchObject({ code: 'no_budget' });
  });
});

describe('pools by place (B-55)', () => {
  const pools = ['standard', 'north', 'lawn'].map((id) => ({ id, default: id === 'standard' }) as BonusPool);
  const poolAssignments = [
    { id: 'a1', poolId: 'north', branchId: 'b1', divisionId: null },
    { id: 'a2', poolId: 'lawn', branchId: null, divisionId: 'd1' },
  ];
  it.each([
    ['the division’s before the branch’s', place, 'lawn'],
    ['the branch’s where the division has none', { ...place, divisionId: 'd2' }, 'north'],
    ['the branch’s without a division (M-30)', { ...place, divisionId: null }, 'north'],
    ['the default elsewhere', { ...place, branchId: 'b2', divisionId: null }, 'standard'],
    ['the default without a branch', { branchId: null, divisionId: null }, 'standard'],
  ])('%s', (_, at, poolId) => {
    expect(poolFor({ pools, poolAssignments }, at)?.id).toBe(poolId);
  });

  it('is none while there is no pool', () => {
    expect(poolFor({ pools: [], poolAssignments: [] }, place)).toBeNull();
  });
});

describe('program scope (B-14)', () => {
  const scopes = { branchIds: ['b1'], divisionIds: ['d2'], routeIds: ['r3'] };
  it.each([
    ['everything by default', 'all', { branchId: null, divisionId: null, routeId: null }, true],
    ['by its branch', scopes, place, true],
    ['by its division', scopes, { branchId: 'b9', divisionId: 'd2', routeId: null }, true],
    ['by its route', scopes, { branchId: 'b9', divisionId: null, routeId: 'r3' }, true],
    ['and not otherwise', scopes, { branchId: 'b9', divisionId: 'd9', routeId: 'r9' }, false],
    ['nor without any place', scopes, { branchId: null, divisionId: null, routeId: null }, false],
  ] as const)('%s', (_, programScopes, at, inProgram) => {
    expect(isInProgram({ programScopes }, at)).toBe(inProgram);
  });

  it('is gate 9: after the launch date, before the budget', () => {
    const outside = context({ programScopes: { branchIds: ['b9'], divisionIds: [], routeIds: [] } });
    expect(decideCreation(stateOf({}), outside, null, '2026-03-10')).toMatchObject({ code: 'not_incentivised' });
    const early = stateOf({ job: record('job', 'j1', { startDate: '2025-01-01' }) });
    expect(decideCreation(early, outside, null, '2026-03-10')).toMatchObject({ code: 'before_launch_date' });
  });
});

describe('overhead by rule (B-47, M-52)', () => {
  const rules = (changes: Partial<NonBillableRules>) =>
    context({ nonBillableRules: { jobIds: [], clientIds: [], serviceTypes: [], spreadDriveTime: false, ...changes } });
  const job = record('job', 'j1', { clientId: 'c1', serviceType: 'Yard' });

  it.each([
    ['its job', { jobIds: ['j1'] }, true],
    ['its client', { clientIds: ['c1'] }, true],
    ['its service, whatever case and spacing', { serviceTypes: [' yARD '] }, true],
    ['another job, client or service', { jobIds: ['j2'], clientIds: ['c2'], serviceTypes: ['Shop'] }, false],
  ])('a rule names %s', (_, changes, overhead) => {
    expect(isOverhead(rules(changes), job, null)).toBe(overhead);
  });

  it('a milestone’s own service comes before the job’s', () => {
    const milestone = record('milestone', 'm1', { serviceType: 'Shop' });
    expect(isOverhead(rules({ serviceTypes: ['Yard'] }), job, milestone)).toBe(false);
    expect(isOverhead(rules({ serviceTypes: ['Shop'] }), job, milestone)).toBe(true);
  });

  it('gets no ProPay, and its time enters none', () => {
    const budgets = [record('budget_info', 'b', { budgetSeconds: 60 })];
    expect(decideCreation(stateOf({ job, budgets }), rules({ jobIds: ['j1'] }), null, '2026-03-10')).toMatchObject({
      code: 'overhead',
    });
    const milestones = [record('milestone', 'm1', { serviceType: 'Shop' }), record('milestone', 'm2', {})];
    const isBillable = billableParts(recordsOf({ job, milestones }), rules({ serviceTypes: ['Shop'] }));
    expect(['m1', 'm2', 'unknown', null].map(isBillable)).toEqual([false, true, true, true]);
    expect(billableParts(recordsOf({ job }), rules({ serviceTypes: ['yard'] }))(null)).toBe(false);
  });
});
