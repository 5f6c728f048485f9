import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actOnItem } from '#bonus/commands/line-item.ts';
import { manualItem } from '#bonus/commands/manual-item.ts';
import { decidePayment } from '#bonus/commands/pay.ts';
import { decideReopening } from '#bonus/commands/reopen.ts';
import { replaceItem } from '#bonus/commands/replace-item.ts';
import { decideVoiding } from '#bonus/commands/void-statement.ts';
import { itemStatus } from '#bonus/item-status.ts';
import { statementIdOf } from '#bonus/pay/assignment.ts';
import { freshHeader, UNPAID } from '#bonus/pay/statement-header.ts';
import { type StatementView, statementsOf } from '#bonus/pay/statements.ts';
import { AppError } from '#kernel/errors.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { LineItem, PayHead, StatementHeader } from '#model/pay.ts';
import { lineItem, WORKER } from './line-item.ts';

const CALENDAR = { frequency: 'weekly', startWeekday: 1 } as const;
const AT = '2026-03-31T12:00:00.000Z';

/** One worker's pay in one calendar, as the store would hold it. */
interface Pay {
  items: LineItem[];
  head: PayHead | null;
  headers: StatementHeader[];
  today: LocalDate;
}

const viewsOf = ({ items, head, headers, today }: Pay): readonly StatementView[] =>
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

const step = fc.record({
  act: fc.constantFrom(
    ...(['bonus', 'loss', 'manual', 'hold', 'hold-until', 'release', 'extend', 'void', 'replace'] as const),
    ...(['pay', 'pay', 'pay', 'reopen', 'close', 'days', 'days'] as const),
  ),
  n: fc.nat(10_000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does one step, or nothing where it is refused. */
function take(pay: Pay, { act, n }: Step, made: number): string {
  const { today } = pay;
  const actor = { by: 'me', at: AT, todayDate: today };
  const item = pay.items[n % Math.max(1, pay.items.length)];
  const views = viewsOf(pay);
  const view = views[n % Math.max(1, views.length)];
  const replace = (changed: readonly LineItem[]) => {
    const byId = new Map(changed.map((one) => [one.id, one]));
    pay.items = pay.items.map((one) => byId.get(one.id) ?? one);
  };
  const close = (header: StatementHeader, head: PayHead) => {
    pay.headers = [...pay.headers.filter((one) => one.id !== header.id), header];
    pay.head = head;
  };
  const todayOf = () => today;
  try {
    switch (act) {
      case 'bonus':
      case 'loss':
        pay.items.push(
          lineItem({
            amountCents: act === 'bonus' ? 1 + n : -1 - n,
            approvalDate: today,
            releaseOn: addDays(today, n % 3 === 0 ? n % 40 : 0),
            carry: n % 2 === 0,
            includeDeductions: n % 5 !== 0,
            statementAssignment: n % 4 === 0 ? 'previous' : 'current',
          }),
        );
        return act;
      case 'manual': {
        const chosen = view?.status === 'Open' ? view.period.startDate : null;
        const terms = {
          ...{ purposes: ['other'], deductionsAllowed: true, manualDeductionsCarry: n % 2 === 0 },
          ...{ workerId: WORKER, branchId: null, calendar: { calendarId: 'tenant', calendar: CALENDAR } },
          ...{ head: pay.head, todayDate: today, tail: `manual-${String(made).padStart(6, '0')}` },
        };
        const wanted = {
          ...{ type: 'bonus' as const, purpose: 'other', description: null, amountCents: 1 + n },
          ...{ periodStart: chosen, rateExclusion: null },
        };
        const { item: manual } = manualItem(wanted, terms, { weeks: [], premiumMethod: 'off' });
        pay.items.push(manual);
        // It stands where it was put.
        if (chosen !== null) expect(statementIdOf(manual, CALENDAR, pay.head, today)).toBe(view!.id);
        return act;
      }
      case 'hold':
      case 'hold-until': {
        const until = act === 'hold' ? null : addDays(today, 1 + (n % 30));
        replace([actOnItem(item!, { type: 'hold', until, note: null }, actor)]);
        return act;
      }
      case 'release':
        replace([actOnItem(item!, { type: 'release' }, actor)]);
        return act;
      case 'extend':
        replace([actOnItem(item!, { type: 'extend', releaseOn: addDays(today, 1 + (n % 50)) }, actor)]);
        return act;
      case 'void':
        replace([actOnItem(item!, { type: 'void', reason: 'a test' }, actor)]);
        return act;
      case 'replace': {
        const amount = Math.abs(item!.amountCents);
        const first = 1 + (n % Math.max(1, amount - 1));
        const parts = [
          { amountCents: first, releaseOn: n % 2 === 0 ? null : addDays(today, n % 9) },
          { amountCents: amount - first, releaseOn: null },
        ];
        const done = replaceItem(item!, parts, { reason: 'a test', calendar: CALENDAR, head: pay.head }, actor);
        replace([done.voided]);
        pay.items.push(...done.parts.map((part) => part.item));
        return act;
      }
      case 'pay': {
        const accept = [{ code: 'period-open', reason: 'a test' }];
        const request = { payDate: '2027-01-01', accept, by: 'me', at: AT, todayDate: today, todayOf, blockers: [] };
        const done = decidePayment(views, view!, pay.head, request);
        replace(done.items.map(({ after }) => after));
        close({ ...(view!.header ?? freshHeader(view!, { reference: 'ST', workerName: 'W' })), ...done.frozen }, done.head);
        return act;
      }
      case 'reopen': {
        const done = decideReopening(views, view!, pay.head, { by: 'me', at: AT, reason: 'a test', todayOf });
        replace(done.items.map(({ after }) => after));
        close({ ...view!.header!, ...UNPAID }, done.head);
        return act;
      }
      case 'close': {
        const head = decideVoiding(view!, pay.head);
        close({ ...(view!.header ?? freshHeader(view!, { reference: 'ST', workerName: 'W' })), status: 'Voided' }, head);
        return act;
      }
      default:
        pay.today = addDays(today, 1 + (n % 12));
        return act;
    }
  } catch (error) {
    if (error instanceof AppError || item === undefined || view === undefined) return 'refused';
    throw error;
  }
}

/** What follows the stream: each statement gets its header with its first item, and keeps it (B-133). */
function openHeaders(pay: Pay): void {
  const without = viewsOf(pay).filter((view) => view.header === null);
  pay.headers = [...pay.headers, ...without.map((view) => freshHeader(view, { reference: 'ST', workerName: 'W' }))];
}

/** Every amount stands in exactly one place, every statement adds up, and losses pass from one to the next (I3 to I6). */
function check(pay: Pay): void {
  const views = viewsOf(pay);
  const places = new Map<string, StatementView[]>();
  for (const view of views) for (const item of view.items) places.set(item.id, [...(places.get(item.id) ?? []), view]);
  let handedOut = 0;
  let standing = 0;
  for (const item of pay.items) {
    const status = itemStatus(item.releaseOn, item.events, pay.today);
    const at = places.get(item.id) ?? [];
    const last = item.events.at(-1);
    if (item.replaces === null) handedOut += item.amountCents;
    if (last?.type !== 'void' || last.replacedBy === undefined) standing += item.amountCents;
    expect(at).toHaveLength(status === 'In Process' || status === 'Paid' ? 1 : 0);
    if (status === 'Paid') expect([at[0]!.status, at[0]!.header!.itemIds!.includes(item.id)]).toEqual(['Paid', true]);
    if (status === 'In Process') expect(at[0]!.status).toBe('Open');
    const paid = item.events.filter(({ type }) => type === 'paid').length;
    const reopened = item.events.filter(({ type }) => type === 'reopen').length;
    expect(paid - reopened).toBe(status === 'Paid' ? 1 : 0);
  }
  expect(standing).toBe(handedOut);
  let rolled = 0;
  for (const { items, totals, status } of views) {
    const counted = items.filter((item) => item.type === 'bonus' || item.includeDeductions);
    const net = counted.reduce((sum, item) => sum + item.amountCents, 0) + totals.rolloverInCents;
    // What is dated before a paid statement and came after it rolls on past it.
    if (status === 'Paid') expect(totals.rolloverInCents).toBeGreaterThanOrEqual(rolled);
    else expect(totals.rolloverInCents).toBe(rolled);
    expect(totals.netBalanceCents).toBe(net);
    expect(totals.payableCents).toBe(Math.max(0, net));
    expect(totals.rolloverOutCents - totals.writtenOffCents).toBe(Math.min(0, net));
    expect(totals.rolloverOutCents).toBeLessThanOrEqual(0);
    if (status === 'Voided') expect(items).toEqual([]);
    rolled += totals.rolloverOutCents - totals.rolloverInCents;
  }
}

describe('a worker’s pay under any commands', () => {
  it('balances after each of them (I6)', () => {
    const done = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const pay: Pay = { items: [], head: null, headers: [], today: '2026-03-03' };
        for (const [made, one] of steps.entries()) {
          const result = take(pay, one, made);
          openHeaders(pay);
          done.set(result, (done.get(result) ?? 0) + 1);
          check(pay);
        }
      }),
      { numRuns: 2_500, seed: 20_260_303 },
    );
    for (const act of [
      'bonus',
      'loss',
      'manual',
      'hold',
      'hold-until',
      'release',
      'extend',
      'void',
      'replace',
      'pay',
      'reopen',
      'close',
    ])
      expect([act, (done.get(act) ?? 0) > 20]).toEqual([act, true]);
  }, 60_000);
});
