import { describe, expect, it } from 'vitest';
import { sourceBudget } from '#bonus/inputs/budget-source.ts';
import { countRecords } from '#bonus/inputs/counted-records.ts';
import { managerOf, peopleOfProPay } from '#bonus/inputs/people.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import { context, record, recordsOf } from './mirror-records.ts';

const GONE = { tombstone: { at: '2026-03-10T12:00:00.000Z', runId: 'R', reason: 'absent' as const } };
const job: ProPayTarget = { jobId: 'j1', milestoneId: null };
const visit: ProPayTarget = { jobId: 'j1', milestoneId: 'm1' };

describe('counted time (B-40)', () => {
  it('takes live, closed, attributed work, and drive time only on request', () => {
    const entries = [
      record('time_entry', 'b', { workerId: 'w2', workDate: '2026-03-01' }),
      record('time_entry', 'a', { workerId: 'w1', durationSeconds: 7_200, workDate: '2026-03-05' }),
      record('time_entry', 'shop', { category: 'shop' }),
      record('time_entry', 'leave', { category: 'leave' }),
      record('time_entry', 'shift', { category: 'shift' }),
      record('time_entry', 'pending', { attribution: 'pending' }),
      record('time_entry', 'gone', {}, GONE),
      record('time_entry', 'out', {}, { outOfScope: 'project off' }),
      record('time_entry', 'zero', { durationSeconds: 0, workerId: 'w9' }),
      record('time_entry', 'open', { open: true, durationSeconds: 0, workerId: 'w3' }),
    ];
    const drives = [record('drive_time', 'd', { workDate: '2026-02-28' })];
    const counted = countRecords({ entries, drives }, false);
    expect(counted.entries.map((entry) => [entry.ref.id, entry.seconds])).toEqual([
      ['a', 7_200],
      ['b', 3_600],
    ]);
    expect(counted).toMatchObject({ startDate: '2026-03-01', lastDate: '2026-03-05', openEntryIds: ['open'] });
    expect(counted.workerIds).toEqual(['w1', 'w2', 'w3', 'w9']);
    const withDrives = countRecords({ entries, drives }, true);
    expect(withDrives.entries.map((entry) => entry.ref.entity)).toContain('drive_time');
    expect(withDrives.startDate).toBe('2026-02-28');
  });
});

describe('budget (M-50)', () => {
  const milestones = [
    record('milestone', 'm1', {}),
    record('milestone', 'm2', {}),
    record('milestone', 'm3', { status: 'canceled' }),
  ];
  const of = (milestoneId: string | null, budgetSeconds: number | null) =>
    record('budget_info', `b-${milestoneId}`, { milestoneId, budgetSeconds });

  it('is the visit’s own on a recurring job, and never the job’s', () => {
    const records = recordsOf({ milestones, budgets: [of(null, 100), of('m1', 20)] });
    expect(sourceBudget('hours_budget', records, visit).figures).toMatchObject({ budgetSeconds: 20, basis: 'field' });
    expect(sourceBudget('hours_budget', recordsOf({ milestones, budgets: [of(null, 100)] }), visit).budget).toBeNull();
  });

  it('is the job’s, else the sum of its milestones that are not canceled, else unknown (B-4)', () => {
    const budgets = [of('m1', 20), of('m2', 30), of('m3', 1_000)];
    expect(
      sourceBudget('hours_budget', recordsOf({ milestones, budgets: [of(null, 100), ...budgets] }), job).figures,
    ).toMatchObject({ budgetSeconds: 100 });
    expect(sourceBudget('hours_budget', recordsOf({ milestones, budgets }), job).figures).toMatchObject({
      budgetSeconds: 50,
    });
    expect(sourceBudget('hours_budget', recordsOf({ milestones, budgets: [of('m1', 20)] }), job).budget).toBeNull();
  });

  it('takes a budget given by hand only while the source has none (B-32)', () => {
    const own = { id: 'pp', revision: 3, ownBudget: { budgetSeconds: 7 } };
    expect(sourceBudget('hours_budget', recordsOf({}), job, { own })).toMatchObject({
      figures: { budgetSeconds: 7, basis: 'hand' },
      budget: { ref: [{ entity: 'propay' }] },
    });
    expect(sourceBudget('hours_budget', recordsOf({ budgets: [of(null, 9)] }), job, { own }).figures).toMatchObject({
      budgetSeconds: 9,
    });
    expect(sourceBudget('labor_budget', recordsOf({}), job, { own }).budget).toBeNull();
  });

  it('knows the other types', () => {
    const budget = record('budget_info', 'b', {
      laborAmountCents: 5,
      contractPriceCents: 100,
      laborShareBp: 2_500,
      rateE4: 25_000,
      quantityE4: 10_000,
      tasks: [{ key: 't', name: 'T', seconds: 60, amountCents: null }],
    });
    const figures = (type: Parameters<typeof sourceBudget>[0]) =>
      sourceBudget(type, recordsOf({ budgets: [budget] }), job).figures;
    expect(figures('labor_budget')).toMatchObject({ budgetCents: 5 });
    expect(figures('contract_price')).toMatchObject({ contractPriceCents: 100, laborBp: 2_500 });
    expect(figures('rate')).toMatchObject({ rateE4: 25_000, quantityE4: 10_000 });
    expect(figures('task_hours')).toMatchObject({ tasks: [{ id: 't', budgetSeconds: 60 }] });
    expect(figures('task_amount')).toMatchObject({ tasks: [{ id: 't', budgetCents: null }] });
  });
});

describe('people (B-22)', () => {
  const pool = { id: 'p', revision: 1, otherIds: ['o2', 'o1'] };
  const proPay = { id: 'pp', revision: 2, crewLeadIds: null, otherIds: null, pool } as unknown as Parameters<
    typeof peopleOfProPay
  >[2];
  const route = { name: 'R', branchId: null, crewLeadId: 'lead-r', managerId: null, active: true };
  const tenant = context({ routes: { r1: route } });

  it('takes the lead of the visit, else of the job, else of the route', () => {
    const leads = (visitLead: string | null, jobLead: string | null, target = visit) =>
      peopleOfProPay(
        recordsOf({
          job: record('job', 'j1', { crewLeadId: jobLead, routeId: 'r1' }),
          milestones: [record('milestone', 'm1', { crewLeadId: visitLead })],
        }),
        target,
        proPay,
        tenant,
      ).crewLeadIds;
    expect(leads('lead-v', 'lead-j')).toEqual(['lead-v']);
    expect(leads(null, 'lead-j')).toEqual(['lead-j']);
    expect(leads(null, null)).toEqual(['lead-r']);
    expect(leads('lead-v', 'lead-j', job)).toEqual(['lead-j']);
    expect(leads('lead-v', null, job)).toEqual(['lead-v']);
  });

  it('takes the ProPay’s own lists before any, and names who named each', () => {
    const people = peopleOfProPay(recordsOf({}), job, { ...proPay, crewLeadIds: ['x'] }, tenant);
    expect(people).toMatchObject({ crewLeadIds: ['x'], otherIds: ['o1', 'o2'] });
    expect(people.refs).toContainEqual({ workerId: 'x', role: 'crew_lead', ref: { entity: 'propay', id: 'pp', revision: 2 } });
    expect(people.refs).toContainEqual({ workerId: 'o1', role: 'other', ref: { entity: 'bonus_pool', id: 'p', revision: 1 } });
  });

  it('takes the manager from the map of branch and division, else from the source (M-47)', () => {
    const at = (fields: object) =>
      managerOf(
        record('job', 'j1', { branchId: 'b1', managerId: 'source', ...fields }),
        context({ managerMap: { 'b1|d1': 'mapped' } }),
      );
    expect(at({ divisionId: 'd1' })).toMatchObject({ workerId: 'mapped', ref: { entity: 'setting' } });
    expect(at({ divisionId: null })).toMatchObject({ workerId: 'source', ref: { entity: 'job' } });
    expect(at({ managerId: null })).toBeNull();
    expect(managerOf(null, context())).toBeNull();
  });
});
