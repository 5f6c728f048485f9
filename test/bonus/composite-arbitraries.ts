import fc from 'fast-check';
import type { GroupMember, GroupTerms } from '#bonus/group.ts';
import type { Phase, PhaseTerms } from '#bonus/phases.ts';
import type { Calculation, Payout, Role } from '#bonus/shapes.ts';
import { calculationArb } from './arbitraries.ts';
import { sumOf } from './oracle/composites.ts';

/** The common terms of a group: a calculation's, without a value by hand, which would fit one kind of budget only. */
const groupTermsArb: fc.Arbitrary<GroupTerms> = calculationArb.map(
  ({ budget: _budget, entries: _entries, savingsCapCents: _cap, adjustment, ...terms }) => ({
    ...terms,
    adjustment: adjustment?.type === 'manual_amount' || adjustment?.type === 'manual_hours' ? null : (adjustment ?? null),
  }),
);

function kindOf({ budget }: Pick<GroupMember, 'budget'>): 'hours' | 'money' | null {
  if (budget === null) return null;
  return budget.type === 'hours_budget' || budget.type === 'task_hours' ? 'hours' : 'money';
}

/** One to four members whose budgets are of one kind, some of them unknown. */
const membersArb: fc.Arbitrary<readonly GroupMember[]> = fc
  .array(calculationArb, { minLength: 1, maxLength: 4 })
  .map((calculations) => {
    const kind = calculations.map(kindOf).find((one) => one !== null);
    return calculations
      .filter((one) => kindOf(one) === null || kindOf(one) === kind)
      .map(({ budget, settingModification, adjustment, entries, disqualifiers, penalties }, index) => ({
        id: `G${index}`,
        budget,
        settingModification,
        adjustment,
        entries,
        disqualifiers,
        penalties,
      }));
  });

/** A group of ProPays with its terms; the sum of its budgets keeps the limit of seconds and cents that B-1 sets to any budget. */
export const groupArb = fc
  .record({ terms: groupTermsArb, members: membersArb })
  .filter(({ terms, members }) => sumOf(terms, members).total <= 1_000_000_000);

/** Phases in the order of their approval. Their budgets may be of any kind, so no value by hand is among the terms. */
export const phasesArb: fc.Arbitrary<{ readonly terms: PhaseTerms; readonly phases: readonly Phase[] }> = fc
  .record({ terms: groupTermsArb, list: fc.array(calculationArb, { maxLength: 4 }) })
  .map(({ terms: { rollOverNegative: _rollover, ...terms }, list }) => ({
    terms,
    phases: list.map(({ budget, entries }, index) => ({ id: `F${index}`, budget, entries })),
  }));

const payoutsArb: fc.Arbitrary<readonly Payout[]> = fc.uniqueArray(
  fc.record({
    workerId: fc.constantFrom('A', 'B', 'C', 'w9', 'L', 'M'),
    role: fc.constantFrom<Role>('crew', 'crew_lead', 'manager', 'other'),
    cents: fc.integer({ min: 1, max: 60_000 }),
  }),
  { maxLength: 5, selector: ({ workerId, role }) => `${role} ${workerId}` },
);

/** An approved calculation, time of rework, what is held in reserve and what earlier callbacks took. */
export const callbackArb = fc.record({
  original: calculationArb,
  rework: calculationArb.map(({ entries }) => entries),
  reserve: payoutsArb,
  alreadyTaken: payoutsArb,
});

/** What was approved, and the sources as they are now. */
export const sourceChangeArb: fc.Arbitrary<{
  readonly approved: { readonly actualSeconds: number; readonly payouts: readonly Payout[] };
  readonly current: Calculation;
}> = fc.record({ approved: fc.record({ actualSeconds: fc.nat(500_000), payouts: payoutsArb }), current: calculationArb });
