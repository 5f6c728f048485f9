import { describe, expect, test } from 'vitest';
import { estimateBonus } from '#bonus/bonus-calculator.ts';
import { evaluate } from '#bonus/evaluate.ts';
import { assertTiers, chooseTier, participantReward, type Tier } from '#bonus/rules/goal-tiers.ts';
import { compareWithBenchmark, groupFigures, insightsEfficiency, proPayEfficiency } from '#bonus/rules/report-figures.ts';

const between = (index: number, min: number, max: number, rewardCents: number): Tier => ({
  index,
  type: 'between',
  min,
  max,
  rewardCents,
});

describe('tiers of a goal (B-164 to B-166)', () => {
  test('the highest index wins, in whatever order tiers are listed', () => {
    const tiers = [between(2, 0, 10, 300), between(0, 0, 10, 100), between(1, 5, 10, 200)];
    expect(chooseTier(tiers, 5)?.index).toBe(2);
    expect(chooseTier(tiers, 11)).toBeNull();
  });

  test.each([
    [[between(0, 5, 4, 1)], 'invalid-tier'],
    [[between(0, 0, 4, 2), between(1, 5, 9, 1)], 'tier-order'],
    [[between(1, 5, 9, 1), between(0, 0, 4, 2)], 'tier-order'],
    [[between(0, 0, 4, 1), between(0, 5, 9, 1)], 'invalid-tier'],
    [[{ index: 0, type: 'near', min: 0, max: 1, rewardCents: 1 }], 'invalid-tier'],
    [[{ index: 0, type: 'gte', rewardCents: 1 }], 'invalid-number'],
  ])('refuses %o as %s', (tiers, code) => {
    expect(() => assertTiers(tiers, 'tiers')).toThrow(code);
    expect(evaluate('B-165', { tiers, value: 1 })).toMatchObject({ outcome: 'refused', error: code });
  });

  test('penalties stop at 0; open answers and unset amounts block approval', () => {
    expect(participantReward(100, [], [{ id: 'P', amountCents: 70, count: 2 }])).toEqual({ approvable: true, cents: 0 });
    expect(participantReward(100, [{ id: 'Q', state: 'pending' }], [])).toEqual({ approvable: false, cents: 100 });
    expect(participantReward(100, [], [{ id: 'P', amountCents: null }])).toEqual({ approvable: false, cents: 100 });
  });
});

describe('figures of reports (B-108, B-171 to B-174)', () => {
  test.each([
    [8500, 'top'],
    [8499, 'solid'],
    [6000, 'solid'],
    [5999, 'coaching'],
    [4000, 'coaching'],
    [3999, 'alarm'],
  ])('%i basis points are %s', (actual, band) => {
    expect(proPayEfficiency(actual, 10_000)).toEqual({ efficiencyBp: actual, band });
  });

  test('efficiency is at most 100%, undefined figures are null', () => {
    expect(proPayEfficiency(3, 2)).toEqual({ efficiencyBp: 10_000, band: 'top' });
    expect(proPayEfficiency(0, 0)).toEqual({ efficiencyBp: null, band: null });
    expect(insightsEfficiency(0, 5)).toBeNull();
    expect(insightsEfficiency(3, 4)).toBe(6667);
    expect(groupFigures(10, 30, 0, 0)).toEqual({ availableSeconds: 0, completedBp: null });
    expect(compareWithBenchmark(9501, 9500)).toBe('exceeding');
  });
});

describe('bonus calculator (B-181)', () => {
  const input = {
    budget: { type: 'hours_budget', budgetSeconds: 36_000 },
    crewSize: 2,
    meanWageE4: 200_000,
    estimatedSecondsEach: 18_000,
    pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
    splitEnabled: false,
  } as const;

  test('saves hours at the mean wage and pays nothing over budget', () => {
    expect(estimateBonus(input)).toEqual({ lowCents: 0, expectedCents: 0, highCents: 1000 });
  });

  test('cuts the rest of a cent off', () => {
    expect(estimateBonus({ ...input, crewSize: 3, estimatedSecondsEach: 10_001 })).toEqual({
      lowCents: 555,
      expectedCents: 1110,
      highCents: 1666,
    });
  });

  test('needs a budget', () => {
    const unknown = { ...input, budget: { type: 'hours_budget', budgetSeconds: null } } as const;
    expect(estimateBonus(unknown)).toEqual({ outcome: 'cannot-tell', missing: ['budget'] });
  });
});
