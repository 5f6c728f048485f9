import { describe, expect, test } from 'vitest';
import { evaluate, supportedRules, UnsupportedRule } from '#bonus/evaluate.ts';
import { parseJsonExact } from '#kernel/decimal.ts';

describe('evaluate (B-190)', () => {
  test('throws a typed error for a rule it does not have', () => {
    expect(() => evaluate('B-1000', {})).toThrow(UnsupportedRule);
    expect(() => evaluate('toString', {})).toThrow(UnsupportedRule);
  });

  test.each(supportedRules)('%s refuses inputs of another shape instead of failing', (rule) => {
    for (const inputs of [null, undefined, 7, 'x', [], {}, { budget: 7, entries: {}, pool: [], weights: 1, tasks: 1 }]) {
      const result = evaluate(rule, inputs);
      expect(result).toBeTypeOf('object');
      if (inputs === null) expect(result).toMatchObject({ outcome: 'refused', error: 'invalid-body' });
    }
  });

  const refused: readonly (readonly [string, unknown, string, string])[] = [
    ['B-3', { amountCents: 1.5, weights: [] }, 'invalid-number', 'amountCents'],
    ['B-3', { amountCents: 10 ** 12 + 1, weights: [{ id: 'A', weight: 1 }] }, 'invalid-number', 'amountCents'],
    ['B-3', { amountCents: 1, weights: [{ id: 'A', weight: '1' }] }, 'invalid-weight', 'weights[0].weight'],
    ['B-9', { budget: { type: 'gut_feeling' }, entries: [], pool: {}, distribution: {} }, 'unknown-budget-type', 'budget.type'],
    [
      'B-34',
      { budget: { type: 'labor_budget', budgetCents: 1 }, adjustment: { type: 'halve' } },
      'unknown-adjustment',
      'adjustment.type',
    ],
    ['B-37', { manualBp: 10_001 }, 'invalid-percentage', 'manualBp'],
    ['B-54', { pool: { crewBp: 0.5 }, otherIds: [] }, 'invalid-number', 'pool.crewBp'],
    ['B-65', { poolCents: 1, distribution: { formula: 'by_height' }, workers: [] }, 'unknown-formula', 'distribution.formula'],
    ['B-125', { releaseOn: '2026-02-30', todayDate: '2026-03-01', events: [] }, 'invalid-body', 'releaseOn'],
    ['B-131', { calendar: { frequency: 'monthly', startDay: 29 }, date: '2026-03-01' }, 'invalid-calendar', 'startDay'],
    ['B-135', { items: [], rolloverInCents: 1 }, 'invalid-number', 'rolloverInCents'],
    ['B-140', { time: [{ seconds: 1, wageE4: 0 }], netBalanceCents: 0 }, 'invalid-number', 'time[0].wageE4'],
  ];

  test.each(refused)('%s refuses %o', (rule, inputs, error, field) => {
    expect(evaluate(rule, inputs)).toMatchObject({ outcome: 'refused', error, field });
  });

  test('takes weights beyond the safe integers digit by digit', () => {
    const text =
      '{"amountCents": 10, "weights": [{"id": "A", "weight": 90071992547409930}, {"id": "B", "weight": 10007999171934437}]}';
    expect(evaluate('B-3', parseJsonExact(text))).toEqual({
      shares: [
        { id: 'A', cents: 9 },
        { id: 'B', cents: 1 },
      ],
    });
  });

  test('names everything a distribution lacks (B-42, B-71)', () => {
    const workers = [
      { id: 'B', seconds: 1 },
      { id: 'A', seconds: 1, excluded: true },
      { id: 'C', seconds: 0 },
    ];
    const ask = (formula: string) => evaluate('B-65', { poolCents: 100, distribution: { formula }, workers });
    expect(ask('wage_weighted')).toEqual({ outcome: 'cannot-tell', missing: ['wage:B'] });
    expect(ask('total_earnings')).toEqual({ outcome: 'cannot-tell', missing: ['earnings:B'] });
    expect(ask('per_hour')).toEqual({ shares: [{ workerId: 'B', cents: 100 }], companyCents: 0 });
  });

  test('divides a negative pool like its mirror image, by hours instead of by hand (B-70)', () => {
    const workers = [
      { id: 'A', seconds: 2 },
      { id: 'B', seconds: 1 },
    ];
    const result = evaluate('B-70', { poolCents: -100, distribution: { formula: 'manual', amounts: [] }, workers });
    expect(result).toEqual({
      shares: [
        { workerId: 'A', cents: -67 },
        { workerId: 'B', cents: -33 },
      ],
      companyCents: 0,
    });
  });

  test('nets tasks and names those without a budget (B-30, B-31)', () => {
    const tasks = [
      { id: 'x', budgetCents: null, actualCostCents: 5 },
      { id: 'b', budgetCents: 9, actualCostCents: 5 },
    ];
    expect(evaluate('B-31', { tasks })).toEqual({ outcome: 'cannot-tell', missing: ['task-budget:x'] });
    expect(evaluate('B-30', { tasks: [] })).toEqual({ outcome: 'cannot-tell', missing: ['budget'] });
  });

  test.each([
    [{ materials: [{ id: 'm', totalQuantityE4: 10, installedQuantityE4: 40, unitValueCents: 3 }] }, 10_000, 'materials'],
    [
      {
        materials: [
          { id: 'm', totalQuantityE4: 10, installedQuantityE4: 5, unitValueCents: 0 },
          { id: 'n', totalQuantityE4: 30, installedQuantityE4: 10, unitValueCents: 0 },
        ],
      },
      4167,
      'materials',
    ],
    [{ materials: [{ id: 'm', totalQuantityE4: 0, installedQuantityE4: 0, unitValueCents: 3 }], manualBp: 77 }, 77, 'reported'],
    [
      {
        tasks: [
          { budget: 2, done: true },
          { budget: 1, done: false },
        ],
      },
      6667,
      'tasks',
    ],
  ])('progress of %o (B-37)', (inputs, completionBp, basis) => {
    expect(evaluate('B-37', inputs)).toEqual({ completionBp, basis });
  });

  test('an emptied source counts as zero savings (B-96)', () => {
    const current = {
      budget: { type: 'hours_budget', budgetSeconds: 3600 },
      entries: [],
      pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
      distribution: { formula: 'per_hour' },
    };
    const approved = {
      actualSeconds: 60,
      payouts: [
        { workerId: 'A', role: 'crew', cents: 5 },
        { workerId: 'L', role: 'crew_lead', cents: 2 },
      ],
    };
    expect(evaluate('B-96', { approved, current })).toEqual({
      outcome: 'applies',
      secondsDifference: -60,
      byWorker: [
        { workerId: 'A', role: 'crew', differenceCents: -5 },
        { workerId: 'L', role: 'crew_lead', differenceCents: -2 },
      ],
      totalDifferenceCents: -7,
    });
  });

  test('cannot tell the count of ProPays without the recurrence flag (B-15)', () => {
    expect(evaluate('B-15', { recurring: null, milestones: [] })).toEqual({ outcome: 'cannot-tell', missing: ['recurrence'] });
  });
});
