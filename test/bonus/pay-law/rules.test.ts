import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '#bonus/evaluate.ts';
import { SEED } from '../arbitraries.ts';
import * as oracle from '../oracle/pay-law.ts';

/** Everyday figures, zero, below zero, and the limits of B-1. */
const cents = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 300_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 10 ** 12) },
  { weight: 1, arbitrary: fc.integer({ min: -50_000, max: 0 }) },
);
const positive = cents.map(Math.abs);
const seconds = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 260_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 144_000, 144_001, 10 ** 9) },
);
const wageE4 = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 70_000, max: 600_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 10 ** 8) },
);
const week = {
  totalSeconds: seconds,
  overtimeSeconds: fc.option(seconds, { nil: undefined, freq: 3 }),
};
const weeks = fc.uniqueArray(
  fc.record(
    {
      weekStart: fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, '0')}`),
      earnedSeconds: fc.oneof(fc.constant(0), seconds),
      ...week,
      hoursComplete: fc.boolean(),
    },
    { requiredKeys: ['weekStart', 'totalSeconds'] },
  ),
  { selector: (one) => one.weekStart, maxLength: 5 },
);
const items = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('bonus'), cents: positive }),
    fc.record({ kind: fc.constant('deduction'), cents: positive.map((value) => 0 - value) }),
    fc.record({ kind: fc.constant('premium'), cents: positive, legalBasis: fc.constantFrom('flsa_207', 'state_only') }),
  ),
  { maxLength: 6 },
);

function agrees<I>(rule: string, arbitrary: fc.Arbitrary<I>, expected: (input: I) => object): void {
  fc.assert(
    fc.property(arbitrary, (input) => {
      const answer = expected(input);
      // The limits of B-1 together can pass what a number holds: the only reason to refuse inputs of the right shape.
      const tooLarge = Object.values(answer).some((value) => typeof value === 'number' && !Number.isSafeInteger(value));
      expect(evaluate(rule, input)).toMatchObject(tooLarge ? { outcome: 'refused', error: 'invalid-number' } : answer);
    }),
    { numRuns: 800, seed: SEED },
  );
}

describe('pay law against an independent reading of the rules', () => {
  test('B-203 one week', () => agrees('B-203', fc.record({ wageE4, bonusCents: cents, ...week }), oracle.oneWeek));
  test('B-204, B-205 premium of a bonus', () => {
    const method = fc.constantFrom('off', 'by_earned_hours', 'equal_weeks', 'equal_hours');
    agrees('B-205', fc.record({ method, bonusCents: cents, weeks }), oracle.premiumOfBonus);
  });
  test('B-206 ledger', () =>
    agrees(
      'B-206',
      fc.record({ attributedCents: fc.array(cents, { maxLength: 6 }), issuedCents: positive, ...week }),
      oracle.ledger,
    ));
  test('B-208 share of total earnings', () => {
    const worker = fc.record({
      id: fc.constantFrom('A', 'B', 'w10', 'w9', '\uFFFD', '\u{1F600}'),
      straightCents: positive,
      overtimePremiumCents: fc.oneof(fc.constant(0), positive),
    });
    const workers = fc.uniqueArray(worker, { selector: (one) => one.id, maxLength: 5 });
    agrees('B-208', fc.record({ poolCents: cents, workers }), oracle.earnings);
  });
  test('B-212 California', () =>
    agrees(
      'B-212',
      fc.record({
        bonusKind: fc.constantFrom('flat', 'production'),
        bonusCents: cents,
        totalSeconds: seconds,
        federalOvertimeSeconds: seconds,
        stateOvertimeSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 })),
        stateDoubleTimeSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30_000 })),
      }),
      oracle.california,
    ));
  test('B-214 piece rate', () =>
    agrees('B-214', fc.record({ pieceCents: positive, otherPaidCents: positive, ...week }), oracle.pieces));
  test('B-215 California piece rate', () =>
    agrees(
      'B-215',
      fc.record({
        pieceCents: positive,
        totalSeconds: seconds,
        restSeconds: fc.integer({ min: 0, max: 20_000 }),
        nonProductiveSeconds: fc.integer({ min: 0, max: 40_000 }),
        nonProductiveWageE4: wageE4,
        minimumWageE4: wageE4,
      }),
      oracle.californiaPieces,
    ));
  test('B-216 minimum wage', () =>
    agrees('B-216', fc.record({ payExcludingPremiumCents: cents, minimumWageE4: wageE4, ...week }), oracle.floor));
  test('B-217 penalty or deduction', () =>
    agrees(
      'B-217',
      fc.record({ kind: fc.constantFrom('penalty', 'deduction'), bonusCents: cents, amountCents: positive, ...week }),
      oracle.lowered,
    ));
  test('B-221 export', () =>
    agrees(
      'B-221',
      fc.record({ mode: fc.constantFrom('bonus_only', 'bonus_by_workweek', 'bonus_plus_premium'), items }),
      oracle.exported,
    ));
});

describe('worker-week ledger (B-206)', () => {
  test('pays the same in any order and number of steps, and never less than what was issued', () => {
    fc.assert(
      fc.property(
        fc.array(
          positive.filter((value) => value < 10 ** 9),
          { minLength: 1, maxLength: 5 },
        ),
        seconds,
        (bonuses, totalSeconds) => {
          let issued = 0;
          bonuses.forEach((_, index) => {
            const step = evaluate('B-206', { attributedCents: bonuses.slice(0, index + 1), totalSeconds, issuedCents: issued });
            issued += (step as { newPremiumCents: number }).newPremiumCents;
          });
          const reversed = [...bonuses].reverse();
          expect(evaluate('B-206', { attributedCents: reversed, totalSeconds, issuedCents: 0 })).toMatchObject({
            dueCents: issued,
          });
        },
      ),
      { numRuns: 300, seed: SEED },
    );
  });
});

describe('refused inputs', () => {
  const bonus = { method: 'equal_weeks', bonusCents: 100, weeks: [{ weekStart: '2026-03-01', totalSeconds: 1 }] };
  const cases: readonly (readonly [string, string, object, string, string | undefined])[] = [
    ['half a cent', 'B-203', { wageE4: 1, totalSeconds: 1, bonusCents: 0.5 }, 'invalid-number', 'bonusCents'],
    ['a wage of 0', 'B-203', { wageE4: 0, totalSeconds: 1, bonusCents: 1 }, 'invalid-number', 'wageE4'],
    ['negative hours', 'B-206', { attributedCents: [1], totalSeconds: -1, issuedCents: 0 }, 'invalid-number', 'totalSeconds'],
    [
      'a sum instead of a list',
      'B-206',
      { attributedCents: 1, totalSeconds: 1, issuedCents: 0 },
      'invalid-body',
      'attributedCents',
    ],
    ['an unknown method', 'B-205', { ...bonus, method: 'by_feeling' }, 'invalid-body', 'method'],
    ['a week twice', 'B-205', { ...bonus, weeks: [...bonus.weeks, ...bonus.weeks] }, 'duplicate-id', 'weeks[1].weekStart'],
    ['a bonus without a week', 'B-205', { ...bonus, weeks: [] }, 'no-weight', 'weeks'],
    [
      'a day that does not exist',
      'B-205',
      { ...bonus, weeks: [{ weekStart: '2026-02-30', totalSeconds: 1 }] },
      'invalid-body',
      'weeks[0].weekStart',
    ],
    [
      'hours beyond the limit',
      'B-205',
      { ...bonus, weeks: [{ weekStart: '2026-03-01', totalSeconds: 10 ** 9 + 1 }] },
      'invalid-number',
      'weeks[0].totalSeconds',
    ],
    [
      'earnings below zero',
      'B-208',
      { poolCents: 1, workers: [{ id: 'A', straightCents: -1, overtimePremiumCents: 0 }] },
      'invalid-number',
      'workers[0].straightCents',
    ],
    [
      'a worker twice',
      'B-208',
      {
        poolCents: 1,
        workers: [
          { id: 'A', straightCents: 1, overtimePremiumCents: 0 },
          { id: 'A', straightCents: 1, overtimePremiumCents: 0 },
        ],
      },
      'duplicate-id',
      'workers[1].id',
    ],
    [
      'a deduction below zero',
      'B-217',
      { kind: 'deduction', bonusCents: 1, amountCents: -1, totalSeconds: 1 },
      'invalid-amount',
      'amountCents',
    ],
    [
      'a premium without a legal basis',
      'B-221',
      { mode: 'bonus_only', items: [{ kind: 'premium', cents: 1 }] },
      'invalid-body',
      'items[0].legalBasis',
    ],
    ['an unknown mode', 'B-221', { mode: 'premium_only', items: [] }, 'invalid-body', 'mode'],
  ];
  test.each(cases)('%s', (_, rule, inputs, error, field) => {
    expect(evaluate(rule, inputs)).toMatchObject({ outcome: 'refused', error, field });
  });

  test('names whose earnings are missing, each once and sorted (B-71)', () => {
    const workers = [{ id: 'B' }, { id: 'A', straightCents: 1 }, { id: 'C', straightCents: 1, overtimePremiumCents: 0 }];
    expect(evaluate('B-208', { poolCents: 1, workers })).toEqual({
      outcome: 'cannot-tell',
      missing: ['earnings:A', 'earnings:B'],
    });
  });
});
