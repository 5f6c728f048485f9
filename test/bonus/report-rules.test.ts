import { describe, expect, it } from 'vitest';
import { warrantyBalance } from '#bonus/pay/warranty-balance.ts';
import { type RankedWork, rankPeople } from '#bonus/rules/leaderboard.ts';
import { daysOfPeriod } from '#functions/api/reports/periods.ts';
import { fraction } from '#kernel/fraction.ts';
import type { LineItem } from '#model/pay.ts';

const item = (id: string, amountCents: number, more: object = {}): LineItem =>
  ({ id, amountCents, replaces: null, releaseOn: '2027-03-01', events: [], ...more }) as unknown as LineItem;
const voided = (reason: string) => ({ events: [{ type: 'void', on: '2026-05-01', at: 'x', by: 'y', reason }] });
const status = ({ events, releaseOn }: LineItem) =>
  events.length > 0 ? ('Voided' as const) : releaseOn <= '2026-06-01' ? ('In Process' as const) : ('Held' as const);

describe('a warranty reserve (B-176)', () => {
  it('is reserved, drawn by rework, released, voided or left: the five always add up', () => {
    const drawn = item('a', 1_000, voided('drawn by callback cb'));
    const rest = item('a2', 700, { replaces: 'a' });
    expect(warrantyBalance([drawn, rest, item('b', 500, { releaseOn: '2026-05-01' })], status)).toEqual({
      ...{ reservedCents: 1_500, drawnCents: 300, releasedCents: 500, voidedCents: 0, balanceCents: 700, dueDate: '2027-03-01' },
    });
    expect(warrantyBalance([item('a', 1_000, voided('drawn by callback cb')), item('c', 10, voided('left'))], status)).toEqual({
      ...{ reservedCents: 1_010, drawnCents: 1_000, releasedCents: 0, voidedCents: 10, balanceCents: 0, dueDate: null },
    });
  });

  it('that somebody split is still there', () => {
    const split = [item('a', 1_000, voided('in parts')), item('x', 400, { replaces: 'a' }), item('y', 600, { replaces: 'a' })];
    expect(warrantyBalance(split, status)).toMatchObject({
      reservedCents: 1_000,
      drawnCents: 0,
      voidedCents: 0,
      balanceCents: 1_000,
    });
  });
});

const work = (id: string, more: Partial<RankedWork> = {}): RankedWork => ({
  ...{ id, people: ['a', 'b'], gained: fraction(0), actualSeconds: 7_200 },
  ...{
    seconds: new Map([
      ['a', 3_600],
      ['b', 3_600],
    ]),
    revenueCents: null,
    bonuses: new Map(),
    ...more,
  },
});

describe('a leaderboard (B-180)', () => {
  it('counts hours saved of ProPays under budget alone, and net ones of all; thirds are added before they are rounded', () => {
    const works = [
      work('1', { gained: fraction(1, 3) }),
      work('2', { gained: fraction(1, 3) }),
      work('3', { gained: fraction(-10) }),
    ];
    expect(rankPeople('hours_saved', works, true).rows).toEqual([
      { workerId: 'a', value: 1, proPays: 3 },
      { workerId: 'b', value: 1, proPays: 3 },
    ]);
    expect(rankPeople('net_saved_hours', works, true).rows[0]!.value).toBe(-9);
  });

  it('divides revenue by hours to the cent, and says of how many nobody can tell', () => {
    const board = rankPeople('revenue_produced', [work('1', { revenueCents: 101 }), work('2')], true);
    expect(board).toEqual({
      untold: 1,
      rows: [
        { workerId: 'a', value: 51, proPays: 1 },
        { workerId: 'b', value: 50, proPays: 1 },
      ],
    });
    expect(rankPeople('revenue_per_hour', [work('1', { revenueCents: 1_000 })], false).rows[0]!.value).toBe(500);
  });

  it('leaves out who has no hours to divide by', () => {
    const works = [
      work('1', {
        seconds: new Map([['a', 3_600]]),
        bonuses: new Map([
          ['a', 250],
          ['b', 100],
        ]),
      }),
    ];
    expect(rankPeople('bonus_wage', works, true).rows).toEqual([{ workerId: 'a', value: 250, proPays: 1 }]);
    expect(rankPeople('bonuses_earned', works, true).rows.map(({ value }) => value)).toEqual([250, 100]);
  });
});

describe('a named period', () => {
  it.each([
    ['current_week', '2026-03-09', '2026-03-11'],
    ['last_week', '2026-03-02', '2026-03-08'],
    ['current_month', '2026-03-01', '2026-03-11'],
    ['last_month', '2026-02-01', '2026-02-28'],
    ['current_quarter', '2026-01-01', '2026-03-11'],
    ['last_quarter', '2025-10-01', '2025-12-31'],
    ['current_year', '2026-01-01', '2026-03-11'],
    ['last_year', '2025-01-01', '2025-12-31'],
    ['all_time', '2000-01-01', '2026-03-11'],
  ] as const)('%s on Wednesday 11 March 2026 is %s to %s', (period, from, to) => {
    expect(daysOfPeriod(period, '2026-03-11')).toEqual({ from, to });
  });
});
