import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { calculatePooled, calculateSeparate, type GroupMember, type GroupTerms } from '#bonus/group.ts';
import type { Entry, Payout } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/tracer.ts';
import { SEED } from './arbitraries.ts';

const TERMS: GroupTerms = {
  pool: { crewBp: 7000, crewLeadBp: 2000, managerBp: 1000, otherBp: 0, companyBp: 0 },
  crewLeadIds: ['A', 'L'],
  managerIds: ['M'],
  distribution: { formula: 'per_hour' },
};

const entryArb: fc.Arbitrary<Entry> = fc.record({
  workerId: fc.constantFrom('A', 'B', 'C'),
  seconds: fc.nat(80_000),
  wageE4: fc.integer({ min: 150_000, max: 400_000 }),
});
const memberArb: fc.Arbitrary<Omit<GroupMember, 'id'>> = fc.record({
  budget: fc.record({ type: fc.constant('labor_budget' as const), budgetCents: fc.nat(200_000) }),
  entries: fc.array(entryArb, { minLength: 1, maxLength: 4 }),
  adjustment: fc.option(fc.record({ type: fc.constant('multiply' as const), factorBp: fc.integer({ min: 5000, max: 20_000 }) })),
  penalties: fc.option(
    fc.array(fc.record({ id: fc.constant('P'), amountCents: fc.integer({ min: 1, max: 2000 }) }), { maxLength: 2 }),
  ),
});
const membersArb = fc
  .array(memberArb, { minLength: 1, maxLength: 4 })
  .map((list) => list.map((member, index) => ({ id: `G${index}`, ...member })));

const total = (payouts: readonly Payout[]): number => payouts.reduce((sum, payout) => sum + payout.cents, 0);

function pooled(members: readonly GroupMember[], terms: GroupTerms = TERMS) {
  const result = calculatePooled(terms, members);
  if (result.outcome !== 'applies') throw new Error(`cannot tell: ${result.missing.join(', ')}`);
  return result;
}

describe('pooled group (B-102, B-107)', () => {
  test('nets savings over all members and accounts for every cent', () => {
    fc.assert(
      fc.property(membersArb, (members) => {
        const result = pooled(members);
        const alone = members.map((member) => calculate({ ...TERMS, ...member }));
        const budget = alone.reduce((sum, one) => sum + (one.outcome === 'applies' ? (one.budgetCents ?? 0) : 0), 0);
        expect(result.budgetCents).toBe(budget);
        expect(result.savingsCents).toBe(budget - result.actualCostCents);
        expect(total(result.payouts) + result.companyKeepsCents).toBe(result.savingsCents);
        expect(pooled([...members].reverse())).toEqual(result);
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  test('a failed member never helps, and nobody earns by time on it', () => {
    fc.assert(
      fc.property(membersArb, fc.nat(3), (members, which) => {
        const failing = which % members.length;
        const marked = members.map((member, index) =>
          index === failing ? { ...member, disqualifiers: [{ id: 'Q', state: 'failed' as const }] } : member,
        );
        const before = pooled(members);
        const after = pooled(marked);
        expect(after.savingsCents).toBeLessThanOrEqual(before.savingsCents);
        expect(total(after.payouts)).toBeLessThanOrEqual(total(before.payouts));
        const weighted = new Set(
          marked.flatMap((member, index) => (index === failing ? [] : member.entries)).map((entry) => entry.workerId),
        );
        for (const payout of after.payouts) if (payout.role === 'crew') expect(weighted).toContain(payout.workerId);
        expect(after.actualSeconds).toBe(before.actualSeconds);
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  const member = (id: string, budgetCents: number | null, wageE4: number | null = 250_000): GroupMember => ({
    id,
    budget: { type: 'labor_budget', budgetCents, ref: { entity: 'budget', id: `budget ${id}`, revision: 1 } },
    entries: [{ workerId: `w${id}`, seconds: 3600, wageE4 }],
  });

  test('names everything missing in any member', () => {
    const tasks: GroupMember = { ...member('3', 1), budget: { type: 'task_amount', tasks: [{ id: 't', budgetCents: null }] } };
    expect(calculatePooled(TERMS, [member('1', 5000), tasks, member('2', 5000, null)])).toEqual({
      outcome: 'cannot-tell',
      missing: ['task-budget:t', 'wage:w2'],
    });
    expect(calculatePooled(TERMS, [member('1', null)])).toEqual({ outcome: 'cannot-tell', missing: ['budget'] });
  });

  test('a failed answer of the group pays nobody; an open one of a member blocks approval', () => {
    const members = [member('1', 50_000), { ...member('2', 50_000), disqualifiers: [{ id: 'Q', state: 'pending' as const }] }];
    expect(pooled(members)).toMatchObject({ approvable: false, bonusRateE4: 1_662_500 });
    expect(pooled(members, { ...TERMS, disqualifiers: [{ id: 'G', state: 'failed' }] })).toMatchObject({
      payouts: [],
      companyKeepsCents: 95_000,
    });
  });

  test('amounts by hand divide the pool that a failed member leaves', () => {
    const members = [
      member('1', 60_000),
      member('2', 50_000),
      { ...member('3', 40_000), disqualifiers: [{ id: 'Q', state: 'failed' as const }] },
    ];
    // Savings without the failed member 105,000, worker share 52,500, crew pool 36,750.
    const amounts = [
      { workerId: 'w1', cents: 36_000 },
      { workerId: 'w2', cents: 750 },
    ];
    const result = pooled(members, { ...TERMS, distribution: { formula: 'manual', amounts } });
    expect(result.savingsCents).toBe(105_000);
    expect(result.payouts.filter(({ role }) => role === 'crew')).toEqual(amounts.map((one) => ({ ...one, role: 'crew' })));
  });

  test('with every member failed nothing is paid', () => {
    const failed = { ...member('1', 50_000), disqualifiers: [{ id: 'Q', state: 'failed' as const }] };
    expect(pooled([failed])).toMatchObject({ savingsCents: 0, payouts: [], bonusRateE4: null });
  });

  test('traces to the budgets of all members and to the cap', () => {
    const tracer = createTracer('group-1');
    const failed = { ...member('2', 50_000), disqualifiers: [{ id: 'Q', state: 'failed' as const }] };
    calculatePooled(TERMS, [member('1', 50_000), failed], tracer);
    const base = tracer.nodes.find((node) => node.id === 'B-27/group-1/budget-base');
    expect(base?.inputs.map((input) => ('record' in input ? input.recordId : ''))).toEqual(['budget 1', 'budget 2']);
    expect(tracer.nodes.find((node) => node.id === 'B-107/group-1/savings')).toMatchObject({ value: 47_500 });
  });

  test('hours and money do not mix', () => {
    const hours: GroupMember = { ...member('2', 1), budget: { type: 'hours_budget', budgetSeconds: 3600 } };
    expect(() => calculatePooled(TERMS, [member('1', 1), hours])).toThrow('group-conflict');
  });
});

describe('separate group (B-103)', () => {
  test('adds up what each member pays alone', () => {
    fc.assert(
      fc.property(membersArb, (members) => {
        const result = calculateSeparate(TERMS, members);
        const alone = members.map((member) => calculate({ ...TERMS, ...member }));
        if (result.outcome !== 'applies') throw new Error('cannot tell');
        expect(total(result.payouts)).toBe(
          alone.reduce((sum, one) => sum + (one.outcome === 'applies' ? total(one.payouts) : 0), 0),
        );
        expect(new Set(result.payouts.map((payout) => `${payout.role} ${payout.workerId}`)).size).toBe(result.payouts.length);
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});

test('time without weight costs but earns no share (B-151)', () => {
  const entries: Entry[] = [
    { workerId: 'A', seconds: 3600, wageE4: 250_000 },
    { workerId: 'R', seconds: 3600, wageE4: 250_000, noWeight: true },
    { workerId: 'A', seconds: 3600, wageE4: 250_000, noWeight: true },
  ];
  const input = { ...TERMS, budget: { type: 'labor_budget', budgetCents: 20_000 } as const, entries };
  const result = calculate(input);
  expect(result).toMatchObject({ actualCostCents: 7500, actualSeconds: 10_800 });
  expect(
    result.outcome === 'applies' && result.payouts.filter((payout) => payout.role === 'crew').map((payout) => payout.workerId),
  ).toEqual(['A']);
});
