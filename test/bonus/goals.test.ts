import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { participantsAmong } from '#bonus/goals/participants.ts';
import { parseImport, withImport } from '#bonus/goals/results.ts';
import { cadencePeriodOf, DEFAULT_ANCHOR, goalPeriodFrom, nextGoalPeriod } from '#bonus/goals/schedule.ts';
import { EMPTY_SETUP, missingOf } from '#bonus/goals/template.ts';
import { type GoalInputs, workOutGoal } from '#bonus/goals/work-out.ts';
import { builtinValue, type CountedProPay } from '#bonus/rules/goal-metric.ts';
import { type GoalCandidate, takesPart } from '#bonus/rules/goal-participants.ts';
import { chooseTier, type Tier, tierGaps } from '#bonus/rules/goal-tiers.ts';
import { createTracer } from '#bonus/tracer.ts';
import { addDays, dateOfDayNumber, dayNumberOf } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { NO_OVERRIDES, type Overrides } from '#model/overrides.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import { CADENCES, type GoalEntry, type GoalRole, type GoalSchedule, type GoalTerms } from '#model/pro-goal.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { SEED } from './arbitraries.ts';

describe('periods of a template (B-161)', () => {
  const days = fc.integer({ min: dayNumberOf('2020-01-01'), max: dayNumberOf('2035-12-31') });
  const anchors = fc
    .tuple(days, fc.integer({ min: 1, max: 28 }))
    .map(([day, ofMonth]) => `${dateOfDayNumber(day).slice(0, 8)}${String(ofMonth).padStart(2, '0')}`);

  test('tile time without gap or overlap, from any anchor, before it and after', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CADENCES), anchors, days, (cadence, anchorDate, day) => {
        const date = dateOfDayNumber(day);
        const period = cadencePeriodOf(cadence, anchorDate, date);
        expect(period.startDate <= date && date <= period.endDate).toBe(true);
        expect(cadencePeriodOf(cadence, anchorDate, period.endDate)).toEqual(period);
        expect(cadencePeriodOf(cadence, anchorDate, addDays(period.endDate, 1)).startDate).toBe(addDays(period.endDate, 1));
        expect(cadencePeriodOf(cadence, anchorDate, anchorDate).startDate).toBe(anchorDate);
      }),
      { seed: SEED },
    );
  });

  test.each([
    ['weekly', '2026-03-11', '2026-03-09', '2026-03-15'],
    ['biweekly', '2026-03-11', '2026-03-09', '2026-03-22'],
    ['monthly', '2024-02-29', '2024-02-01', '2024-02-29'],
    ['quarterly', '2026-06-30', '2026-04-01', '2026-06-30'],
    ['yearly', '2026-12-31', '2026-01-01', '2026-12-31'],
  ] as const)('%s by default: %s lies in %s to %s', (cadence, date, startDate, endDate) => {
    expect(cadencePeriodOf(cadence, DEFAULT_ANCHOR, date)).toEqual({ startDate, endDate });
  });

  test('a fiscal year begins on its own day', () => {
    expect(cadencePeriodOf('yearly', '2020-07-01', '2026-06-30')).toEqual({ startDate: '2025-07-01', endDate: '2026-06-30' });
    expect(cadencePeriodOf('quarterly', '2020-11-15', '2026-02-14')).toEqual({
      startDate: '2025-11-15',
      endDate: '2026-02-14',
    });
  });

  const monthly: GoalSchedule = { type: 'cadence', cadence: 'monthly', anchorDate: DEFAULT_ANCHOR };
  const weekly: GoalSchedule = { type: 'cadence', cadence: 'weekly', anchorDate: DEFAULT_ANCHOR };

  test('begin with the first that starts on the day it goes live or later', () => {
    expect(nextGoalPeriod(monthly, null, '2026-03-10')).toEqual({ startDate: '2026-04-01', endDate: '2026-04-30' });
    expect(nextGoalPeriod(monthly, null, '2026-04-01')).toEqual({ startDate: '2026-04-01', endDate: '2026-04-30' });
  });

  test('leave no gap where the cadence changes: the first new one is short (as B-132)', () => {
    const march = { startDate: '2026-03-01', endDate: '2026-03-31' };
    expect(nextGoalPeriod(weekly, march, '2026-03-01')).toEqual({ startDate: '2026-04-01', endDate: '2026-04-05' });
    expect(goalPeriodFrom(weekly, march, '2026-04-01')).toEqual({ startDate: '2026-04-01', endDate: '2026-04-05' });
    expect(goalPeriodFrom(weekly, march, '2026-04-02')).toBeNull();
  });

  test('are made once where the template names one', () => {
    const period = { startDate: '2026-05-04', endDate: '2026-05-20' };
    const once: GoalSchedule = { type: 'once', period };
    expect(nextGoalPeriod(once, null, '2026-05-01')).toEqual(period);
    expect(nextGoalPeriod(once, period, '2026-05-01')).toBeNull();
    expect(nextGoalPeriod(once, null, '2026-05-05')).toBeNull();
    expect(goalPeriodFrom(once, null, '2026-05-04')).toEqual(period);
    expect(goalPeriodFrom(once, null, '2026-05-05')).toBeNull();
  });
});

const tierArb = fc.record({
  type: fc.constantFrom('between', 'gte', 'lte'),
  a: fc.integer({ min: -20, max: 20 }),
  b: fc.integer({ min: -20, max: 20 }),
});
const tiersArb = fc.array(tierArb, { minLength: 1, maxLength: 6 }).map((list) =>
  list.map(({ type, a, b }, index): Tier => {
    const [min, max] = [Math.min(a, b), Math.max(a, b)];
    const head = { index, rewardCents: index * 100 };
    return type === 'between'
      ? { ...head, type, min, max }
      : type === 'gte'
        ? { ...head, type, min }
        : { ...head, type: 'lte', max };
  }),
);
const reaches = (tier: Tier, value: number): boolean => {
  const list = Array.from({ length: 101 }, (_, at) => at - 50);
  return list
    .filter((one) => tier.type === 'lte' || one >= tier.min)
    .filter((one) => tier.type === 'gte' || one <= tier.max)
    .includes(value);
};

describe('tiers (B-164, B-165)', () => {
  test('exactly one pays: the highest of those that a list of all values names', () => {
    fc.assert(
      fc.property(tiersArb, fc.integer({ min: -40, max: 40 }), (tiers, value) => {
        const reached = tiers.filter((tier) => reaches(tier, value));
        const expected = reached.length === 0 ? null : Math.max(...reached.map(({ index }) => index));
        expect(chooseTier(tiers, value)?.index ?? null).toBe(expected);
      }),
      { seed: SEED },
    );
  });

  test('gaps are exactly the values between the tiers that none reaches', () => {
    fc.assert(
      fc.property(tiersArb, (tiers) => {
        const inside = Array.from({ length: 81 }, (_, at) => at - 40).filter((value) => {
          const lower = tiers.some((tier) => tier.type === 'lte' || tier.min < value);
          const higher = tiers.some((tier) => tier.type === 'gte' || tier.max > value);
          return lower && higher && !tiers.some((tier) => reaches(tier, value));
        });
        const told = tierGaps(tiers).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
        expect(told).toEqual(inside);
      }),
      { seed: SEED },
    );
  });
});

describe('participants that people here speak for (E-2, E-3)', () => {
  const worker = (overrides: Partial<Overrides>, fields: Partial<typeof BLANK_WORKER> = {}) =>
    ({
      ...{ id: 'w1', entity: 'worker', connectionId: 'acme1.1', sourceId: 'w1', revision: 1, tombstone: null, aliasOf: null },
      fields: { ...BLANK_WORKER, ...fields },
      own: { ...NO_FACTS, overrides: { ...NO_OVERRIDES, ...overrides } },
    }) as MirrorRecord<'worker'>;
  const said = <V>(value: V, at: string) => ({
    value,
    at,
    by: 'x',
    reason: null,
    sourceValueWhenSet: null,
    kept: false,
    setAt: 1,
  });
  const takes = (one: MirrorRecord<'worker'>, roles: readonly GoalRole[] | null = null) =>
    participantsAmong(
      [one],
      [],
      { scope: { type: 'tenant' }, participants: roles === null ? { type: 'all' } : { type: 'roles', roles } },
      '2026-03-31',
      { connections: {} },
    ).length === 1;

  test('are gone from the day on which that was said, or back whatever the source says', () => {
    expect(takes(worker({ active: said('archived', '2026-03-30T12:00:00.000Z') }))).toBe(false);
    expect(takes(worker({ active: said('archived', '2026-04-02T12:00:00.000Z') }))).toBe(true);
    expect(takes(worker({}, { sourceActive: false }))).toBe(false);
    const left = { sourceActive: false, terminationDate: '2026-02-01' };
    expect(takes(worker({ active: said('active', '2026-04-02T12:00:00.000Z') }, left))).toBe(true);
  });

  test('take part in the role that was given here', () => {
    expect(takes(worker({}), ['crew_lead'])).toBe(false);
    expect(takes(worker({ role: said('crew_lead', '2026-03-01T12:00:00.000Z') }), ['crew_lead'])).toBe(true);
  });
});

describe('participants (B-162)', () => {
  const person = (fields: Partial<typeof BLANK_WORKER>, rest: Partial<GoalCandidate['worker']> = {}): GoalCandidate => ({
    worker: { id: 'w1', fields: { ...BLANK_WORKER, branchId: 'b1', ...fields }, tombstone: null, aliasOf: null, ...rest },
    role: 'worker',
  });
  const all: Pick<GoalTerms, 'scope' | 'participants'> = { scope: { type: 'tenant' }, participants: { type: 'all' } };
  const on = (candidate: GoalCandidate, terms: Partial<typeof all> = {}, routeIds: readonly string[] = []) =>
    takesPart(candidate, { ...all, ...terms }, '2026-03-31', routeIds);

  test.each([
    ['active', person({}), true],
    ['left before the last day', person({ terminationDate: '2026-03-30' }), false],
    ['left on the last day', person({ terminationDate: '2026-03-31', sourceActive: false }), true],
    ['leaves later', person({ terminationDate: '2026-04-01', sourceActive: false }), true],
    ['inactive, nobody says since when', person({ sourceActive: false }), false],
    ['hired on the last day', person({ hireDate: '2026-03-31' }), true],
    ['hired after it', person({ hireDate: '2026-04-01' }), false],
    ['hired again', person({ terminationDate: '2025-01-31', hireDate: '2026-01-01' }), true],
    ['gone at the source', person({}, { tombstone: { at: '2026-03-01T00:00:00.000Z', runId: 'r', reason: 'feed' } }), false],
    ['merged into another', person({}, { aliasOf: 'w2' }), false],
  ])('%s', (_name, candidate, expected) => {
    expect(on(candidate)).toBe(expected);
  });

  test('the scope and the kind of participants both have to fit', () => {
    expect(on(person({}), { scope: { type: 'branch', branchId: 'b1' } })).toBe(true);
    expect(on(person({}), { scope: { type: 'branch', branchId: 'b2' } })).toBe(false);
    expect(on(person({}), { scope: { type: 'division', divisionId: 'd1' } })).toBe(false);
    expect(on(person({ divisionId: 'd1' }), { scope: { type: 'division', divisionId: 'd1' } })).toBe(true);
    expect(on(person({}), { scope: { type: 'route', routeId: 'r1' } }, ['r2'])).toBe(false);
    expect(on(person({}), { scope: { type: 'route', routeId: 'r1' } }, ['r1'])).toBe(true);
    expect(on(person({}), { participants: { type: 'roles', roles: ['crew_lead'] } })).toBe(false);
    expect(on(person({}), { participants: { type: 'roles', roles: ['crew_lead', 'worker'] } })).toBe(true);
    expect(on(person({}), { participants: { type: 'named', workerIds: ['w2'] } })).toBe(false);
    expect(
      on(person({}), { scope: { type: 'branch', branchId: 'b2' }, participants: { type: 'named', workerIds: ['w1'] } }),
    ).toBe(false);
  });
});

describe('built-in figures (B-163)', () => {
  const proPay = (id: string, workerIds: readonly string[], figures: Partial<CountedProPay['figures']>): CountedProPay => ({
    ref: { entity: 'propay', id, revision: 1 },
    workerIds,
    figures: { budgetSeconds: null, actualSeconds: 0, actualCostCents: 0, savingsCents: 0, ...figures },
  });
  const hours = proPay('hours', ['A', 'B'], {
    budgetSeconds: 144_000,
    actualSeconds: 108_000,
    actualCostCents: 75_000,
    savingsCents: 25_000,
  });
  const money = proPay('money', ['A'], { actualSeconds: 36_000, actualCostCents: 30_000, savingsCents: -10_000 });
  const noTime = proPay('none', ['A'], { savingsCents: 5_000 });
  const records = { proPays: [hours, money, noTime], callbacks: [] };
  const value = (metric: Parameters<typeof builtinValue>[0], who: string, of = records) => builtinValue(metric, who, of).value;

  test('hours gained: seconds under budget; money by the mean wage; without time not comparable (B-173)', () => {
    expect(builtinValue('hours_gained', 'A', records)).toEqual({
      value: 36_000 - 12_000,
      refs: [hours.ref, money.ref],
      notComparable: [noTime.ref],
    });
    expect(value('hours_gained', 'B')).toBe(36_000);
    expect(value('hours_gained', 'C')).toBe(0);
  });

  test('the exact sum is rounded once, halves away from zero', () => {
    const third = (id: string) => proPay(id, ['A'], { actualSeconds: 1, actualCostCents: 3, savingsCents: 1 });
    expect(value('hours_gained', 'A', { proPays: [third('1'), third('2')], callbacks: [] })).toBe(1);
    expect(value('hours_gained', 'A', { proPays: [third('1')], callbacks: [] })).toBe(0);
  });

  test('insights efficiency over all of them: 100% at budget (B-172)', () => {
    expect(value('insights_efficiency', 'B')).toBe(12_500);
    expect(value('insights_efficiency', 'A', { proPays: [hours, money], callbacks: [] })).toBe(11_250);
    expect(value('insights_efficiency', 'C')).toBeNull();
  });

  test('figures that cannot be told leave the value open; a count needs none', () => {
    const dark = { proPays: [hours, { ...noTime, figures: null }], callbacks: [] };
    expect(value('on_budget_rate', 'A', dark)).toBeNull();
    expect(value('hours_gained', 'A', dark)).toBeNull();
    expect(value('hours_gained', 'B', dark)).toBe(36_000);
    expect(value('propays_completed', 'A', dark)).toBe(2);
  });

  test('completed, on budget, callbacks', () => {
    expect(value('propays_completed', 'A')).toBe(3);
    expect(value('propays_completed', 'C')).toBe(0);
    expect(value('on_budget_rate', 'A')).toBe(6_667);
    expect(value('on_budget_rate', 'C')).toBeNull();
    expect(value('callback_count', 'A')).toBe(0);
    const callbacks = [{ ref: { entity: 'callback', id: 'c1', revision: 1 }, workerIds: ['A'] }];
    expect(builtinValue('callback_count', 'A', { proPays: [], callbacks })).toEqual({
      value: 1,
      refs: [callbacks[0]!.ref],
      notComparable: [],
    });
    expect(builtinValue('callback_count', 'B', { proPays: [], callbacks }).value).toBe(0);
  });
});

const CSAT: readonly Tier[] = [
  { index: 0, type: 'between', min: 9_000, max: 9_499, rewardCents: 10_000 },
  { index: 1, type: 'gte', min: 9_500, rewardCents: 20_000 },
];
const definition = (id: string) => ({ id, name: `Question ${id}`, category: 'Safety' as const, revision: 1 });
const penalty = (id: string, kind: 'fixed' | 'set_at_approval', amountCents: number | null) => ({
  ...definition(id),
  kind,
  amountCents,
});
const said = (workerId: string | null, more: Partial<GoalEntry> = {}): GoalEntry => ({
  workerId,
  value: null,
  excluded: null,
  disqualifiers: [],
  penalties: [],
  ...more,
});

function goalOf(entries: readonly GoalEntry[], people: readonly string[], terms: Partial<GoalTerms> = {}): GoalInputs {
  return {
    goal: {
      id: 'T.2026-03-01',
      templateId: 'T',
      templateRevision: 3,
      period: { startDate: '2026-03-01', endDate: '2026-03-31' },
      terms: {
        name: 'Satisfaction',
        description: null,
        scope: { type: 'tenant' },
        participants: { type: 'all' },
        metric: { source: 'manual', name: 'CSAT', unit: 'bp' },
        tiers: CSAT,
        managerId: 'max',
        pool: EMPTY_SETUP.pool,
        disqualifiers: [],
        penalties: [],
        ...terms,
      },
    },
    participants: people.map((workerId) => ({ workerId, branchId: null, ref: { entity: 'worker', id: workerId, revision: 1 } })),
    results: { goalId: 'T.2026-03-01', revision: 4, entries, at: '2026-04-01T00:00:00.000Z', before: null, by: 'x' },
    records: null,
  };
}
const answer = (key: string, state: 'passed' | 'failed' | 'pending') => ({ key, state, note: null });

describe('a goal worked out (B-163 to B-166)', () => {
  test('one value for all, one of their own, and none at all', () => {
    const result = workOutGoal(goalOf([said(null, { value: 9_200 }), said('B', { value: 9_600 })], ['B', 'A']));
    expect(result.participants.map(({ workerId, tierIndex, rewardCents }) => [workerId, tierIndex, rewardCents])).toEqual([
      ['A', 0, 10_000],
      ['B', 1, 20_000],
    ]);
    expect(result).toMatchObject({ outcome: 'applies', missing: [], totalCents: 30_000 });
    const open = workOutGoal(goalOf([said('B', { value: 8_999 })], ['A', 'B']));
    expect(open).toMatchObject({ outcome: 'cannot-tell', missing: ['value:A'], totalCents: 0 });
  });

  test('who is left out needs no value; who failed gets nothing and is named as excluded (B-166)', () => {
    const terms = { disqualifiers: [definition('Q')] };
    const result = workOutGoal(
      goalOf(
        [
          said('A', { excluded: 'on leave' }),
          said('B', { value: 9_600, disqualifiers: [answer('Q', 'failed')] }),
          said('C', { value: 9_600, disqualifiers: [answer('Q', 'passed')] }),
          said('D', { value: 9_600 }),
        ],
        ['A', 'B', 'C', 'D'],
        terms,
      ),
    );
    expect(result.participants.map(({ rewardCents, excluded, lacks }) => [rewardCents, excluded, lacks])).toEqual([
      [0, { by: 'hand', reason: 'on leave' }, []],
      [0, { by: 'disqualifier', reason: 'Question Q' }, []],
      [20_000, null, []],
      [20_000, null, ['answer']],
    ]);
  });

  test('an answer for everybody holds for those without their own', () => {
    const terms = { disqualifiers: [definition('Q')] };
    const entries = [
      said(null, { value: 9_600, disqualifiers: [answer('Q', 'passed')] }),
      said('B', { disqualifiers: [answer('Q', 'failed')] }),
    ];
    expect(workOutGoal(goalOf(entries, ['A', 'B'], terms)).participants.map(({ rewardCents }) => rewardCents)).toEqual([
      20_000, 0,
    ]);
  });

  test('penalties lower the reward to 0 at most; one without amount stands in the way', () => {
    const terms = { penalties: [penalty('P', 'fixed', 7_500), penalty('S', 'set_at_approval', null)] };
    const entries = [
      said('A', { value: 9_600, penalties: [{ key: 'P', count: 2, amountCents: null }] }),
      said('B', { value: 9_600, penalties: [{ key: 'P', count: 3, amountCents: null }] }),
      said('C', { value: 9_600, penalties: [{ key: 'S', count: 1, amountCents: null }] }),
      said('D', { value: 9_600, penalties: [{ key: 'S', count: 1, amountCents: 1 }] }),
    ];
    expect(
      workOutGoal(goalOf(entries, ['A', 'B', 'C', 'D'], terms)).participants.map(({ rewardCents, lacks }) => [
        rewardCents,
        lacks,
      ]),
    ).toEqual([
      [5_000, []],
      [0, []],
      [20_000, ['penalty-amount']],
      [19_999, []],
    ]);
  });

  test('the version follows everything that counts and nothing else', () => {
    const base = goalOf([said('A', { value: 9_600 })], ['A', 'B']);
    const { inputsVersion } = workOutGoal(base);
    expect(workOutGoal({ ...base, participants: [...base.participants].reverse() }).inputsVersion).toBe(inputsVersion);
    expect(workOutGoal(goalOf([said('A', { value: 9_601 })], ['A', 'B'])).inputsVersion).not.toBe(inputsVersion);
    expect(workOutGoal(goalOf([said('A', { value: 9_600 })], ['A'])).inputsVersion).not.toBe(inputsVersion);
    expect(workOutGoal(goalOf([said('A', { value: 9_600 }), said('B', { excluded: 'new' })], ['A', 'B'])).inputsVersion).not.toBe(
      inputsVersion,
    );
  });

  test('the trace leads from each reward to the records behind it (B-5)', () => {
    const tracer = createTracer('T.2026-03-01');
    workOutGoal(goalOf([said('A', { value: 9_600 })], ['A']), tracer);
    const at = new Map(tracer.nodes.map((node) => [node.id, node]));
    const reached = new Set<string>();
    const follow = (id: string): void => {
      for (const input of at.get(id)!.inputs)
        if ('node' in input) follow(input.node);
        else reached.add(`${input.record} ${input.recordId} ${input.revision}`);
    };
    follow('B-166/T.2026-03-01/reward:A');
    expect([...reached].sort()).toEqual(['goal_results T.2026-03-01 4', 'goal_template T 3', 'worker A 1']);
    expect(at.get('B-165/T.2026-03-01/tier:A')).toMatchObject({ value: 20_000, unit: 'cents' });
  });

  test('an incomplete template names all that it lacks', () => {
    expect(missingOf(EMPTY_SETUP)).toEqual(['name', 'period', 'participants', 'metric', 'tiers', 'managerId']);
  });
});

describe('an uploaded list (B-163)', () => {
  test('reads ids and whole numbers, with or without heading, in any line ending', () => {
    const expected = [
      { workerId: 'w1', value: 9_600 },
      { workerId: 'w2', value: -3 },
    ];
    expect(parseImport('worker id,value\r\nw1,9600\r\nw2,-3\r\n')).toEqual(expected);
    expect(parseImport('\uFEFF"w1","9600"\n\nw2 , -3')).toEqual(expected);
    expect(parseImport('')).toEqual([]);
  });

  test.each([
    ['w1,1\nw2,96.5', 'invalid-number'],
    ['w1,1\nw2', 'invalid-body'],
    ['w1,1\nw2,3,4', 'invalid-body'],
    ['w1,1\n,3', 'invalid-body'],
  ])('refuses %j as %s', (csv, code) => {
    expect(() => parseImport(csv)).toThrow(code);
  });

  test('takes the place of the values and leaves exclusions and answers', () => {
    const before = goalOf(
      [
        said(null, { value: 1 }),
        said('A', { value: 5, excluded: 'ill' }),
        said('B', { value: 6, disqualifiers: [answer('Q', 'failed')] }),
      ],
      [],
    ).results;
    expect(withImport(before, [{ workerId: 'B', value: 7 }])).toEqual([
      said('A', { excluded: 'ill' }),
      said('B', { value: 7, disqualifiers: [answer('Q', 'failed')] }),
    ]);
  });
});
