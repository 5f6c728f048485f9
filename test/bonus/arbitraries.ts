import fc from 'fast-check';
import type { Adjustment, Budget, Calculation, Distribution, Entry, Pool } from '#bonus/shapes.ts';

/** Random tests run from one seed, so that a run can be repeated; change it to look elsewhere. */
export const SEED = 20_260_302;

/** Ids that sort differently by UTF-16 unit and by code point, among ordinary ones. */
const WORKERS = ['A', 'B', 'C', 'D', 'w10', 'w9', 'é', '\uFFFD', '\u{1F600}'] as const;

/** Mostly everyday figures, sometimes the limits of B-1. */
const money = (min: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min, max: 2_000_000 }) },
    { weight: 1, arbitrary: fc.integer({ min, max: 1_000_000_000_000 }) },
  );
const secondsArb = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 400_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 3600, 1_000_000_000) },
);
const wageArb = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 100_000, max: 600_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 100_000_000) },
);
const unknown = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 60, nil: null });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const entryArb: fc.Arbitrary<Entry> = fc
  .record({
    workerId: fc.constantFrom(...WORKERS),
    seconds: secondsArb,
    wageE4: unknown(wageArb),
    burdenBp: fc.option(unknown(fc.integer({ min: 0, max: 8000 })), { freq: 2, nil: undefined }),
    noWeight: fc.integer({ min: 0, max: 7 }).map((dice) => dice === 7),
    week: fc.option(
      unknown(
        fc
          .record({
            totalSeconds: fc.integer({ min: 1, max: 300_000 }),
            overtimeSeconds: fc.integer({ min: 0, max: 60_000 }),
            doubleTimeSeconds: fc.integer({ min: 0, max: 20_000 }),
          })
          // Overtime and double time are parts of the week.
          .map((week) => ({ ...week, totalSeconds: week.totalSeconds + week.overtimeSeconds + week.doubleTimeSeconds })),
      ),
      { freq: 2, nil: undefined },
    ),
  })
  .map(({ burdenBp, week, noWeight, ...entry }) => ({
    ...entry,
    ...(noWeight ? { noWeight } : {}),
    ...(burdenBp === undefined ? {} : { burdenBp }),
    ...(week === undefined ? {} : { week, weekStart: '2026-03-01' }),
  }));

const tasks = <K extends string>(name: K, figure: fc.Arbitrary<number>) =>
  fc
    .array(unknown(figure), { maxLength: 4 })
    .map((list) => list.map((value, index) => ({ id: `T${index}`, [name]: value }) as { id: string } & Record<K, number | null>));

const budgetArb: fc.Arbitrary<Budget | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 12, arbitrary: fc.record({ type: fc.constant('hours_budget' as const), budgetSeconds: unknown(secondsArb) }) },
  { weight: 12, arbitrary: fc.record({ type: fc.constant('labor_budget' as const), budgetCents: unknown(money(0)) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('contract_price' as const),
      contractPriceCents: unknown(money(0)),
      laborBp: unknown(fc.integer({ min: 1, max: 10_000 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('rate' as const),
      rateE4: unknown(fc.integer({ min: 0, max: 500_000 })),
      quantityE4: unknown(fc.integer({ min: 0, max: 100_000_000 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('task_hours' as const),
      tasks: tasks('budgetSeconds', fc.integer({ min: 0, max: 200_000 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('task_amount' as const), tasks: tasks('budgetCents', money(0)) }) },
);

function adjustmentFor(budget: Budget | null): fc.Arbitrary<Adjustment | undefined> {
  const isHours = budget?.type === 'hours_budget' || budget?.type === 'task_hours';
  return optional(
    fc.oneof<fc.Arbitrary<Adjustment>[]>(
      fc.constant({ type: 'none' }),
      fc.record({ type: fc.constant('percentage_increase'), valueBp: fc.integer({ min: 1, max: 100_000 }) }),
      fc.record({ type: fc.constant('percentage_decrease'), valueBp: fc.integer({ min: 1, max: 9999 }) }),
      fc.record({ type: fc.constant('multiply'), factorBp: fc.integer({ min: 1, max: 1_000_000 }) }),
      isHours
        ? fc.record({ type: fc.constant('manual_hours'), valueSeconds: fc.integer({ min: 1, max: 1_000_000 }) })
        : fc.record({ type: fc.constant('manual_amount'), valueCents: money(1) }),
    ),
  );
}

/** Five percentages that make up the whole: four cuts of it. */
const poolArb: fc.Arbitrary<Pool> = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 4, maxLength: 4 }).map((cuts) => {
  const [a, b, c, d] = cuts.sort((x, y) => x - y) as [number, number, number, number];
  return { crewBp: a, crewLeadBp: b - a, managerBp: c - b, otherBp: d - c, companyBp: 10_000 - d };
});

const distributionArb: fc.Arbitrary<Distribution> = fc.oneof<fc.Arbitrary<Distribution>[]>(
  fc.constant({ formula: 'per_hour' }),
  fc.constant({ formula: 'wage_weighted' }),
  fc.constant({ formula: 'per_head' }),
  fc.record({
    formula: fc.constant('crew_lead_weighted' as const),
    leadWeightBp: optional(fc.integer({ min: 10_000, max: 50_000 })),
    ignoreHours: optional(fc.boolean()),
  }),
  fc.record({
    formula: fc.constant('total_earnings' as const),
    earnings: fc
      .array(fc.integer({ min: 0, max: 500_000 }), { minLength: WORKERS.length - 1, maxLength: WORKERS.length })
      .map((list) => list.map((cents, index) => ({ workerId: WORKERS[index]!, cents }))),
  }),
);

const people = fc.uniqueArray(fc.constantFrom(...WORKERS, 'L', 'M'), { maxLength: 3 });

/** Any calculation of B-190 except distribution by hand, whose amounts must be built from the result; every optional field occurs. */
export const calculationArb: fc.Arbitrary<Calculation> = fc
  .record({ budget: budgetArb, otherIds: optional(people) })
  .chain(({ budget, otherIds }) =>
    fc.record({
      budget: fc.constant(budget),
      otherIds: fc.constant(otherIds),
      adjustment: adjustmentFor(budget),
      settingModification: optional(
        fc.oneof(
          fc.record({ direction: fc.constant('increase' as const), bp: fc.integer({ min: 100, max: 20_000 }) }),
          fc.record({ direction: fc.constant('decrease' as const), bp: fc.integer({ min: 100, max: 9999 }) }),
        ),
      ),
      completionBp: optional(fc.integer({ min: 0, max: 10_000 })),
      entries: fc.array(entryArb, { maxLength: 8 }),
      assignedCrew: optional(
        fc.uniqueArray(fc.record({ workerId: fc.constantFrom(...WORKERS), wageE4: unknown(wageArb) }), {
          maxLength: 4,
          selector: (one) => one.workerId,
        }),
      ),
      crewLeadIds: optional(people),
      managerIds: optional(people),
      excludedWorkerIds: optional(people),
      leadInCrewPool: optional(fc.boolean()),
      managerInCrewPool: optional(fc.boolean()),
      splitEnabled: optional(fc.boolean()),
      splitBp: optional(fc.integer({ min: 0, max: 10_000 })),
      pool: poolArb,
      distribution: distributionArb,
      disqualifiers: optional(
        fc.array(
          fc.record({
            id: fc.constantFrom('Q1', 'Q2'),
            state: fc.constantFrom('passed', 'passed', 'passed', 'failed', 'pending'),
          }),
          {
            maxLength: 2,
          },
        ),
      ),
      penalties: optional(
        fc.array(
          fc.record({
            id: fc.constantFrom('P1', 'P2'),
            amountCents: unknown(fc.integer({ min: 1, max: 20_000 })),
            count: optional(fc.integer({ min: 0, max: 1000 })),
          }),
          { maxLength: 3 },
        ),
      ),
      rollOverNegative: optional(fc.boolean()),
      savingsCapCents: fc.oneof(
        { weight: 7, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.integer({ min: -50_000, max: 200_000 }) },
      ),
      leadPayCents: optional(fc.integer({ min: 0, max: 100_000 })),
    }),
  );
