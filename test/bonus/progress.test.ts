import { describe, expect, it } from 'vitest';
import { completionOf } from '#bonus/inputs/completion-source.ts';
import { nextProgressRequest, stampedRequest } from '#bonus/progress-request.ts';
import type { CalculationResult } from '#bonus/shapes.ts';
import type { EntityFields } from '#model/entities.ts';
import { NO_FACTS, type OwnFacts } from '#model/own-facts.ts';
import { NEVER_ASKED } from '#model/propay.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import { record, recordsOf } from './mirror-records.ts';

const JOB: ProPayTarget = { jobId: 'j1', milestoneId: null };
const VISIT: ProPayTarget = { jobId: 'j1', milestoneId: 'm1' };
const UNTRACKED = { materialTracking: {} };
const MORNING = '2026-03-10T08:00:00.000Z';
const NOON = '2026-03-10T12:00:00.000Z';
const EVENING = '2026-03-10T18:00:00.000Z';

const milestone = (
  fields: Partial<EntityFields['milestone']>,
  own: Partial<OwnFacts> = {},
  envelope: { sourceUpdatedAt?: string; lastChangedAt?: string } = {},
  id = 'm1',
) => record('milestone', id, fields, { own: { ...NO_FACTS, ...own }, lastChangedAt: MORNING, ...envelope });
const said = (progressBp: number, sourceBp: number | null, at = NOON) => ({ progress: { progressBp, sourceBp, by: 'u1', at } });
const ofVisit = (
  one: ReturnType<typeof milestone>,
  tracking = UNTRACKED,
  materials: readonly ReturnType<typeof material>[] = [],
) => completionOf(recordsOf({ milestones: [one], materials }), VISIT, tracking);

describe('progress of a visit (B-37, E-8)', () => {
  it('is complete when the source says so, whatever anybody reported, and unknown without any signal', () => {
    expect(ofVisit(milestone({ status: 'completed', percentBp: 10 }, said(500, 10)))).toEqual({
      completedAtSource: true,
      completionBp: 10_000,
      reportedAt: NOON,
    });
    expect(ofVisit(milestone({}))).toEqual({ completedAtSource: false, completionBp: null, reportedAt: null });
    expect(ofVisit(milestone({ percentBp: 2_500 })).completionBp).toBe(2_500);
  });

  it('is the later of report and source percentage', () => {
    // The source still says what it said when somebody reported.
    expect(ofVisit(milestone({ percentBp: 2_500 }, said(4_000, 2_500), { lastChangedAt: EVENING })).completionBp).toBe(4_000);
    // It has moved since; also downwards, and also from nothing.
    expect(ofVisit(milestone({ percentBp: 6_000 }, said(4_000, 2_500), { lastChangedAt: EVENING })).completionBp).toBe(6_000);
    expect(ofVisit(milestone({ percentBp: 1_000 }, said(4_000, null), { sourceUpdatedAt: EVENING })).completionBp).toBe(1_000);
    // It moved before the report, and only arrived after it.
    const late = { sourceUpdatedAt: MORNING, lastChangedAt: EVENING };
    expect(ofVisit(milestone({ percentBp: 6_000 }, said(4_000, 2_500), late)).completionBp).toBe(4_000);
    // The source has taken its percentage back: what somebody said stays.
    expect(ofVisit(milestone({ percentBp: null }, said(4_000, 2_500), { lastChangedAt: EVENING })).completionBp).toBe(4_000);
  });
});

const material = (id: string, fields: Partial<EntityFields['material_allocation']>) =>
  record('material_allocation', id, {
    milestoneId: 'm1',
    name: id,
    unit: 'm',
    unitValueCents: null,
    installedE4: null,
    ...fields,
  });
const tracked = (...items: readonly string[]) => ({
  materialTracking: Object.fromEntries(
    items.map((item) => [item, { tracked: true, unit: null, totalQuantityE4: null, unitValueCents: null }]),
  ),
});
const entered = (item: string, quantityE4: number) => ({ installed: { [item]: { quantityE4, by: 'u1', at: NOON } } });

describe('tracked materials (B-37, E-9)', () => {
  const board = material('a', { item: 'board', allocatedE4: 200_000 });

  it('say how far the work is before any report: 10 of 20 is half', () => {
    const one = milestone({ percentBp: 9_000 }, { ...entered('board', 100_000), ...said(9_500, null) });
    expect(ofVisit(one, tracked('board'), [board])).toMatchObject({ completionBp: 5_000, reportedAt: NOON });
    expect(ofVisit(one, UNTRACKED, [board]).completionBp).toBe(9_500);
  });

  it('count what the source says is installed and use what was entered only without it', () => {
    const counted = material('a', { item: 'board', allocatedE4: 200_000, installedE4: 50_000 });
    expect(ofVisit(milestone({}, entered('board', 200_000)), tracked('board'), [counted]).completionBp).toBe(2_500);
  });

  it('are no signal while nothing is known to be installed; then the silent ones have none, and more than all is all', () => {
    const nail = material('b', { item: 'nail', allocatedE4: 10_000 });
    expect(ofVisit(milestone({ percentBp: 3_000 }), tracked('board', 'nail'), [board, nail]).completionBp).toBe(3_000);
    const one = milestone({}, entered('board', 900_000));
    expect(ofVisit(one, tracked('board', 'nail'), [board, nail]).completionBp).toBe(5_000);
  });

  it('weigh by value where every value is known, the tenant’s own totals and values first', () => {
    const dear = material('a', { item: 'board', allocatedE4: 200_000, unitValueCents: 300 });
    const cheap = material('b', { item: 'nail', allocatedE4: 200_000, unitValueCents: 100, installedE4: 200_000 });
    expect(ofVisit(milestone({}), tracked('board', 'nail'), [dear, cheap]).completionBp).toBe(2_500);
    const own = { materialTracking: { nail: { tracked: true, unit: null, totalQuantityE4: 800_000, unitValueCents: 7 } } };
    expect(ofVisit(milestone({}), own, [dear, cheap]).completionBp).toBe(2_500);
  });

  it('leave out what was deleted at the source and what hangs on another milestone', () => {
    const other = record('material_allocation', 'c', { milestoneId: 'm2', item: 'board', allocatedE4: 1, installedE4: 1 });
    const gone = { ...material('d', { item: 'board', allocatedE4: 1, installedE4: 1 }) };
    const dead = { ...gone, tombstone: { at: NOON, runId: 'R', reason: 'absent' as const } };
    expect(ofVisit(milestone({ percentBp: 1 }), tracked('board'), [other, dead]).completionBp).toBe(1);
  });
});

describe('progress of a job that is one ProPay', () => {
  const two = [milestone({ status: 'completed' }), milestone({ percentBp: 5_000 }, {}, {}, 'm2')];
  const budgets = (field: 'budgetSeconds' | 'laborAmountCents') =>
    ['m1', 'm2'].map((id, at) => record('budget_info', id, { milestoneId: id, [field]: at === 0 ? 100 : 300 }));
  const ofJob = (given: Parameters<typeof recordsOf>[0]) => completionOf(recordsOf(given), JOB, UNTRACKED);

  it('is that of its milestones, weighed by hours, else by labour amounts', () => {
    expect(ofJob({ milestones: two, budgets: budgets('budgetSeconds') }).completionBp).toBe(6_250);
    expect(ofJob({ milestones: two, budgets: budgets('laborAmountCents') }).completionBp).toBe(6_250);
    expect(ofJob({ milestones: two, budgets: budgets('budgetSeconds').slice(0, 1) }).completionBp).toBeNull();
    expect(ofJob({ job: record('job', 'j1', { status: 'completed' }) })).toMatchObject({
      completedAtSource: true,
      completionBp: 10_000,
    });
  });

  it('is that of its only milestone, whatever budgets there are', () => {
    expect(ofJob({ milestones: two.slice(1) }).completionBp).toBe(5_000);
  });

  it('takes a task without a signal as not done, and any other milestone without one as unknown', () => {
    const open = (kind: 'task' | 'ticket') => [two[0]!, milestone({ kind }, {}, {}, 'm2')];
    expect(ofJob({ milestones: open('task'), budgets: budgets('budgetSeconds') }).completionBp).toBe(2_500);
    expect(ofJob({ milestones: open('ticket'), budgets: budgets('budgetSeconds') }).completionBp).toBeNull();
  });
});

describe('progress requests (B-38, M-121)', () => {
  const RUNNING = { completedAtSource: false, reportedAt: null };
  const spent = (actualSeconds: number, budgetSeconds = 1_000): CalculationResult =>
    ({ outcome: 'applies', budgetSeconds, actualSeconds, actualCostCents: 0 }) as CalculationResult;
  const ask = (
    before: typeof NEVER_ASKED | null,
    final: CalculationResult,
    completion: Parameters<typeof nextProgressRequest>[2] = RUNNING,
  ) => stampedRequest(nextProgressRequest(before, final, completion, 2_000), NOON);

  it('asks at a fifth of the budget and at each further fifth, once', () => {
    expect(ask(null, spent(199))).toEqual(NEVER_ASKED);
    const first = ask(null, spent(200));
    expect(first).toEqual({ askedBp: 2_000, askedAt: NOON, open: true });
    expect(ask(first, spent(399))).toEqual(first);
    expect(ask(first, spent(400))).toMatchObject({ askedBp: 4_000, open: true });
  });

  it('asks once at the highest of several steps, also beyond the budget, and never again at a lower one', () => {
    const high = ask(null, spent(1_250));
    expect(high.askedBp).toBe(12_000);
    expect(ask(high, spent(500))).toEqual(high);
  });

  it('counts money against money budgets', () => {
    const money = { outcome: 'applies', budgetCents: 1_000_000_000_000, actualCostCents: 199_999_999_999, actualSeconds: 1 };
    expect(ask(null, money as CalculationResult)).toEqual(NEVER_ASKED);
    expect(ask(null, { ...money, actualCostCents: 200_000_000_000 } as CalculationResult).askedBp).toBe(2_000);
  });

  it('is answered by a later report, not by an earlier one, and ended by the source', () => {
    const asked = ask(null, spent(250));
    expect(ask(asked, spent(250), { ...RUNNING, reportedAt: MORNING }).open).toBe(true);
    const answered = ask(asked, spent(250), { ...RUNNING, reportedAt: EVENING });
    expect(answered).toEqual({ ...asked, open: false });
    expect(ask(answered, spent(410), { ...RUNNING, reportedAt: EVENING }).open).toBe(true);
    expect(ask(asked, spent(900), { completedAtSource: true, reportedAt: null })).toEqual({ ...asked, open: false });
    expect(ask(null, spent(900), { completedAtSource: true, reportedAt: null })).toEqual(NEVER_ASKED);
  });

  it('stays as it is while the spent part cannot be told', () => {
    const asked = ask(null, spent(250));
    expect(ask(asked, { outcome: 'cannot-tell', missing: ['wage:w1'] })).toEqual(asked);
    expect(ask(null, spent(5, 0))).toEqual(NEVER_ASKED);
  });
});
