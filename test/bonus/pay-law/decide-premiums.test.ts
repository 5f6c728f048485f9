import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '#bonus/evaluate.ts';
import { countedBonuses } from '#bonus/pay-law/counted-bonuses.ts';
import { decidePremiums, type PremiumDraft, type WeekToDecide } from '#bonus/pay-law/decide-premiums.ts';
import { flatBonus } from '#bonus/pay-law/flat-premiums.ts';
import { claimWeek, incompletePremiums, releaseWeek } from '#bonus/pay-law/premium-owner.ts';
import type { LineItem } from '#model/pay.ts';
import type { StateRule } from '#model/settings.ts';
import { CONTEXT_DEFAULTS } from '#model/tenant-context.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { SEED } from '../arbitraries.ts';
import { lineItem } from '../line-item.ts';

const H = 3600;
const WEEK = '2026-03-02';
const CONTEXT = { ...CONTEXT_DEFAULTS, zone: 'America/Denver' };

/** A worker-week that is looked at again and again, with what it was given so far. */
function weekOf(rule: StateRule = 'federal') {
  const issued: LineItem[] = [];
  let ledger: WeekLedger | null = null;
  const look = (
    bonuses: readonly { readonly item: LineItem; readonly attributedCents: number }[],
    totalSeconds: number,
    changes: Partial<WeekToDecide> = {},
  ): readonly PremiumDraft[] => {
    const overtimeSeconds = Math.max(0, totalSeconds - 40 * H);
    const hours = { totalSeconds, overtimeSeconds, doubleTimeSeconds: 0 };
    const decision = decidePremiums({
      workerId: 'ann',
      weekStart: WEEK,
      ledger,
      bonuses: bonuses.map((bonus) => ({ ...bonus, method: 'by_earned_hours' as const })),
      issued,
      facts: { federal: hours, state: hours, complete: true, hours: [] },
      rule,
      exempt: false,
      flats: [],
      ...changes,
    });
    ledger = decision.ledger ?? ledger;
    for (const { cents, working } of decision.premiums)
      issued.push(lineItem({ type: 'premium', amountCents: cents, premium: working }));
    return decision.premiums;
  };
  return { look, total: () => issued.reduce((sum, item) => sum + item.amountCents, 0), ledger: () => ledger };
}

const bonusOf = (attributedCents: number, changes: Partial<LineItem> = {}) => ({
  item: lineItem({ amountCents: attributedCents, ...changes }),
  attributedCents,
});

describe('premiums of a worker-week (B-206)', () => {
  const bonus = fc.integer({ min: 1, max: 500_000 });
  const hours = fc.integer({ min: 0, max: 90 * H });

  test('always add up to the most that was ever due, whatever came when', () => {
    const step = fc.oneof(fc.record({ bonus }), fc.record({ hours }), fc.record({ void: fc.nat(5) }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), hours, (steps, first) => {
        const week = weekOf();
        let standing: ReturnType<typeof bonusOf>[] = [];
        let worked = first;
        let most = 0;
        for (const one of steps) {
          if ('bonus' in one) standing = [...standing, bonusOf(one.bonus)];
          else if ('hours' in one) worked = one.hours;
          else standing = standing.filter((_, index) => index !== one.void);
          week.look(standing, worked);
          const inputs = { attributedCents: standing.map((it) => it.attributedCents), totalSeconds: worked, issuedCents: 0 };
          most = Math.max(most, (evaluate('B-206', inputs) as { dueCents: number }).dueCents);
          expect(week.total()).toBe(most);
          expect(week.look(standing, worked)).toEqual([]);
        }
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  test('come to the same in any order of the bonuses, each with its own premium', () => {
    fc.assert(
      fc.property(fc.array(bonus, { minLength: 2, maxLength: 6 }), hours, (amounts, worked) => {
        const bonuses = amounts.map((cents) => bonusOf(cents));
        const [forth, back, atOnce] = [weekOf(), weekOf(), weekOf()];
        for (const [index] of bonuses.entries()) {
          forth.look(bonuses.slice(0, index + 1), worked);
          back.look(bonuses.slice(bonuses.length - 1 - index), worked);
        }
        for (const { cause } of atOnce.look(bonuses, worked)) expect(bonuses.some(({ item }) => item === cause)).toBe(true);
        expect([back.total(), atOnce.total()]).toEqual([forth.total(), forth.total()]);
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  test('are two of 2.41 and 2.40 for two bonuses of 43.33 in 45 hours', () => {
    const week = weekOf();
    expect(week.look([bonusOf(4333), bonusOf(4333)], 45 * H).map(({ cents }) => cents)).toEqual([241, 240]);
    expect(week.ledger()).toMatchObject({ issuedCents: { flsa_207: 481, state_only: 0 }, revision: 1 });
  });

  test('join the statement of an unpaid bonus where hours came late', () => {
    const at = '2026-03-20T12:00:00.000Z';
    const paid = bonusOf(1000, { events: [{ type: 'paid', on: '2026-03-20', at, by: 'me', statementId: 's' }] });
    const open = bonusOf(1000);
    const week = weekOf();
    week.look([open, paid], 40 * H);
    expect(week.look([open, paid], 50 * H)[0]?.cause).toBe(open.item);
  });

  test('nothing is written of a week without bonuses, and nothing is owed to the exempt', () => {
    const week = weekOf();
    week.look([], 60 * H);
    expect(week.ledger()).toBeNull();
    expect(week.look([bonusOf(1000)], 60 * H, { exempt: true })).toEqual([]);
    expect(week.ledger()).toMatchObject({ reason: 'exempt' });
    expect(week.look([bonusOf(1000)], 60 * H)).toHaveLength(1);
  });
});

describe('California (B-212)', () => {
  const facts = (state: { overtimeSeconds: number; doubleTimeSeconds: number }): Pick<WeekToDecide, 'facts'> => ({
    facts: {
      federal: { totalSeconds: 44 * H, overtimeSeconds: 4 * H, doubleTimeSeconds: 0 },
      state: { totalSeconds: 44 * H, ...state },
      complete: true,
      hours: [],
    },
  });

  test('adds to a production bonus what the state asks for beyond federal law', () => {
    const week = weekOf('california');
    const premiums = week.look([bonusOf(13_200)], 44 * H, facts({ overtimeSeconds: 5 * H, doubleTimeSeconds: 2 * H }));
    expect(premiums.map(({ cents, working }) => [working.legalBasis, cents])).toEqual([
      ['flsa_207', 600],
      ['state_only', 750],
    ]);
  });

  test('never pays the same hour under both laws: what the state was given counts', () => {
    const week = weekOf('california');
    const state = facts({ overtimeSeconds: 8 * H, doubleTimeSeconds: 0 });
    const none = { ...state.facts.federal, overtimeSeconds: 0 };
    week.look([bonusOf(8800)], 44 * H, { facts: { ...state.facts, federal: none } });
    expect(week.total()).toBe(800);
    expect(week.look([bonusOf(8800)], 44 * H, state)).toEqual([]);
  });

  const manual = bonusOf(9000, { category: 'manual' });
  const period = {
    totalSeconds: 42 * H,
    federalOvertimeSeconds: 2 * H,
    stateOvertimeSeconds: 6 * H,
    stateDoubleTimeSeconds: 0,
  };

  test('divides a flat sum by the hours that are no overtime, once', () => {
    const week = weekOf('california');
    const flats = [flatBonus(manual.item, period, [], true)];
    const hours = { totalSeconds: 42 * H, overtimeSeconds: 2 * H, doubleTimeSeconds: 0 };
    const same = { facts: { federal: hours, state: { ...hours, overtimeSeconds: 6 * H }, complete: true, hours: [] }, flats };
    expect(week.look([manual], 42 * H, same).map(({ cents, working }) => [working.formula, cents])).toEqual([
      ['federal', 214],
      ['california_flat', 2036],
    ]);
    expect(week.look([manual], 42 * H, same)).toEqual([]);
  });

  test('says what is missing for a flat sum without any hour that is no overtime', () => {
    const week = weekOf('california');
    const flats = [flatBonus(manual.item, { ...period, stateOvertimeSeconds: 42 * H }, [], true)];
    week.look([manual], 0, { flats });
    expect(week.ledger()?.missing).toEqual(['non-overtime-hours']);
  });
});

describe('what counts (B-207, B-217)', () => {
  const terms = { context: CONTEXT, branchId: null, now: '2026-03-10T12:00:00.000Z' };
  const counted = (item: LineItem, changes: Partial<typeof terms> = {}) =>
    [...countedBonuses([item], { ...terms, ...changes })].map(([week, list]) => [week, list[0]!.attributedCents]);
  const free = { approvalDate: '2026-03-05', releaseOn: '2026-03-05' };
  const at = '2026-03-06T12:00:00.000Z';

  test('bonuses In Process and Paid, in their weeks or else in the one they were made in', () => {
    expect(counted(lineItem({ ...free, amountCents: 100 }))).toEqual([['2026-03-02', 100]]);
    expect(
      counted(
        lineItem({ ...free, amountCents: 100, events: [{ type: 'paid', on: '2026-03-06', at, by: 'me', statementId: 's' }] }),
      ),
    ).toEqual([['2026-03-02', 100]]);
    expect(counted(lineItem({ ...free, amountCents: 100, workFrom: '2026-02-23', workTo: '2026-03-03' }))).toEqual([
      ['2026-02-23', 50],
      ['2026-03-02', 50],
    ]);
  });

  test.each([
    ['deductions', { amountCents: -100, type: 'deduction' }],
    ['premiums', { type: 'premium' }],
    ['voided ones', { events: [{ type: 'void', on: '2026-03-06', at, by: 'me', reason: 'r' }] }],
    ['held ones', { releaseOn: '2026-04-01' }],
    ['those made while the policy was off', { premiumMethod: 'off' }],
    ['shares of total earnings', { premiumMethod: 'embedded' }],
  ] as const)('not %s', (_, changes) => {
    expect(counted(lineItem({ ...free, amountCents: 100, ...(changes as Partial<LineItem>) }))).toEqual([]);
  });

  test('held ones at once where premiums are issued at approval', () => {
    const context = { ...CONTEXT, payLaw: { ...CONTEXT.payLaw, premiumTiming: 'at_approval' as const } };
    expect(counted(lineItem({ ...free, releaseOn: '2026-04-01', amountCents: 100 }), { context })).toEqual([['2026-03-02', 100]]);
  });
});

describe('the owner of a week’s premium (B-221)', () => {
  const ledger = (() => {
    const week = weekOf();
    week.look([bonusOf(1000)], 50 * H);
    return week.ledger()!;
  })();

  test('is named once, kept, and free again once every export that named it was canceled', () => {
    const claimed = claimWeek(ledger, 'engine', 'first');
    expect([claimed.premiumOwner, claimed.claimedBy, claimed.revision]).toEqual(['engine', ['first'], 2]);
    expect(claimWeek(claimed, 'engine', 'first').claimedBy).toEqual(['first']);
    expect(() => claimWeek(claimed, 'payroll', 'second')).toThrow('premium-already-owned');
    const twice = claimWeek(claimed, 'engine', 'second');
    expect(releaseWeek(twice, ['first'])).toMatchObject({ premiumOwner: 'engine', claimedBy: ['second'], revision: 4 });
    expect(releaseWeek(twice, ['first', 'second'])).toMatchObject({ premiumOwner: null, claimedBy: [], revision: 4 });
  });

  test('a premium lacks hours as long as its week does', () => {
    const working = { weekStart: WEEK, label: 'incomplete' } as NonNullable<LineItem['premium']>;
    const item = lineItem({ type: 'premium', premium: working });
    const labelled = [{ ...ledger, hoursComplete: false }];
    expect(incompletePremiums([item, lineItem()], labelled)).toEqual([item]);
    expect(incompletePremiums([item], [ledger])).toEqual([]);
    expect(incompletePremiums([lineItem({ premium: { ...working, label: null } })], labelled)).toEqual([]);
  });
});
