import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { assertPoolToSave } from '#bonus/rules/role-pools.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { Refusal } from '#kernel/errors.ts';

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

function refusalOf(run: () => unknown): { code: string; field: string | undefined } {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('was not refused');
}

describe('refused inputs (B-1, B-7)', () => {
  const cases: readonly (readonly [string, Partial<Calculation>, string, string])[] = [
    [
      'seconds that are no integer',
      { entries: [{ workerId: 'A', seconds: 1.5, wageE4: 1 }] },
      'invalid-number',
      'entries[0].seconds',
    ],
    ['a negative time', { entries: [{ workerId: 'A', seconds: -1, wageE4: 1 }] }, 'invalid-number', 'entries[0].seconds'],
    ['a wage of 0', { entries: [{ workerId: 'A', seconds: 1, wageE4: 0 }] }, 'invalid-number', 'entries[0].wageE4'],
    [
      'a wage above the limit',
      { entries: [{ workerId: 'A', seconds: 1, wageE4: 100_000_001 }] },
      'invalid-number',
      'entries[0].wageE4',
    ],
    [
      'a negative burden',
      { entries: [{ workerId: 'A', seconds: 1, wageE4: 1, burdenBp: -1 }] },
      'invalid-number',
      'entries[0].burdenBp',
    ],
    ['a negative budget', { budget: { type: 'labor_budget', budgetCents: -1 } }, 'invalid-budget', 'budget.budgetCents'],
    ['a budget of half a cent', { budget: { type: 'labor_budget', budgetCents: 0.5 } }, 'invalid-number', 'budget.budgetCents'],
    [
      'a budget above the limit',
      { budget: { type: 'hours_budget', budgetSeconds: 1_000_000_001 } },
      'invalid-number',
      'budget.budgetSeconds',
    ],
    [
      'a labour share of 0',
      { budget: { type: 'contract_price', contractPriceCents: 1, laborBp: 0 } },
      'invalid-number',
      'budget.laborBp',
    ],
    [
      'a rate budget out of range',
      { budget: { type: 'rate', rateE4: 10 ** 12, quantityE4: 10 ** 12 } },
      'invalid-number',
      'budget',
    ],
    [
      'two tasks of one id',
      {
        budget: {
          type: 'task_hours',
          tasks: [
            { id: 'T', budgetSeconds: 1 },
            { id: 'T', budgetSeconds: 2 },
          ],
        },
      },
      'duplicate-id',
      'budget.tasks[1].id',
    ],
    [
      'a setting decrease of 100%',
      { settingModification: { direction: 'decrease', bp: 10_000 } },
      'invalid-percentage',
      'settingModification.bp',
    ],
    [
      'a setting below 1%',
      { settingModification: { direction: 'increase', bp: 99 } },
      'invalid-percentage',
      'settingModification.bp',
    ],
    [
      'a decrease of 100%',
      { adjustment: { type: 'percentage_decrease', valueBp: 10_000 } },
      'invalid-percentage',
      'adjustment.valueBp',
    ],
    ['a factor of 0', { adjustment: { type: 'multiply', factorBp: 0 } }, 'invalid-percentage', 'adjustment.factorBp'],
    [
      'an amount by hand of 0',
      { adjustment: { type: 'manual_amount', valueCents: 0 } },
      'invalid-number',
      'adjustment.valueCents',
    ],
    [
      'hours by hand on money',
      { adjustment: { type: 'manual_hours', valueSeconds: 1 } },
      'adjustment-unit-mismatch',
      'adjustment.type',
    ],
    ['a completion above 100%', { completionBp: 10_001 }, 'invalid-number', 'completionBp'],
    ['a split above 100%', { splitBp: 10_001 }, 'invalid-number', 'splitBp'],
    ['a pool of 99.99%', { pool: { ...WHOLE_CREW, crewBp: 9999 } }, 'pool-not-100', 'pool'],
    ['a pool with a negative part', { pool: { ...WHOLE_CREW, crewBp: 10_001, managerBp: -1 } }, 'pool-not-100', 'pool'],
    ['a lead named twice', { crewLeadIds: ['L', 'L'] }, 'duplicate-id', 'crewLeadIds'],
    [
      'a lead weight below 1',
      { distribution: { formula: 'crew_lead_weighted', leadWeightBp: 9999 } },
      'invalid-weight',
      'distribution.leadWeightBp',
    ],
    [
      'amounts that do not add up',
      { distribution: { formula: 'manual', amounts: [{ workerId: 'A', cents: 1 }] } },
      'manual-sum-mismatch',
      'distribution.amounts',
    ],
    [
      'an amount for a stranger',
      { distribution: { formula: 'manual', amounts: [{ workerId: 'X', cents: 0 }] } },
      'not-in-crew',
      'distribution.amounts',
    ],
    [
      'a negative amount by hand',
      { distribution: { formula: 'manual', amounts: [{ workerId: 'A', cents: -1 }] } },
      'invalid-amount',
      'distribution.amounts[0].cents',
    ],
    ['a penalty of 0', { penalties: [{ id: 'P', amountCents: 0 }] }, 'invalid-number', 'penalties[0].amountCents'],
    ['a penalty 1001 times', { penalties: [{ id: 'P', amountCents: 1, count: 1001 }] }, 'invalid-number', 'penalties[0].count'],
    ['a negative lead pay', { leadPayCents: -1 }, 'invalid-amount', 'leadPayCents'],
  ];

  test.each(cases)('refuses %s', (_, changes, code, field) => {
    expect(refusalOf(() => calculate(calculation(changes)))).toEqual({ code, field });
  });
});

test('saving a pool needs names for others (B-54); a calculation leaves their part to the company (B-58)', () => {
  const pool = { ...WHOLE_CREW, crewBp: 9000, otherBp: 1000 };
  expect(refusalOf(() => assertPoolToSave(pool, [], 'pool'))).toEqual({ code: 'other-members-missing', field: 'otherIds' });
  expect(() => assertPoolToSave(pool, ['O'], 'pool')).not.toThrow();
  expect(calculate(calculation({ pool }))).toMatchObject({ notes: ['empty-role:other'], companyKeepsCents: 27_500 });
});
