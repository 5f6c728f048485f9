import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustmentsOf, decideDifference, nextDifference } from '#bonus/commands/source-change.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { differenceBetween, payNow } from '#bonus/source-change.ts';
import type { LineItem } from '#model/pay.ts';
import { SEED } from './arbitraries.ts';

const POOL = { crewBp: 8_000, crewLeadBp: 2_000, managerBp: 0, otherBp: 0, companyBp: 0 };
const worked = (workerId: string, hours: number) => ({ workerId, seconds: hours * 3_600, wageE4: 1_000_000 });
/** 400.00 for two hours at 100.00: 200.00 saved, half of it shared, and 50.00 for leading. */
const CALCULATION: Calculation = {
  budget: { type: 'labor_budget', budgetCents: 40_000 },
  entries: [worked('A', 1), worked('B', 1)],
  crewLeadIds: ['L'],
  pool: POOL,
  distribution: {
    formula: 'manual',
    amounts: [
      { workerId: 'A', cents: 6_000 },
      { workerId: 'B', cents: 2_000 },
    ],
  },
  leadPayCents: 5_000,
};

const item = (workerId: string, amountCents: number, last?: 'void' | 'paid', type: LineItem['type'] = 'bonus') =>
  ({ workerId, amountCents, type, events: last === undefined ? [] : [{ type: last }] }) as unknown as LineItem;
const lost = (workerId: string, role: 'crew' | 'crew_lead', cents: number) => ({ workerId, role, differenceCents: cents });

describe('pay on other sources', () => {
  test('counts lead pay among what leads get, and keeps the proportion of amounts by hand (B-61, B-70)', () => {
    expect(payNow(CALCULATION, false)).toEqual({
      actualSeconds: 7_200,
      payouts: [
        { workerId: 'A', role: 'crew', cents: 6_000 },
        { workerId: 'B', role: 'crew', cents: 2_000 },
        { workerId: 'L', role: 'crew_lead', cents: 2_000 },
        { workerId: 'L', role: 'crew_lead', cents: 5_000 },
      ],
    });
    // One hour more: 100.00 saved, crew 40.00 as three to one; the overrun does not touch lead pay yet.
    const more = payNow({ ...CALCULATION, entries: [...CALCULATION.entries, worked('A', 1)] }, false);
    expect(more).toMatchObject({ payouts: [{ cents: 3_000 }, { cents: 1_000 }, { cents: 1_000 }, { cents: 5_000 }] });
  });

  test('what was canceled keeps its hours, saves nothing and lowers no lead pay', () => {
    const lead = { workerId: 'L', role: 'crew_lead', cents: 5_000 };
    expect(payNow(CALCULATION, true)).toEqual({ actualSeconds: 7_200, payouts: [lead] });
    expect(payNow({ ...CALCULATION, entries: [] }, false)).toEqual({ actualSeconds: 0, payouts: [lead] });
  });
});

describe('adjusting items (B-97)', () => {
  test('raise in full and lower as far as the person’s items go, over the roles in proportion', () => {
    const items = [
      item('A', 3_000),
      item('A', 1_000, 'void'),
      item('A', -500),
      item('A', 700, undefined, 'premium'),
      item('B', 200),
    ];
    expect(adjustmentsOf([lost('A', 'crew', -4_000), lost('A', 'crew_lead', -1_000), lost('B', 'crew', 300)], items)).toEqual([
      { workerId: 'B', role: 'crew', cents: 300 },
      { workerId: 'A', role: 'crew', cents: -2_000 },
      { workerId: 'A', role: 'crew_lead', cents: -500 },
    ]);
    // What somebody gains in one role may be lost in another.
    expect(adjustmentsOf([lost('C', 'crew', -900), lost('C', 'crew_lead', 400)], [])).toEqual([
      { workerId: 'C', role: 'crew_lead', cents: 400 },
      { workerId: 'C', role: 'crew', cents: -400 },
    ]);
  });

  test('never leave a person below zero, and never add more than the difference', () => {
    const difference = fc.record({
      workerId: fc.constantFrom('A', 'B'),
      role: fc.constantFrom('crew' as const, 'crew_lead' as const),
      differenceCents: fc.integer({ min: -50_000, max: 50_000 }).filter((cents) => cents !== 0),
    });
    const distinct = fc.uniqueArray(difference, { selector: (one) => `${one.workerId}${one.role}`, maxLength: 4 });
    const standing = fc.array(fc.record({ workerId: fc.constantFrom('A', 'B'), cents: fc.nat(40_000) }), { maxLength: 4 });
    fc.assert(
      fc.property(distinct, standing, (differences, have) => {
        const made = adjustmentsOf(
          differences,
          have.map(({ workerId, cents }) => item(workerId, cents)),
        );
        for (const workerId of ['A', 'B']) {
          const sum = (list: readonly { workerId: string; cents: number }[]) =>
            list.filter((one) => one.workerId === workerId).reduce((total, one) => total + one.cents, 0);
          const wanted = sum(differences.map((one) => ({ workerId: one.workerId, cents: one.differenceCents })));
          const total = sum(have) + sum(made);
          expect(total).toBe(Math.max(0, sum(have) + wanted));
        }
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

describe('the states of a difference (B-96)', () => {
  const of = { proPayId: 'P', approval: 1, branchId: null, seenAt: '2026-03-10T12:00:00.000Z' };
  const reading = (seconds: number, cents: number) => ({
    inputsSeen: `${seconds} ${cents}`,
    uncollected: [],
    compared: differenceBetween(
      { actualSeconds: 0, payouts: [] },
      { actualSeconds: seconds, payouts: cents === 0 ? [] : [{ workerId: 'A', role: 'crew', cents }] },
    ),
    causes: [],
    records: [],
    runId: null,
  });

  test('nothing to tell is not told', () => {
    expect(nextDifference(null, reading(0, 0), of)).toBeNull();
    expect(nextDifference({ ...nextDifference(null, reading(1, 0), of)!, approval: 7 }, reading(0, 0), of)).toBeNull();
  });

  test('decided figures are the baseline, of hours as of money, and a new approval forgets them', () => {
    const open = nextDifference(null, reading(60, 500), of)!;
    expect(open).toMatchObject({ state: 'Open', deltaSeconds: 60, deltaCents: 500 });
    const { next } = decideDifference(open, { verdict: 'accept', workerIds: null }, [], true);
    expect(next).toMatchObject({ state: 'Accepted', deltaSeconds: 0, deltaCents: 0, settled: { seconds: 60 } });
    expect(nextDifference(next, reading(60, 500), of)).toMatchObject({ state: 'Accepted', deltaSeconds: 0 });
    expect(nextDifference(next, reading(60, 300), of)).toMatchObject({ state: 'Open', deltaSeconds: 0, deltaCents: -200 });
    expect(nextDifference(next, reading(0, 0), of)).toMatchObject({ state: 'Open', deltaSeconds: -60, deltaCents: -500 });
    expect(nextDifference(next, reading(60, 500), { ...of, approval: 2 })).toMatchObject({ state: 'Open', deltaCents: 500 });
  });

  test('what cannot be told cannot be decided', () => {
    const open = nextDifference(null, { ...reading(0, 0), compared: { outcome: 'cannot-tell', missing: ['wage:A'] } }, of)!;
    expect(open).toMatchObject({ state: 'Open', deltaSeconds: null, deltaCents: null, missing: ['wage:A'] });
    expect(() => decideDifference(open, { verdict: 'dismiss', workerIds: null }, [], true)).toThrow('cannot-tell');
  });
});
