import { describe, expect, it } from 'vitest';
import { decideCreation } from '#bonus/creation.ts';
import type { ProPay } from '#model/propay.ts';
import { context, record, stateOf } from './mirror-records.ts';

const TODAY = '2026-03-10';
const budgets = [record('budget_info', 'b', { budgetSeconds: 3_600 })];
const visitBudgets = [record('budget_info', 'b', { milestoneId: 'm1', budgetSeconds: 3_600 })];
const recurring = record('job', 'j1', { recurring: true });
const decide = (
  given: Parameters<typeof stateOf>[0],
  changes = {},
  milestoneId: string | null = null,
  proPays: readonly ProPay[] = [],
) => decideCreation(stateOf(given, milestoneId, proPays), context(changes), null, TODAY);

describe('creation by the system (M-128)', () => {
  it('makes the ProPay of a job as soon as its gates hold', () => {
    expect(decide({ budgets })).toEqual({ create: true });
  });

  it.each([
    ['job_canceled', { job: record('job', 'j1', { status: 'canceled' }), budgets }, {}],
    ['source_ignored', { job: record('job', 'j1', {}, { sourceIgnored: true }), budgets }, {}],
    ['out_of_scope_now', { job: record('job', 'j1', {}, { outOfScope: 'project off' }), budgets }, {}],
    [
      'overhead',
      { job: record('job', 'j1', { divisionId: 'd1' }), budgets },
      { divisions: { d1: { name: 'Shop', overhead: true, active: true } } },
    ],
    [
      'excluded_by_rule',
      { job: record('job', 'j1', { name: 'Snow 2026' }), budgets },
      { exclusionRules: [{ id: 'r', type: 'name_pattern', value: 'snow*', revision: 1 }] },
    ],
    ['launch_not_set', { budgets }, { launch: { mode: 'not_set' } }],
    ['before_launch_date', { job: record('job', 'j1', { startDate: '2025-12-31' }), budgets }, {}],
    ['no_budget', {}, {}],
    ['no_budget', { budgets: [record('budget_info', 'b', { budgetSeconds: 0 })] }, {}],
    ['awaiting_generation', { budgets }, { pools: [] }],
    ['auto_create_off', { budgets }, { autoCreate: false }],
  ] as const)('says %s where that gate stops it', (code, given, changes) => {
    expect(decide(given as never, changes)).toMatchObject({ create: false, code });
  });

  it('dates work by its first entry before any plan (B-13)', () => {
    const early = record('time_entry', 't', { workDate: '2025-12-30' });
    expect(decide({ budgets, entries: [early] })).toMatchObject({ code: 'before_launch_date' });
    expect(decide({ budgets, entries: [early] }, { includeInProgressAtLaunch: true })).toEqual({ create: true });
  });

  it('makes one for a visit that has time, is finished or lies inside the horizon (M-129)', () => {
    const visit = (fields: object, entries: never[] | ReturnType<typeof record<'time_entry'>>[] = []) =>
      decide({ job: recurring, milestones: [record('milestone', 'm1', fields)], budgets: visitBudgets, entries }, {}, 'm1');
    expect(visit({ scheduledDate: '2026-03-24' })).toEqual({ create: true });
    expect(visit({ scheduledDate: '2026-03-25' })).toMatchObject({ code: 'awaiting_generation' });
    expect(visit({ scheduledDate: null })).toMatchObject({ code: 'awaiting_generation' });
    expect(visit({ scheduledDate: '2026-06-01', status: 'completed' })).toEqual({ create: true });
    expect(visit({ scheduledDate: '2026-06-01' }, [record('time_entry', 't', {})])).toEqual({ create: true });
    expect(visit({ status: 'canceled' })).toMatchObject({ code: 'job_canceled' });
  });

  it('knows no target of the wrong kind, and makes nothing new after the recurrence flag has flipped (X-14)', () => {
    expect(decide({ job: recurring, budgets })).toBeNull();
    expect(decide({ job: null, budgets })).toBeNull();
    const ofVisit = { milestoneId: 'm1', status: 'Active' } as ProPay;
    expect(decide({ budgets }, {}, null, [ofVisit])).toMatchObject({ code: 'recurrence_changed', missing: ['recurrence'] });
    expect(decide({ budgets }, {}, null, [{ ...ofVisit, status: 'Deleted' }])).toEqual({ create: true });
  });
});
