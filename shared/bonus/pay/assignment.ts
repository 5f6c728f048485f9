import type { LocalDate } from '#kernel/instant.ts';
import type { PayCalendar, Period } from '#kernel/period.ts';
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

/** The id of the calendar that a branch follows: its own, else the tenant's (B-130). */
export function calendarIdOf({ branches }: Pick<TenantContext, 'branches'>, branchId: string | null): string {
  return branchId !== null && branches[branchId]?.payCalendar ? branchId : 'tenant';
}

/** The calendar of a branch, else the tenant's (B-130). */
export function calendarOfBranch(
  context: Pick<TenantContext, 'branches' | 'payCalendar'>,
  branchId: string | null,
): NamedCalendar {
  const calendarId = calendarIdOf(context, branchId);
  return { calendarId, calendar: calendarById(context, calendarId) };
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
export type Placeable = Pick<LineItem, 'approvalDate' | 'releaseOn' | 'events' | 'statementAssignment'> &
  Partial<Pick<LineItem, 'periodStart'>>;

const MOVES: ReadonlySet<string> = new Set(['hold', 'release', 'extend']);

/** The period a person has put an item on, as long as nobody has held it; null where its dates decide. */
export function chosenPeriodOf({ events, periodStart = null }: Pick<Placeable, 'events' | 'periodStart'>): LocalDate | null {
  return events.some((event) => MOVES.has(event.type)) ? null : periodStart;
}

/**
 * The day an item is free and the period it belongs to (B-134): by its effective date, or the period a person has put it on as long as
 * nobody has held it; the first later one that is not closed. Null for an item held without end.
 */
export function periodOfItem(
  item: Placeable,
  calendar: PayCalendar,
  head: PayHead | null,
): { readonly freeOn: LocalDate; readonly period: Period } | null {
  const freeOn = effectiveDateOf(item.approvalDate, item.releaseOn, item.events);
  if (freeOn === null) return null;
  const chosen = chosenPeriodOf(item);
  const assignment = chosen === null ? item.statementAssignment : 'current';
  return { freeOn, period: assignPeriod(calendar, chosen ?? freeOn, assignment, closedStarts(head)) };
}

/**
 * Where an item is assigned (B-134): the day it is free where that lies in its period, else the nearest day of the period. An item held
 * without end is assigned to no day.
 */
export function placeItem(
  item: Placeable,
  calendar: PayCalendar,
  head: PayHead | null,
): { assignOn: LocalDate; freeOn: LocalDate } {
  const place = periodOfItem(item, calendar, head);
  if (place === null) return { assignOn: NEVER, freeOn: NEVER };
  const { freeOn, period } = place;
  const assignOn = freeOn < period.startDate ? period.startDate : freeOn > period.endDate ? period.endDate : freeOn;
  return { assignOn, freeOn };
}

/**
 * The statement an item stands on (B-134): the one it was paid with, the derived one while it is In Process, none while it is held and
 * after it was voided. `head` is that of the item's worker: an item of a merged person comes as one of who stands for the person (M-149).
 */
export function statementIdOf(item: LineItem, calendar: PayCalendar, head: PayHead | null, todayDate: LocalDate): string | null {
  const last = item.events.at(-1);
  if (last?.type === 'paid') return last.statementId;
  if (itemStatus(item.releaseOn, item.events, todayDate) !== 'In Process') return null;
  const place = periodOfItem(item, calendar, head);
  if (place === null) return null;
  return statementId({ workerId: item.workerId, calendarId: item.calendarId, startDate: place.period.startDate });
}
