import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { calculatePooled, type GroupMember, type GroupTerms } from '#bonus/group.ts';
import { reservePhases } from '#bonus/phases.ts';
import type { AppliedResult, Calculation, Payout, WorkerShare } from '#bonus/shapes.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { createTracer } from '#bonus/tracer.ts';
import { allocateAmounts } from '#kernel/allocate.ts';
import { hashCanonical } from '#kernel/hash.ts';
import { calculationArb, SEED } from './arbitraries.ts';
import { groupArb, phasesArb } from './composite-arbitraries.ts';
import { withRefs } from './references.ts';

/** A shuffle that a number repeats: every list of facts gets an order of its own. */
function shuffled<T>(list: readonly T[], salt: number): T[] {
  return list
    .map((item, index) => ({ item, rank: Math.imul(index + 1, 2_654_435_761 + 2 * salt) >>> 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const mixed = <T>(list: readonly T[] | null | undefined, salt: number): readonly T[] | null | undefined =>
  list ? shuffled(list, salt) : list;

/** The same facts, each list in another order. */
function reordered(input: Calculation, salt: number): Calculation {
  const { budget, distribution } = input;
  const tasks = budget !== null && 'tasks' in budget ? shuffled<unknown>(budget.tasks, salt) : null;
  return {
    ...input,
    budget: tasks === null ? budget : ({ ...budget, tasks } as Calculation['budget']),
    distribution: {
      ...distribution,
      amounts: mixed<WorkerShare>(distribution.amounts, salt),
      earnings: mixed<WorkerShare>(distribution.earnings, salt),
    },
    entries: shuffled(input.entries, salt),
    assignedCrew: mixed(input.assignedCrew, salt),
    crewLeadIds: mixed(input.crewLeadIds, salt),
    managerIds: mixed(input.managerIds, salt),
    otherIds: mixed(input.otherIds, salt),
    excludedWorkerIds: mixed(input.excludedWorkerIds, salt),
    disqualifiers: mixed(input.disqualifiers, salt),
    penalties: mixed(input.penalties, salt),
    peopleRefs: mixed(input.peopleRefs, salt),
  };
}

const saltArb = fc.integer({ min: 1, max: 1_000_000 });
const total = (payouts: readonly Payout[]): number => payouts.reduce((sum, one) => sum + one.cents, 0);

/** The result of inputs that are all known; a property passes over the others. */
function applied(input: Calculation): AppliedResult {
  const result = calculate(input);
  fc.pre(result.outcome === 'applies');
  return result;
}

function traceOf(input: Calculation): readonly TraceNode[] {
  const tracer = createTracer('propay-1');
  calculate(input, tracer);
  return tracer.nodes;
}

describe('the order of facts never matters (B-6)', () => {
  test('to a result and the digest of its trace, whether or not the facts name records', () => {
    fc.assert(
      fc.property(calculationArb, saltArb, fc.boolean(), (plain, salt, named) => {
        const input = named ? withRefs(plain) : plain;
        const other = reordered(input, salt);
        expect(calculate(other)).toEqual(calculate(input));
        expect(hashCanonical(traceOf(other))).toBe(hashCanonical(traceOf(input)));
      }),
      { numRuns: 1500, seed: SEED },
    );
  });

  test('to a replay: the same inputs, read back from their stored form, give the same digest', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const input = withRefs(plain);
        const stored: Calculation = JSON.parse(JSON.stringify(input));
        expect(hashCanonical(traceOf(stored))).toBe(hashCanonical(traceOf(input)));
        expect(hashCanonical(traceOf(input))).toBe(hashCanonical(traceOf(input)));
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  test('to a group: members in any order, their facts in any order', () => {
    const withRecords = (terms: GroupTerms, members: readonly GroupMember[]) => ({
      terms: withoutFacts(withRefs({ ...terms, budget: null, entries: [] })),
      members: members.map((member) => named(terms, member)),
    });
    fc.assert(
      fc.property(groupArb, saltArb, ({ terms: plain, members: list }, salt) => {
        const { terms, members } = withRecords(plain, list);
        const again = shuffled(members, salt).map((member) => ({
          ...member,
          entries: shuffled(member.entries, salt),
          penalties: mixed(member.penalties, salt),
          disqualifiers: mixed(member.disqualifiers, salt),
        }));
        const tracers = [createTracer('group-1'), createTracer('group-1')] as const;
        expect(calculatePooled(terms, again, tracers[1])).toEqual(calculatePooled(terms, members, tracers[0]));
        expect(hashCanonical(tracers[1].nodes)).toBe(hashCanonical(tracers[0].nodes));
      }),
      { numRuns: 400, seed: SEED },
    );
  });
});

function withoutFacts({ budget: _budget, entries: _entries, savingsCapCents: _cap, ...terms }: Calculation): GroupTerms {
  return terms;
}

/** A member whose records carry its own id, as members of a real group do. */
function named(terms: GroupTerms, member: GroupMember): GroupMember {
  const { budget, entries, settingModification, adjustment } = withRefs({ ...terms, ...member }, member.id);
  return { ...member, budget, entries, settingModification, adjustment };
}

describe('what is divided adds up', () => {
  test('payouts, the company’s part and the five pools, to the cent', () => {
    fc.assert(
      fc.property(calculationArb, (input) => {
        const { payouts, companyKeepsCents, savingsCents, pools, workerShareCents, leadPayouts, leadPayCents } = applied(input);
        expect(total(payouts) + companyKeepsCents).toBe(savingsCents);
        const split = Object.values(pools).reduce((sum, cents) => sum + cents, 0);
        expect(Math.abs(split)).toBeLessThanOrEqual(Math.abs(workerShareCents));
        expect(leadPayouts.reduce((sum, one) => sum + one.cents, 0)).toBe(leadPayCents);
      }),
      { numRuns: 1500, seed: SEED },
    );
  });

  test('a reserve of phases is what went in less what was drawn, and nobody’s is below zero', () => {
    fc.assert(
      fc.property(phasesArb, ({ terms, phases }) => {
        const result = reservePhases(terms, phases);
        fc.pre(result.outcome === 'applies');
        const moved = result.phases.reduce((sum, one) => sum + one.toReserveCents, 0);
        expect(result.reserve.reduce((sum, one) => sum + one.cents, 0)).toBe(moved);
        for (const { cents } of result.reserve) expect(cents).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

describe('what is taken mirrors what is given (B-3, B-60)', () => {
  test('allocate(−x) is −allocate(x)', () => {
    const weightsArb = fc
      .array(fc.oneof(fc.nat(1_000_000), fc.bigInt({ min: 0n, max: 2n ** 70n })), { minLength: 1, maxLength: 20 })
      .map((list) => list.map((weight, index) => ({ id: `w${index}`, weight })));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), weightsArb, (amount, weights) => {
        fc.pre(weights.some(({ weight }) => BigInt(weight) > 0n));
        const shares = allocateAmounts(amount, weights);
        expect(shares.reduce((sum, cents) => sum + cents, 0)).toBe(amount);
        expect(allocateAmounts(0 - amount, weights)).toEqual(shares.map((cents) => 0 - cents));
        expect(allocateAmounts(amount, shuffled(weights, 7)).toSorted()).toEqual(shares.toSorted());
      }),
      { numRuns: 1500, seed: SEED },
    );
  });

  test('a loss that rolls over takes from the crew what the same amount saved gives to it', () => {
    fc.assert(
      fc.property(calculationArb, fc.integer({ min: 0, max: 400_000 }), (plain, distanceCents) => {
        const measured: Calculation = {
          ...plain,
          budget: { type: 'labor_budget', budgetCents: 0 },
          settingModification: null,
          adjustment: null,
          completionBp: null,
          disqualifiers: [],
          penalties: [],
          savingsCapCents: null,
          rollOverNegative: true,
        };
        const { actualCostCents } = applied(measured);
        fc.pre(actualCostCents >= distanceCents && actualCostCents + distanceCents <= 1_000_000_000_000);
        const savingBy = (cents: number): AppliedResult =>
          applied({ ...measured, budget: { type: 'labor_budget', budgetCents: actualCostCents + cents } });
        const saved = savingBy(distanceCents);
        const lost = savingBy(0 - distanceCents);
        const mirrored = (payouts: readonly Payout[]) => payouts.map((one) => ({ ...one, cents: 0 - one.cents }));
        expect(lost.workerShareCents).toBe(0 - saved.workerShareCents);
        expect(lost.payouts).toEqual(mirrored(saved.payouts.filter(({ role }) => role === 'crew')));
      }),
      { numRuns: 800, seed: SEED },
    );
  });
});

describe('a fact that is not used changes nothing', () => {
  const noTime = 'nobody with time';
  const unused: Readonly<Record<string, (input: Calculation) => Calculation>> = {
    'an entry of 0 seconds': (input) => ({
      ...input,
      entries: [...input.entries, { workerId: noTime, seconds: 0, wageE4: null, burdenBp: null, week: null }],
    }),
    'an excluded worker without time': (input) => ({
      ...input,
      excludedWorkerIds: [...(input.excludedWorkerIds ?? []), noTime],
    }),
    'a penalty counted 0 times': (input) => ({
      ...input,
      penalties: [...(input.penalties ?? []), { id: 'P9', amountCents: 700, count: 0 }],
    }),
    'a penalty of an unknown amount, counted 0 times': (input) => ({
      ...input,
      penalties: [...(input.penalties ?? []), { id: 'P9', amountCents: null, count: 0 }],
    }),
    'a passed disqualifier': (input) => ({
      ...input,
      disqualifiers: [...(input.disqualifiers ?? []), { id: 'Q9', state: 'passed' }],
    }),
    'earnings of somebody without time': ({ distribution, ...input }) => ({
      ...input,
      distribution: { ...distribution, earnings: [...(distribution.earnings ?? []), { workerId: noTime, cents: 90_000 }] },
    }),
    'an adjustment that adjusts nothing': (input) => (input.adjustment ? input : { ...input, adjustment: { type: 'none' } }),
    'a crew that is planned, once there is time': (input) =>
      input.entries.some(({ seconds }) => seconds > 0)
        ? { ...input, assignedCrew: [...(input.assignedCrew ?? []), { workerId: noTime, wageE4: null }] }
        : input,
  };

  test.each(Object.entries(unused))('%s', (_, add) => {
    fc.assert(
      fc.property(calculationArb, (input) => {
        expect(calculate(add(input))).toEqual(calculate(input));
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  test('in the trace of a result, an excluded worker without time and an entry of 0 seconds leave no node either', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const input = withRefs(plain);
        for (const name of ['an entry of 0 seconds', 'an excluded worker without time'])
          expect(traceOf(unused[name]!(input))).toEqual(traceOf(input));
      }),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe('every result leads back to records (B-5)', () => {
  test('each node with a value rests on a record, and every node is used or is an end', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const nodes = traceOf(withRefs(plain));
        const rests = new Map<string, boolean>();
        for (const { id, inputs } of nodes) {
          rests.set(
            id,
            inputs.some((one) => 'record' in one || (rests.get(one.node) ?? false)),
          );
        }
        const loose = nodes.filter(({ id, outcome, value }) => outcome === 'applies' && value !== 0 && !rests.get(id));
        expect(loose.map(({ id }) => id)).toEqual([]);
      }),
      { numRuns: 800, seed: SEED },
    );
  });
});
