import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveDateOf, type ItemEvent, itemStatus } from '#bonus/item-status.ts';
import { assertHoldback, createLineItems, type Holdback, partsOf } from '#bonus/line-items.ts';
import { wageFigures } from '#bonus/rules/wage-figures.ts';
import { assertRollover, assignPeriod, type StatementItem, statementTotals } from '#bonus/statement.ts';
import { SEED } from './arbitraries.ts';

const NONE: Holdback = { waitingDays: 0, retentionBp: 0, retentionDays: 0, warrantyBp: 0, warrantyDays: 0 };

describe('line items of an approval (B-120 to B-122)', () => {
  test('parts always add up to the payout and none is zero', () => {
    const holdback = fc.record({ retentionBp: fc.nat(5000), warrantyBp: fc.nat(5000) }).map((parts) => ({ ...NONE, ...parts }));
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), holdback, (cents, options) => {
        const parts = partsOf(cents, '2026-03-02', options);
        expect(parts.reduce((sum, part) => sum + part.cents, 0)).toBe(cents);
        expect(parts.every((part) => part.cents !== 0)).toBe(true);
        if (cents < 0) expect(parts.map((part) => part.part)).toEqual(['main']);
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  test('each role keeps its own holdback; lead pay follows the leads; a loss is one deduction', () => {
    const lead = { ...NONE, waitingDays: 7, retentionBp: 5000, retentionDays: 30 };
    const items = createLineItems({
      category: 'propay',
      approvalDate: '2026-02-27',
      payouts: [
        { workerId: 'A', role: 'crew', cents: -301 },
        { workerId: 'L', role: 'crew_lead', cents: 101 },
      ],
      leadPayouts: [{ workerId: 'L', cents: 10 }],
      holdbacks: { crew: { ...lead, waitingDays: 1 }, crew_lead: lead, manager: NONE, other: NONE },
    });
    expect(
      items.map(({ workerId, type, category, part, amountCents, releaseOn }) => [
        workerId,
        type,
        category,
        part,
        amountCents,
        releaseOn,
      ]),
    ).toEqual([
      ['A', 'deduction', 'over_budget', 'main', -301, '2026-02-28'],
      ['L', 'bonus', 'propay', 'main', 51, '2026-03-06'],
      ['L', 'bonus', 'propay', 'retention', 50, '2026-03-29'],
      ['L', 'bonus', 'lead_pay', 'main', 5, '2026-03-06'],
      ['L', 'bonus', 'lead_pay', 'retention', 5, '2026-03-29'],
    ]);
  });

  test.each([
    [{ retentionBp: 6000, warrantyBp: 4001 }, 'holdback-over-100'],
    [{ waitingDays: 10, warrantyBp: 1, warrantyDays: 9 }, 'days-before-waiting'],
    [{ waitingDays: 1826 }, 'invalid-number'],
    [{ retentionBp: -1 }, 'invalid-number'],
  ])('refuses %o', (changes, code) => {
    expect(() => assertHoldback({ ...NONE, ...changes }, 'pool')).toThrow(code);
  });

  test('days may be shorter than the wait where nothing is held back', () => {
    expect(() => assertHoldback({ ...NONE, waitingDays: 10 }, 'pool')).not.toThrow();
  });
});

describe('status of an item (B-125)', () => {
  const status = (events: ItemEvent[], today: string) => itemStatus('2026-03-16', events, today);

  test('paid stays paid, voided wins', () => {
    expect(status([{ type: 'paid', on: '2026-03-17' }], '2026-03-17')).toBe('Paid');
    const both: ItemEvent[] = [
      { type: 'paid', on: '2026-03-17' },
      { type: 'void', on: '2026-03-18' },
    ];
    expect(status(both, '2026-03-18')).toBe('Voided');
  });

  test('a release ends every hold; a later hold begins anew', () => {
    const events: ItemEvent[] = [
      { type: 'hold', on: '2026-03-01' },
      { type: 'hold', on: '2026-03-02', until: '2026-05-01' },
      { type: 'release', on: '2026-03-20' },
    ];
    expect(status(events, '2026-03-19')).toBe('Held');
    expect(status(events, '2026-03-20')).toBe('In Process');
    expect(status([...events, { type: 'hold', on: '2026-03-21' }], '2026-03-22')).toBe('Held');
  });

  test('an open hold outlasts a dated one', () => {
    const events: ItemEvent[] = [
      { type: 'hold', on: '2026-03-01' },
      { type: 'hold', on: '2026-03-02', until: '2026-03-03' },
    ];
    expect(status(events, '2026-04-01')).toBe('Held');
  });

  test('an extension counts from what is set now, also after a release', () => {
    const extend = (releaseOn: string): ItemEvent => ({ type: 'extend', on: '2026-03-11', releaseOn });
    expect(() => status([extend('2026-03-16')], '2026-03-12')).toThrow('extend-not-later');
    expect(status([{ type: 'release', on: '2026-03-10' }, extend('2026-03-15')], '2026-03-14')).toBe('Held');
  });

  test('events act from their own day', () => {
    expect(status([{ type: 'void', on: '2026-03-20' }], '2026-03-19')).toBe('In Process');
  });
});

describe('statement of an item (B-134)', () => {
  test('the effective date is the latest of approval, release and the end of the last hold', () => {
    const day = (events: ItemEvent[]) => effectiveDateOf('2026-03-04', '2026-03-16', events);
    expect(day([])).toBe('2026-03-16');
    expect(day([{ type: 'release', on: '2026-03-01' }])).toBe('2026-03-04');
    expect(day([{ type: 'hold', on: '2026-03-05', until: '2026-03-25' }])).toBe('2026-03-25');
    expect(day([{ type: 'hold', on: '2026-03-05' }])).toBeNull();
    expect(
      day([
        { type: 'hold', on: '2026-03-05' },
        { type: 'release', on: '2026-03-30' },
      ]),
    ).toBe('2026-03-30');
    expect(
      day([
        { type: 'hold', on: '2026-03-05', until: '2026-03-20' },
        { type: 'release', on: '2026-03-30' },
      ]),
    ).toBe('2026-03-20');
    expect(day([{ type: 'extend', on: '2026-03-05', releaseOn: '2026-04-01' }])).toBe('2026-04-01');
  });

  test('skips closed periods, also with the option for the one before', () => {
    const weekly = { frequency: 'weekly', startWeekday: 1 } as const;
    expect(assignPeriod(weekly, '2026-03-04', 'previous', ['2026-02-23', '2026-03-09']).startDate).toBe('2026-03-02');
    expect(assignPeriod(weekly, '2026-03-04', 'current', ['2026-03-02', '2026-03-09']).startDate).toBe('2026-03-16');
  });
});

describe('totals of a statement (B-135, B-136)', () => {
  const itemArb: fc.Arbitrary<StatementItem> = fc.oneof(
    fc.record({ id: fc.string(), kind: fc.constantFrom('bonus' as const, 'premium' as const), cents: fc.nat(100_000) }),
    fc.record({
      id: fc.string(),
      kind: fc.constant('deduction' as const),
      cents: fc.nat(100_000).map((cents) => 0 - cents),
      includeDeductions: fc.option(fc.boolean()),
      carry: fc.option(fc.boolean()),
    }),
  );

  test('what is owed is paid, carried or written off, to the cent', () => {
    const rollover = fc.nat(50_000).map((cents) => 0 - cents);
    fc.assert(
      fc.property(fc.array(itemArb, { maxLength: 8 }), rollover, (items, rolloverIn) => {
        const totals = statementTotals(items, rolloverIn);
        const { payableCents, premiumCents, rolloverOutCents, writtenOffCents, netBalanceCents } = totals;
        expect(payableCents - premiumCents + rolloverOutCents - writtenOffCents).toBe(netBalanceCents);
        expect(payableCents).toBeGreaterThanOrEqual(premiumCents);
        expect(rolloverOutCents).toBeLessThanOrEqual(0);
        expect(writtenOffCents).toBeGreaterThanOrEqual(0);
        expect(Object.values(totals).some((value) => Object.is(value, -0))).toBe(false);
        expect(statementTotals([...items].reverse(), rolloverIn)).toEqual(totals);
      }),
      { numRuns: 1000, seed: SEED },
    );
  });

  test('deductions of a pool that leaves them out are listed, not counted, and carry nothing', () => {
    const items: StatementItem[] = [{ id: '1', kind: 'deduction', cents: -500, includeDeductions: false, carry: true }];
    expect(statementTotals(items, 0)).toMatchObject({ deductionsCents: 0, ignoredDeductionsCents: -500, rolloverOutCents: 0 });
  });

  test('an old rollover stays until bonuses cover it', () => {
    expect(statementTotals([], -700)).toMatchObject({ netBalanceCents: -700, rolloverOutCents: -700, writtenOffCents: 0 });
    expect(() => assertRollover(1, 'rolloverInCents')).toThrow('invalid-number');
  });
});

test('wage figures add the rounded parts and ignore a negative net (B-140)', () => {
  const time = [
    { seconds: 7, wageE4: 100_001 },
    { seconds: 4, wageE4: 100_000 },
  ];
  expect(wageFigures(time, 1)).toEqual({ baseWageE4: 100_001, bonusRateE4: 32_727, effectiveWageE4: 132_728 });
  expect(wageFigures(time, -5)).toEqual({ baseWageE4: 100_001, bonusRateE4: 0, effectiveWageE4: 100_001 });
});
