import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { callbackDifference } from '#bonus/callback.ts';
import { independentPhases, releaseReserve, reservePhases } from '#bonus/phases.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { calculationArb, SEED } from './arbitraries.ts';

const TERMS = {
  pool: { crewBp: 8000, crewLeadBp: 2000, managerBp: 0, otherBp: 0, companyBp: 0 },
  distribution: { formula: 'per_hour' },
  crewLeadIds: ['B'],
} as const;

const phase = (id: string, budgetCents: number, ...workers: readonly string[]) => ({
  id,
  budget: { type: 'labor_budget', budgetCents } as const,
  entries: workers.map((workerId) => ({ workerId, seconds: 3600, wageE4: 1_000_000 })),
});

describe('phases', () => {
  test('a loss draws on the balances of everybody and never below zero (B-114)', () => {
    const phases = [phase('F1', 30_000, 'A', 'B'), phase('F2', 4000, 'C'), phase('F3', 1000, 'A', 'A')];
    // F1: savings 10000, share 5000: crew 4000, lead 1000. F2: loss 6000, share 3000. F3: loss 19000, share 9500, 2000 left.
    expect(reservePhases(TERMS, phases)).toEqual({
      outcome: 'applies',
      phases: [
        { id: 'F1', savingsCents: 10_000, toReserveCents: 5000 },
        { id: 'F2', savingsCents: -6000, toReserveCents: -3000 },
        { id: 'F3', savingsCents: -19_000, toReserveCents: -2000 },
      ],
      reserve: [
        { workerId: 'A', cents: 0 },
        { workerId: 'B', cents: 0 },
      ],
      jobLevelSavingsCents: -15_000,
    });
    expect(independentPhases(TERMS, phases)).toMatchObject({ totalPaysCents: 5000, jobLevelSavingsCents: -15_000 });
  });

  test('names what is missing in any phase', () => {
    const bad = { id: 'F2', budget: null, entries: [{ workerId: 'A', seconds: 1, wageE4: null }] };
    expect(independentPhases(TERMS, [phase('F1', 1, 'A'), bad])).toEqual({
      outcome: 'cannot-tell',
      missing: ['budget', 'wage:A'],
    });
  });

  test('a release never loses a cent (B-115)', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(10_000), (cents, bp) => {
        const { released, remaining } = releaseReserve([{ workerId: 'A', cents }], bp, new Map());
        expect(released[0]!.cents + remaining[0]!.cents).toBe(cents);
        expect(Math.min(released[0]!.cents, remaining[0]!.cents)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe('callback (B-152, B-153)', () => {
  test('takes back at most what was paid, never less than nothing, and accounts for every cent', () => {
    const reworkArb = fc.array(
      fc.record({
        workerId: fc.constantFrom('A', 'R'),
        seconds: fc.nat(200_000),
        wageE4: fc.integer({ min: 100_000, max: 900_000 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(calculationArb, reworkArb, (original, rework) => {
        const result = callbackDifference(original, rework, [{ workerId: 'A', role: 'crew', cents: 100 }], []);
        const approved = calculate(original);
        fc.pre(result.outcome === 'applies' && approved.outcome === 'applies');
        expect(result.byWorker.reduce((sum, share) => sum + share.differenceCents, 0)).toBe(result.differenceCents);
        for (const { workerId, role, differenceCents, fromReserveCents, deductionCents } of result.byWorker) {
          const paid = approved.payouts.find((payout) => payout.workerId === workerId && payout.role === role)?.cents ?? 0;
          expect(differenceCents).toBeGreaterThan(0);
          expect(differenceCents).toBeLessThanOrEqual(paid);
          expect(fromReserveCents + deductionCents).toBe(differenceCents);
          expect(Math.min(fromReserveCents, deductionCents)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  const original: Calculation = {
    budget: { type: 'labor_budget', budgetCents: 60_000 },
    entries: [
      { workerId: 'A', seconds: 36_000, wageE4: 100_000 },
      { workerId: 'B', seconds: 36_000, wageE4: 100_000 },
    ],
    pool: { crewBp: 5000, crewLeadBp: 5000, managerBp: 0, otherBp: 0, companyBp: 0 },
    crewLeadIds: ['L'],
    distribution: {
      formula: 'manual',
      amounts: [
        { workerId: 'A', cents: 7500 },
        { workerId: 'B', cents: 2500 },
      ],
    },
  };
  const rework = [{ workerId: 'R', seconds: 36_000, wageE4: 200_000 }];

  test('works on amounts by hand and on each role apart; nothing without rework', () => {
    expect(callbackDifference(original, rework, [], [])).toMatchObject({
      approvedSavingsCents: 40_000,
      recomputedSavingsCents: 20_000,
      differenceCents: 10_000,
      byWorker: [
        { workerId: 'A', role: 'crew', deductionCents: 3750 },
        { workerId: 'B', role: 'crew', deductionCents: 1250 },
        { workerId: 'L', role: 'crew_lead', deductionCents: 5000 },
      ],
    });
    expect(callbackDifference(original, [], [], [])).toMatchObject({ differenceCents: 0, byWorker: [] });
  });

  test('cannot tell while a wage of the rework is missing', () => {
    const unknown = [{ workerId: 'R', seconds: 1, wageE4: null }];
    expect(callbackDifference(original, unknown, [], [])).toEqual({ outcome: 'cannot-tell', missing: ['wage:R'] });
  });
});
