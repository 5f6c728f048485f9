import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { attributePayouts } from '#bonus/groups/attribution.ts';
import { blockersOfGroup, type GroupMoment } from '#bonus/groups/blockers.ts';
import { termsOf } from '#bonus/groups/contribution.ts';
import { editGroup } from '#bonus/groups/edit.ts';
import { nextRoutePeriod, routePeriod } from '#bonus/groups/membership.ts';
import { readGroupSources } from '#bonus/groups/source-change.ts';
import { aligned, conflictsOf, inOrder, termsInForce } from '#bonus/groups/terms.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { staysInPlace } from '#bonus/rules/group-membership.ts';
import type { Contribution } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import { newTenantContext } from '#model/tenant-context.ts';
import { POOL } from '#test/support/bonus-bench.ts';
import { SEED } from '../arbitraries.ts';
import { contribution, GROUP } from './group-records.ts';

const CONTEXT = newTenantContext({
  tenantId: 'acme1',
  name: 'Acme',
  country: 'US',
  state: null,
  zone: 'America/Denver',
  currency: 'USD',
});
const HOUR = 3_600;
const time = (workerId: string, hours: number, wageE4 = 200_000) => ({ workerId, seconds: hours * HOUR, wageE4 });
const moment = (todayDate: string): GroupMoment => ({
  todayDate,
  freshnessOf: () => ({ now: '2026-03-10T12:00:00.000Z', dataAsOf: '2026-03-10T11:00:00.000Z', maxDataAgeMinutes: 1_440 }),
});
const member = (id: string, given: Partial<Contribution> = {}): Contribution =>
  contribution(id, { budget: 10_000, time: [time('ann', 2)], managerIds: ['max'], ...given });

describe('the place of a ProPay (B-100, X-11)', () => {
  const standing = { routeId: 'r', startDate: '2026-03-02', endDate: '2026-03-08', byHand: false };
  const work = { ...standing, date: '2026-03-08' };

  it('is kept on the same route within the period, by hand in any period, and never without the route', () => {
    expect(staysInPlace(standing, work)).toBe(true);
    expect(staysInPlace(standing, { ...work, date: '2026-03-09' })).toBe(false);
    expect(staysInPlace({ ...standing, byHand: true }, { ...work, date: '2026-05-01' })).toBe(true);
    expect(staysInPlace({ ...standing, byHand: true }, { ...work, routeId: 'other' })).toBe(false);
    expect(staysInPlace(standing, null)).toBe(false);
  });

  it('is a week as the branch’s workweek begins, or a pay period of its calendar', () => {
    const calendar = { frequency: 'monthly', startDay: 1 } as const;
    const context = {
      ...CONTEXT,
      branches: { b1: { name: 'B', zone: null, active: true, payCalendar: calendar } },
      payLaw: {
        ...CONTEXT.payLaw,
        branches: {
          b1: {
            premiumPolicy: null,
            workweekStart: { weekday: 7, time: '00:00' },
            stateRule: null,
            deductionPolicy: null,
            minimumWages: [],
          },
        },
      },
    } as typeof CONTEXT;
    expect(routePeriod(context, null, 'week', '2026-03-04')).toEqual({ startDate: '2026-03-02', endDate: '2026-03-08' });
    expect(routePeriod(context, 'b1', 'week', '2026-03-04')).toEqual({ startDate: '2026-03-01', endDate: '2026-03-07' });
    expect(routePeriod(context, 'b1', 'pay', '2026-03-04')).toEqual({ startDate: '2026-03-01', endDate: '2026-03-31' });
    expect(routePeriod(context, null, 'pay', '2026-03-04')).toEqual({ startDate: '2026-02-23', endDate: '2026-03-08' });
    const group = { branchId: 'b1', periodKind: 'pay', period: { startDate: '2026-03-01', endDate: '2026-03-31' } } as const;
    expect(nextRoutePeriod(context, group)).toEqual({ startDate: '2026-04-01', endDate: '2026-04-30' });
  });
});

describe('conflicts (B-101)', () => {
  const other = (change: Partial<typeof POOL>) =>
    termsOf({ pool: { ...POOL, ...change }, manualPool: null, distribution: POOL.distribution });

  it('measure every member by the lowest reference number, numbers as numbers', () => {
    const members = [member('a', { reference: 'PP-10' }), member('b', { reference: 'PP-9', terms: other({ splitBp: 6_000 }) })];
    expect(inOrder(members).map(({ proPayId }) => proPayId)).toEqual(['b', 'a']);
    expect(conflictsOf(GROUP, members, CONTEXT)).toEqual([{ proPayId: 'a', fields: ['split'] }]);
    expect(conflictsOf({ ...GROUP, own: { splitBp: 5_000 } }, members, CONTEXT)).toEqual([{ proPayId: 'b', fields: ['split'] }]);
  });

  it('name each thing that differs, and nothing that makes no difference', () => {
    const differing = [
      ['split', other({ splitEnabled: false })],
      ['pool', other({ crewBp: 6_000, companyBp: 1_000 })],
      ['distribution', other({ leadInCrewPool: false })],
      ['waiting', other({ waitingDays: 3 })],
      ['retention', other({ retention: { manager: { retentionBp: 100, retentionDays: 9 } } })],
      ['warranty', other({ warrantyBp: 100, warrantyDays: 9 })],
      ['statement_options', other({ includeDeductions: false })],
      [
        null,
        other({ name: 'Another', otherIds: ['zoe'], warrantyDays: 9, retention: { crew: { retentionBp: 0, retentionDays: 5 } } }),
      ],
    ] as const;
    for (const [field, terms] of differing)
      expect(conflictsOf(GROUP, [member('a'), member('b', { reference: 'PP-2', terms })], CONTEXT)).toEqual(
        field === null ? [] : [{ proPayId: 'b', fields: [field] }],
      );
  });

  it('tell another pay calendar always, and the unit of budgets in pooled netting alone', () => {
    const context = {
      ...CONTEXT,
      branches: { b2: { name: 'B2', zone: null, active: true, payCalendar: { frequency: 'monthly', startDay: 1 } as const } },
    };
    const members = [
      member('a'),
      member('b', { reference: 'PP-2', budgetKind: 'hours', place: { branchId: 'b2', divisionId: null, routeId: 'route' } }),
    ];
    expect(conflictsOf(GROUP, members, context)).toEqual([{ proPayId: 'b', fields: ['pay_calendar', 'budget_kind'] }]);
    expect(conflictsOf({ ...GROUP, netting: 'separate' }, members, context)).toEqual([
      { proPayId: 'b', fields: ['pay_calendar'] },
    ]);
    expect(workOutGroup(GROUP, members, context).result).toMatchObject({ outcome: 'does-not-apply', figures: null });
  });

  it('are gone once a member is aligned', () => {
    const terms = other({ splitBp: 6_000, waitingDays: 3, crewBp: 6_000, companyBp: 1_000 });
    const settings = termsInForce(GROUP, [member('a')])!;
    const proPay = {
      pool: { ...POOL, ...terms },
      manualPool: terms.shares,
      distribution: { formula: 'per_head' },
    } as unknown as ProPay;
    const members = [member('a'), member('b', { reference: 'PP-2', terms: termsOf(aligned(proPay, settings)) })];
    expect(conflictsOf(GROUP, members, CONTEXT)).toEqual([]);
  });
});

describe('what stands in the way (B-104, B-105)', () => {
  const codes = (members: readonly Contribution[], given: Partial<typeof GROUP> = {}, todayDate = '2026-03-10') => {
    const group = { ...GROUP, ...given };
    return blockersOfGroup(group, members, workOutGroup(group, members, CONTEXT), moment(todayDate)).map(
      ({ code, propayIds, acceptable }) => [code, acceptable, ...propayIds],
    );
  };

  it('names the members that a thing comes from', () => {
    const members = [
      member('ok'),
      member('idle', { time: [] }),
      member('unpaid', { time: [{ ...time('bob', 1), wageE4: null }] }),
      member('asked', { disqualifiers: [{ id: 'q', state: 'pending' }] }),
      member('running', { openEntryIds: ['e'], completedAtSource: false }),
      member('alone', { managerIds: [] }),
    ];
    expect(codes(members)).toEqual([
      ['cannot-tell', false, 'unpaid'],
      ['no-actual-time', false, 'idle'],
      ['disqualifier-pending', false, 'asked'],
      ['not-complete', true, 'running'],
      ['open-time-entry', true, 'running'],
      ['manager-missing', true, 'alone'],
    ]);
  });

  it('is the period until it has ended, and unfinished work until it is confirmed', () => {
    const unfinished = member('a', { completedAtSource: false });
    expect(codes([member('a')], {}, '2026-03-08')).toEqual([['not-complete', true]]);
    expect(codes([member('a')], {}, '2026-03-09')).toEqual([]);
    expect(codes([unfinished])).toEqual([['not-complete', true, 'a']]);
    expect(codes([{ ...unfinished, confirmed: true }])).toEqual([]);
  });

  it('is nothing that an answer on the group has answered, and that there is nobody', () => {
    const asked = [member('a', { disqualifiers: [{ id: 'q', state: 'pending' }] })];
    const answer = {
      key: 'q',
      name: 'Q',
      category: 'Safety',
      definitionRevision: 1,
      note: null,
      answeredBy: 'x',
      answeredAt: null,
    } as const;
    expect(codes(asked, { disqualifiers: [{ ...answer, state: 'passed' }] })).toEqual([]);
    expect(codes([])).toEqual([['no-actual-time', false]]);
  });
});

describe('projections', () => {
  it('use the earned budget of what still runs, and cannot be told without any signal of progress', () => {
    const members = [
      member('done'),
      member('half', {
        reference: 'PP-2',
        completedAtSource: false,
        completionBp: 5_000,
        budget: 20_001,
        time: [time('bob', 3)],
      }),
    ];
    const { result } = workOutGroup(GROUP, members, CONTEXT);
    expect(result.figures).toMatchObject({ budgetCents: 20_001, savingsCents: 10_001 });
    expect(result.ifCompleted).toMatchObject({ budgetCents: 30_001, savingsCents: 20_001 });
    const unknown = [members[0]!, { ...members[1]!, completionBp: null }];
    expect(workOutGroup(GROUP, unknown, CONTEXT).result).toMatchObject({
      outcome: 'cannot-tell',
      missing: ['progress'],
      figures: null,
    });
  });
});

describe('attribution (B-102)', () => {
  it('always adds up to the payout, whoever worked where', () => {
    const arb = fc.record({
      cents: fc.integer({ min: -5_000, max: 5_000 }),
      role: fc.constantFrom('crew' as const, 'crew_lead' as const, 'manager' as const),
      hours: fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }),
      failed: fc.nat(6),
    });
    fc.assert(
      fc.property(arb, ({ cents, role, hours, failed }) => {
        const members = hours.map((count, at) =>
          member(`m${at}`, {
            time: count === 0 ? [] : [time('ann', count)],
            disqualifiers: at === failed ? [{ id: 'q', state: 'failed' }] : [],
            crewLeadIds: at % 2 === 0 ? ['ann'] : [],
          }),
        );
        const parts = attributePayouts([{ workerId: 'ann', role, cents }], members);
        expect(parts.reduce((sum, one) => sum + one.cents, 0)).toBe(cents);
        const worked = members.filter((one, at) => one.time.length > 0 && at !== failed).map(({ proPayId }) => proPayId);
        if (worked.length > 0) for (const { proPayId } of parts) expect(worked).toContain(proPayId);
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});

describe('edits', () => {
  const deed = { by: 'me', at: '2026-03-10T12:00:00.000Z' } as const;
  const context = {
    disqualifiers: [{ id: 'q', name: 'Q', category: 'Safety', revision: 3 }],
    penalties: [{ id: 'p', name: 'P', category: 'Other', kind: 'fixed', amountCents: 500, revision: 2 }],
  } as const;

  it('keep what is not named, and take settings of its own away by null', () => {
    const own = editGroup(
      { ...GROUP, own: { splitBp: 1, splitEnabled: true } },
      { splitBp: null, manualPool: SHARES },
      context,
      deed,
    );
    expect(own).toMatchObject({ revision: 2, own: { splitEnabled: true, shares: SHARES } });
    expect(own.own).not.toHaveProperty('splitBp');
    expect(() => editGroup(GROUP, { manualPool: { ...SHARES, crewBp: 1 } }, context, deed)).toThrow('pool-not-100');
    expect(() => editGroup({ ...GROUP, status: 'Approved' }, {}, context, deed)).toThrow('approved-unapprove-first');
  });

  it('hold answers and penalties of the tenant’s definitions, and no others', () => {
    const edit = { disqualifiers: [{ key: 'q', state: 'failed', note: 'n' }], penalties: [{ key: 'p', count: 2 }] } as const;
    const answered = editGroup(GROUP, edit, context, deed);
    expect(answered.disqualifiers).toMatchObject([
      { key: 'q', state: 'failed', note: 'n', definitionRevision: 3, answeredBy: 'me' },
    ]);
    expect(answered.penalties).toMatchObject([{ key: 'p', count: 2, amountCents: 500 }]);
    const undone = { disqualifiers: [{ key: 'q', state: 'pending', note: null }], penalties: [{ key: 'p', count: 0 }] } as const;
    expect(editGroup(answered, undone, context, deed)).toMatchObject({ disqualifiers: [], penalties: [] });
    expect(() => editGroup(GROUP, { penalties: [{ key: 'x', count: 1 }] }, context, deed)).toThrow('not-found');
  });
});

const SHARES = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };

describe('sources since the approval (B-96)', () => {
  const members = [
    member('a', { budget: 66_000, time: [time('ann', 12), time('bob', 8)] }),
    member('b', { reference: 'PP-2', budget: 30_000, time: [time('ann', 9), time('bob', 11)] }),
  ];
  const approved = workOutGroup(GROUP, members, CONTEXT).result.figures!;
  const reading = (change: Partial<NonNullable<Contribution['now']>>) => {
    const { causes = [], ...facts } = change;
    const now = { ...members[1]!, causes, records: [], runId: null, ...facts };
    return readGroupSources(GROUP, [members[0]!, { ...members[1]!, now }], approved, calculate).compared;
  };

  it('are compared for the group as a whole, with settings and people as approved', () => {
    expect(readGroupSources(GROUP, members, approved, calculate).compared).toMatchObject({ secondsDifference: 0, byWorker: [] });
    // Four more hours at 20.00 lower the savings by 80.00, the worker share by 40.00, and what is paid by 32.00: nobody leads.
    const more = reading({ time: [time('ann', 9), time('bob', 15)] });
    expect(more).toMatchObject({ secondsDifference: 4 * HOUR, totalDifferenceCents: -3_200 });
  });

  it('a canceled member keeps its hours and saves nothing; one without time is gone; a missing wage cannot be told', () => {
    expect(reading({ causes: ['canceled'] })).toMatchObject({ secondsDifference: 0, totalDifferenceCents: 4_000 });
    expect(reading({ time: [] })).toMatchObject({ secondsDifference: -20 * HOUR, totalDifferenceCents: 4_000 });
    expect(reading({ time: [{ ...time('zoe', 1), wageE4: null }] })).toEqual({ outcome: 'cannot-tell', missing: ['wage:zoe'] });
  });
});
