import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import type { AppliedResult, Calculation, Payout } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/tracer.ts';
import { calculationArb, SEED } from './arbitraries.ts';
import { oracle } from './oracle/calculation.ts';

const WHOLE_CREW = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };

function calculation(changes: Partial<Calculation> = {}): Calculation {
  return {
    budget: { type: 'labor_budget', budgetCents: 200_000 },
    entries: [
      { workerId: 'A', seconds: 108_000, wageE4: 250_000 },
      { workerId: 'B', seconds: 108_000, wageE4: 250_000 },
    ],
    pool: WHOLE_CREW,
    distribution: { formula: 'per_hour' },
    ...changes,
  };
}

function applied(input: Calculation): AppliedResult {
  const result = calculate(input);
  if (result.outcome !== 'applies') throw new Error(`cannot tell: ${result.missing.join(', ')}`);
  return result;
}

const total = (payouts: readonly Payout[], role?: Payout['role']): number =>
  payouts.filter((payout) => role === undefined || payout.role === role).reduce((sum, payout) => sum + payout.cents, 0);

describe('calculation against an independent reading of the rules', () => {
  test('agrees on amounts entered by hand, built from the crew pool of the same inputs', () => {
    fc.assert(
      fc.property(calculationArb, fc.array(fc.nat(9), { minLength: 9, maxLength: 9 }), (input, parts) => {
        const first = calculate({ ...input, distribution: { formula: 'per_head' } });
        fc.pre(first.outcome === 'applies');
        const crew = first.payouts.filter((payout) => payout.role === 'crew');
        // Amounts by hand keep the limit of B-1; a pool beyond it cannot be entered.
        fc.pre(crew.length > 0 && crew.every((payout) => payout.cents < 1_000_000_000_000));
        // Moves a few cents between neighbours, so that the amounts are nobody's formula but still add up.
        const moved = crew.map((payout, index) => Math.min(parts[index] ?? 0, Math.max(0, payout.cents)));
        const amounts = crew.map(({ workerId, cents }, index) => ({
          workerId,
          cents: Math.max(0, cents) - moved[index]! + moved[(index + 1) % crew.length]!,
        }));
        const manual: Calculation = { ...input, distribution: { formula: 'manual', amounts } };
        expect(calculate(manual)).toEqual(oracle(manual));
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

describe('properties of every calculation', () => {
  const check = (run: (input: Calculation, result: AppliedResult) => void): void => {
    fc.assert(
      fc.property(calculationArb, (input) => {
        const result = calculate(input);
        fc.pre(result.outcome === 'applies');
        run(input, result);
      }),
      { numRuns: 600, seed: SEED },
    );
  };

  test('accounts for every cent of the savings', () => {
    check((_, result) => expect(total(result.payouts) + result.companyKeepsCents).toBe(result.savingsCents));
  });

  test('splits exactly what is distributable among the five pools', () => {
    check((input, { pools, workerShareCents, penaltyCents }) => {
      const sum = pools.crewCents + pools.crewLeadCents + pools.managerCents + pools.otherCents + pools.companyCents;
      const failed = (input.disqualifiers ?? []).some((one) => one.state === 'failed');
      const nothing = workerShareCents < 0 ? !input.rollOverNegative : failed;
      expect(sum).toBe(nothing ? 0 : workerShareCents - penaltyCents);
    });
  });

  test('pays each role its pool in full, or nothing when nobody is there', () => {
    check((_, { payouts, pools, notes }) => {
      for (const [role, cents] of [
        ['crew', pools.crewCents],
        ['crew_lead', pools.crewLeadCents],
        ['manager', pools.managerCents],
        ['other', pools.otherCents],
      ] as const) {
        const empty = notes.includes(`empty-role:${role}`) || (role !== 'crew' && cents < 0);
        expect(total(payouts, role)).toBe(empty ? 0 : cents);
      }
    });
  });

  test('does not depend on the order of any list', () => {
    check((input, result) => {
      const turned = <T>(list: readonly T[] | null | undefined): readonly T[] | undefined =>
        list ? [...list].reverse() : undefined;
      const other: Calculation = {
        ...input,
        entries: [...input.entries].reverse(),
        assignedCrew: turned(input.assignedCrew),
        crewLeadIds: turned(input.crewLeadIds),
        managerIds: turned(input.managerIds),
        otherIds: turned(input.otherIds),
        excludedWorkerIds: turned(input.excludedWorkerIds),
        disqualifiers: turned(input.disqualifiers),
        penalties: turned(input.penalties),
      };
      expect(calculate(other)).toEqual(result);
    });
  });

  test('lowers nobody for money left unsaid: entries of 0 seconds change nothing', () => {
    check((input, result) => {
      const entries = [...input.entries, { workerId: 'nobody', seconds: 0, wageE4: null }];
      expect(calculate({ ...input, entries })).toEqual(result);
    });
  });

  test('pays nobody a negative amount unless losses roll over, and then only the crew', () => {
    check((input, { payouts }) => {
      for (const { role, cents } of payouts) if (cents < 0) expect([role, input.rollOverNegative]).toEqual(['crew', true]);
    });
  });

  test('gives the same result with a tracer', () => {
    fc.assert(
      fc.property(calculationArb, (input) => {
        expect(calculate(input, createTracer('propay-1'))).toEqual(calculate(input));
      }),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe('single rules inside the calculation', () => {
  test('rounds the cost once over the whole ProPay, not per entry (R3)', () => {
    const entries = Array.from({ length: 3 }, () => ({ workerId: 'A', seconds: 1, wageE4: 120_000 }));
    expect(applied(calculation({ entries })).actualCostCents).toBe(1);
  });

  test('uses the exact blended wage, not the shown one (B-51)', () => {
    const entries = [
      { workerId: 'A', seconds: 3, wageE4: 100_001 },
      { workerId: 'B', seconds: 4, wageE4: 100_000 },
    ];
    const result = applied(calculation({ budget: { type: 'hours_budget', budgetSeconds: 1_000_000_000 }, entries }));
    expect(result.blendedWageE4).toBe(100_000);
    expect(result.savingsCents).toBe(Number((999_999_993n * 700_003n * 2n + 2_520_000n) / 5_040_000n));
  });

  test('takes a value by hand even while the base is unknown (B-35)', () => {
    const result = calculate(
      calculation({
        budget: { type: 'labor_budget', budgetCents: null },
        adjustment: { type: 'manual_amount', valueCents: 160_000 },
      }),
    );
    expect(result).toMatchObject({ outcome: 'applies', budgetCents: 160_000, savingsCents: 10_000 });
  });

  test('names a missing burden and an incomplete week (B-44, B-45)', () => {
    const entries = [
      { workerId: 'A', seconds: 3600, wageE4: 250_000, burdenBp: null },
      { workerId: 'B', seconds: 3600, wageE4: null, week: null, weekStart: '2026-03-01' },
    ];
    expect(calculate(calculation({ entries }))).toEqual({
      outcome: 'cannot-tell',
      missing: ['burden:A', 'wage:B', 'week-hours:B:2026-03-01'],
    });
  });

  test('cannot tell an hours budget without time and crew (B-52)', () => {
    const budget = { type: 'hours_budget', budgetSeconds: 7200 } as const;
    expect(calculate(calculation({ budget, entries: [] }))).toEqual({ outcome: 'cannot-tell', missing: ['crew', 'time'] });
    const assignedCrew = [
      { workerId: 'Z', wageE4: null },
      { workerId: 'Y', wageE4: 250_000 },
    ];
    expect(calculate(calculation({ budget, entries: [], assignedCrew }))).toEqual({
      outcome: 'cannot-tell',
      missing: ['time', 'wage:Z'],
    });
  });

  test('a money budget without time is a projection that cannot be approved (B-52)', () => {
    const result = applied(calculation({ entries: [] }));
    expect(result).toMatchObject({ savingsCents: 200_000, blendedWageE4: null, approvable: false, payouts: [] });
    expect(result.notes).toEqual(['empty-role:crew', 'no-actual-time']);
  });

  test('a failure does not wipe a loss that rolls over (B-77)', () => {
    const input = calculation({
      budget: { type: 'labor_budget', budgetCents: 100_000 },
      rollOverNegative: true,
      disqualifiers: [{ id: 'Q', state: 'failed' }],
    });
    expect(total(applied(input).payouts)).toBe(-25_000);
  });

  test('a negative crew pool by hand falls back to hours (B-70)', () => {
    const input = calculation({
      budget: { type: 'labor_budget', budgetCents: 100_000 },
      rollOverNegative: true,
      distribution: { formula: 'manual', amounts: [{ workerId: 'A', cents: 5 }] },
    });
    expect(applied(input).payouts.map((payout) => payout.cents)).toEqual([-12_500, -12_500]);
  });

  test('asks for no amounts by hand where nothing is distributed', () => {
    const distribution = { formula: 'manual', amounts: [{ workerId: 'A', cents: 25_000 }] } as const;
    expect(applied(calculation({ distribution })).payouts).toEqual([{ workerId: 'A', role: 'crew', cents: 25_000 }]);
    expect(applied(calculation({ distribution, disqualifiers: [{ id: 'Q', state: 'failed' }] })).payouts).toEqual([]);
  });

  test('divides lead pay evenly, lowered by an overrun, not by penalties, gone after a failure (B-61)', () => {
    const base = { crewLeadIds: ['L2', 'L1'], leadPayCents: 10_001 };
    expect(applied(calculation({ ...base, penalties: [{ id: 'P', amountCents: 9_000_000 }] })).leadPayouts).toEqual([
      { workerId: 'L1', cents: 5001 },
      { workerId: 'L2', cents: 5000 },
    ]);
    const over = calculation({ ...base, budget: { type: 'labor_budget', budgetCents: 149_000 } });
    expect(applied(over)).toMatchObject({ leadPayCents: 9001, payouts: [], companyKeepsCents: -1000 });
    expect(applied(calculation({ ...base, disqualifiers: [{ id: 'Q', state: 'failed' }] })).leadPayCents).toBe(0);
    expect(applied(calculation({ leadPayCents: 10_001 }))).toMatchObject({ leadPayCents: 0, leadPayouts: [] });
  });

  test('leaves an amount to be set at approval out of the projection and says so (B-79)', () => {
    const result = applied(calculation({ penalties: [{ id: 'P', amountCents: null }] }));
    expect(result.penaltyCents).toBe(0);
    expect(result.notes).toEqual(['penalty-amount-missing']);
    expect(applied(calculation({ penalties: [{ id: 'P', amountCents: null, count: 0 }] })).notes).toEqual([]);
  });

  test('keeps a person whose role has no percentage in the crew although switched out (B-73)', () => {
    const pool = { ...WHOLE_CREW, crewBp: 5000, managerBp: 5000 };
    const out = applied(calculation({ pool, managerIds: ['A'], managerInCrewPool: false }));
    expect(out.payouts).toEqual([
      { workerId: 'B', role: 'crew', cents: 12_500 },
      { workerId: 'A', role: 'manager', cents: 12_500 },
    ]);
    expect(total(applied(calculation({ managerIds: ['A'], managerInCrewPool: false })).payouts, 'crew')).toBe(25_000);
  });

  test('keeps figures exact far beyond what doubles hold', () => {
    const entries = Array.from({ length: 9 }, (_, index) => ({
      workerId: `W${index}`,
      seconds: 999_999_937,
      wageE4: 99_999_989,
      burdenBp: 7777,
    }));
    const input = calculation({
      budget: { type: 'hours_budget', budgetSeconds: 999_999_999 },
      entries,
      distribution: { formula: 'wage_weighted' },
    });
    expect(calculate(input)).toEqual(oracle(input));
  });
});
