import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actOnItem } from '#bonus/commands/line-item.ts';
import { decidePayment } from '#bonus/commands/pay.ts';
import { placeItem } from '#bonus/pay/assignment.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { addDays } from '#kernel/instant.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { NEVER } from '#model/pay-item.ts';
import { lineItem, WORKER } from './line-item.ts';

const CALENDAR = { frequency: 'weekly', startWeekday: 1 } as const;

const item = (amountCents: number, releaseOn: string, changes: Partial<LineItem> = {}): LineItem =>
  lineItem({ amountCents, releaseOn, ...changes });

const views = (items: readonly LineItem[], today: string, head: PayHead | null = null, headers: readonly never[] = []) =>
  statementsOf(
    {
      workerId: WORKER,
      calendarId: 'tenant',
      calendar: CALENDAR,
      items,
      headers,
      head,
      isInformational: () => false,
      mayDeduct: () => true,
    },
    today,
  );
const request = {
  payDate: '2026-03-20',
  accept: [],
  by: 'me',
  at: '2026-03-31T12:00:00.000Z',
  todayDate: '2026-03-31',
  todayOf: () => '2026-03-31',
  blockers: [],
};
const only = (list: readonly StatementView[]) => list[0]!;

describe('statements (B-133 to B-136)', () => {
  it('put each item into the period in which it becomes free, and roll a loss into the next', () => {
    const list = views([item(-5_000, '2026-03-03'), item(3_000, '2026-03-10'), item(4_000, '2026-03-17')], '2026-03-31');
    expect(
      list.map((view) => [
        view.period.startDate,
        view.totals.rolloverInCents,
        view.totals.netBalanceCents,
        view.totals.payableCents,
      ]),
    ).toEqual([
      ['2026-03-02', 0, -5_000, 0],
      ['2026-03-09', -5_000, -2_000, 0],
      ['2026-03-16', -2_000, 2_000, 2_000],
    ]);
  });

  it('add up nothing that is still held', () => {
    const view = only(views([item(1_000, '2026-03-03'), item(2_000, '2026-03-06')], '2026-03-04'));
    expect(view.totals.payableCents).toBe(1_000);
    expect(view.upcoming.map((one) => one.amountCents)).toEqual([2_000]);
  });

  it('are paid oldest first, after their period, with a date that is not before it (B-138)', () => {
    const list = views([item(1_000, '2026-03-03'), item(2_000, '2026-03-10')], '2026-03-31');
    expect(() => decidePayment(list, list[1]!, null, request)).toThrow('earlier-statement-open');
    expect(() => decidePayment(list, list[0]!, null, { ...request, payDate: '2026-03-01' })).toThrow('invalid-pay-date');
    expect(() => decidePayment(list, list[0]!, null, { ...request, todayDate: '2026-03-08' })).toThrow('period-open');
    expect(() =>
      decidePayment(list, list[0]!, null, {
        ...request,
        todayDate: '2026-03-08',
        accept: [{ code: 'period-open', reason: ' ' }],
      }),
    ).toThrow('period-open');
    const paid = decidePayment(list, list[0]!, null, request);
    expect(paid.head.closedPeriods).toEqual([{ startDate: '2026-03-02', status: 'Paid', rolloverOutCents: 0 }]);
    expect(paid.items[0]!.after.events.at(-1)).toMatchObject({ type: 'paid', statementId: list[0]!.id });
  });

  it('never lose or double an item, whatever is held, released and paid when (I6)', () => {
    const act = fc.record({
      at: fc.nat(3),
      on: fc.nat(40),
      kind: fc.constantFrom('hold' as const, 'hold-until' as const, 'release' as const, 'void' as const),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 8 }), fc.nat(60), (acts, day) => {
        let items = [0, 3, 9, 20].map((wait, index) => item((index + 1) * 100, addDays('2026-03-02', wait)));
        for (const { at, on, kind } of [...acts].sort((a, b) => a.on - b.on)) {
          const todayDate = addDays('2026-03-02', on);
          const action =
            kind === 'hold'
              ? { type: 'hold' as const, until: null, note: null }
              : kind === 'hold-until'
                ? { type: 'hold' as const, until: addDays(todayDate, 5), note: null }
                : kind === 'release'
                  ? { type: kind }
                  : { type: kind, reason: 'x' };
          try {
            items = items.map((one, index) => (index === at ? actOnItem(one, action, { by: 'me', at: 'now', todayDate }) : one));
          } catch {
            // The state does not allow it: nothing has changed.
          }
        }
        const list = views(items, addDays('2026-03-02', day));
        const listed = list.flatMap((view) => [...view.items, ...view.upcoming]).map((one) => one.id);
        expect(new Set(listed).size).toBe(listed.length);
        const held = items.filter(
          (one) => one.events.at(-1)?.type !== 'void' && placeItem(one, CALENDAR, null).assignOn === NEVER,
        );
        const gone = items.filter((one) => one.events.at(-1)?.type === 'void');
        expect(listed.length + held.length + gone.length).toBe(items.length);
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

describe('assignment (B-134)', () => {
  const head: PayHead = {
    workerId: WORKER,
    calendarId: 'tenant',
    closedPeriods: [{ startDate: '2026-03-09', status: 'Paid', rolloverOutCents: 0 }],
    revision: 1,
  };

  it('is the day an item is free, the first day of a later period where that one is closed, or no day', () => {
    expect(placeItem(item(1, '2026-03-05'), CALENDAR, head)).toEqual({ assignOn: '2026-03-05', freeOn: '2026-03-05' });
    expect(placeItem(item(1, '2026-03-11'), CALENDAR, head)).toEqual({ assignOn: '2026-03-16', freeOn: '2026-03-11' });
    expect(placeItem(item(1, '2026-03-18', { statementAssignment: 'previous' }), CALENDAR, null)).toEqual({
      assignOn: '2026-03-15',
      freeOn: '2026-03-18',
    });
    const hold = { type: 'hold' as const, on: '2026-03-06', at: 'now', by: 'me' };
    expect(placeItem(item(1, '2026-03-05', { events: [hold] }), CALENDAR, null)).toEqual({ assignOn: NEVER, freeOn: NEVER });
  });
});

describe('actions on items (B-125, B-126)', () => {
  const actor = { by: 'me', at: '2026-03-10T12:00:00.000Z', todayDate: '2026-03-10' };

  it('extend only to a later day, hold only what is free, and touch nothing paid or voided', () => {
    const held = item(1, '2026-04-01');
    expect(actOnItem(held, { type: 'extend', releaseOn: '2026-05-01' }, actor)).toMatchObject({ revision: 2, amountCents: 1 });
    expect(() => actOnItem(held, { type: 'extend', releaseOn: '2026-04-01' }, actor)).toThrow('extend-not-later');
    expect(() => actOnItem(held, { type: 'hold', until: null, note: null }, actor)).toThrow('wrong-state');
    const free = item(1, '2026-03-05');
    expect(() => actOnItem(free, { type: 'hold', until: '2026-03-10', note: null }, actor)).toThrow('invalid-body');
    const paid = item(1, '2026-03-05', { events: [{ type: 'paid', on: '2026-03-09', at: 'x', by: 'me', statementId: 's' }] });
    expect(() => actOnItem(paid, { type: 'void', reason: 'x' }, actor)).toThrow('paid-is-final');
    const voided = actOnItem(free, { type: 'void', reason: 'x' }, actor);
    expect(() => actOnItem(voided, { type: 'release' }, actor)).toThrow('wrong-state');
  });
});
