import type { LocalDate } from '#kernel/instant.ts';
import type { PayCalendar } from '#kernel/period.ts';
import { statementId } from '#model/ids.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { NEVER } from '#model/pay-item.ts';
import type { TenantContext } from '#model/settings.ts';
import { effectiveDateOf, itemStatus } from '../item-status.ts';
import { assignPeriod } from '../statement.ts';

/** A pay calendar with the id that keys carry: `tenant`, or the branch that has its own (B-130). */
export interface NamedCalendar {
  readonly calendarId: string;
  readonly calendar: PayCalendar;
}

/** The calendar of a branch, else the tenant's (B-130). */
export function calendarOfBranch(
  context: Pick<TenantContext, 'branches' | 'payCalendar'>,
  branchId: string | null,
): NamedCalendar {
  const own = branchId === null ? null : (context.branches[branchId]?.payCalendar ?? null);
  return own === null ? { calendarId: 'tenant', calendar: context.payCalendar } : { calendarId: branchId!, calendar: own };
}

/** The calendar that an item or statement names. A branch that has lost its own calendar falls back to the tenant's. */
export function calendarById(context: Pick<TenantContext, 'branches' | 'payCalendar'>, calendarId: string): PayCalendar {
  return calendarId === 'tenant' ? context.payCalendar : (context.branches[calendarId]?.payCalendar ?? context.payCalendar);
}

/** First days of the periods whose statement of this worker and calendar is Paid or Voided. */
export function closedStarts(head: PayHead | null): readonly LocalDate[] {
  return head === null ? [] : head.closedPeriods.map((period) => period.startDate);
}

/** The parts of an item that decide its place. */
export type Placeable = Pick<LineItem, 'approvalDate' | 'releaseOn' | 'events' | 'statementAssignment'>;

/**
 * Where an item is assigned (B-134): its effective date where that lies in its period; else the nearest day of the period, which is the
 * one before by the pool's option, or the first later one that is not closed. `freeOn` is the effective date itself. An item held
 * without end is assigned to no day.
 */
export function placeItem(
  item: Placeable,
  calendar: PayCalendar,
  head: PayHead | null,
): { assignOn: LocalDate; freeOn: LocalDate } {
  const effective = effectiveDateOf(item.approvalDate, item.releaseOn, item.events);
  if (effective === null) return { assignOn: NEVER, freeOn: NEVER };
  const period = assignPeriod(calendar, effective, item.statementAssignment, closedStarts(head));
  const assignOn = effective < period.startDate ? period.startDate : effective > period.endDate ? period.endDate : effective;
  return { assignOn, freeOn: effective };
}

/**
 * The statement an item stands on (B-134): the one it was paid with, the derived one while it is In Process, none while it is held and
 * after it was voided.
 */
export function statementIdOf(item: LineItem, calendar: PayCalendar, head: PayHead | null, todayDate: LocalDate): string | null {
  const last = item.events.at(-1);
  if (last?.type === 'paid') return last.statementId;
  if (itemStatus(item.releaseOn, item.events, todayDate) !== 'In Process') return null;
  const effective = effectiveDateOf(item.approvalDate, item.releaseOn, item.events);
  if (effective === null) return null;
  const { startDate } = assignPeriod(calendar, effective, item.statementAssignment, closedStarts(head));
  return statementId({ workerId: item.workerId, calendarId: item.calendarId, startDate });
}
