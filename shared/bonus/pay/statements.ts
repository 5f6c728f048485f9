import type { LocalDate } from '#kernel/instant.ts';
import type { PayCalendar, Period } from '#kernel/period.ts';
import { statementId } from '#model/ids.ts';
import type { LineItem, PayHead, StatementHeader, StatementStatus, StatementTotals } from '#model/pay.ts';
import { itemStatus } from '../item-status.ts';
import { statementTotals } from '../statement.ts';
import { periodOfItem } from './assignment.ts';

/** One statement as it stands on a day: members, totals, what it waits for. Derived until it is paid, then as frozen (B-134). */
export interface StatementView {
  readonly id: string;
  readonly workerId: string;
  readonly calendarId: string;
  readonly period: Period;
  readonly status: StatementStatus;
  /** Items In Process (or Paid): they are added up. */
  readonly items: readonly LineItem[];
  /** Items of this period that are still held: they will join when they are free. */
  readonly upcoming: readonly LineItem[];
  readonly totals: StatementTotals;
  readonly header: StatementHeader | null;
}

/** What the statements of one worker and calendar are derived from. */
export interface StatementInputs {
  readonly workerId: string;
  readonly calendarId: string;
  readonly calendar: PayCalendar;
  readonly items: readonly LineItem[];
  readonly headers: readonly StatementHeader[];
  readonly head: PayHead | null;
  /** What merged records of the person leave to the next statement after a day (M-149); absent where there are none. */
  readonly inherited?: readonly { readonly calendarId: string; readonly after: LocalDate; readonly cents: number }[];
  /** Premiums that are shown only, since payroll computes them (B-221). */
  readonly isInformational: (item: LineItem) => boolean;
  /** Whether bonuses of a branch may be lowered: where they may not, a loss is not carried over (B-218). */
  readonly mayDeduct: (branchId: string | null) => boolean;
}

/**
 * All statements of a worker in one calendar, oldest first (B-133 to B-136). Membership of unpaid items follows from dates, events and
 * the closed periods; what rolls out of one statement goes into the next.
 */
export function statementsOf(inputs: StatementInputs, todayDate: LocalDate): readonly StatementView[] {
  const { workerId, calendarId, calendar, head } = inputs;
  const items = inputs.items.filter((item) => item.calendarId === calendarId);
  const headers = new Map(
    inputs.headers.filter((one) => one.calendarId === calendarId).map((one) => [one.period.startDate, one]),
  );
  const closed = new Map((head?.closedPeriods ?? []).map((period) => [period.startDate, period]));
  const open = openItems(items, calendar, head);
  const starts = [...new Set([...headers.keys(), ...closed.keys(), ...open.keys()])].sort();
  const views: StatementView[] = [];
  let rolloverInCents = 0;
  let inherited = (inputs.inherited ?? []).filter((one) => one.calendarId === calendarId);
  for (const startDate of starts) {
    const due = inherited.filter(({ after }) => after < startDate);
    inherited = inherited.filter((one) => !due.includes(one));
    rolloverInCents += due.reduce((sum, { cents }) => sum + cents, 0);
    const header = headers.get(startDate) ?? null;
    const view = closed.has(startDate)
      ? frozenView(header, items, rolloverInCents, inputs)
      : openView(open.get(startDate) ?? [], rolloverInCents, todayDate, inputs);
    const period = header?.period ?? open.get(startDate)?.[0]?.period;
    if (period === undefined) continue;
    const status = header?.status ?? 'Open';
    const end = closed.get(startDate);
    // Paid, it has taken in what rolled over at that time; what has come before it since, by an earlier date, passes on to the next.
    if (end?.status === 'Paid') rolloverInCents += end.rolloverOutCents - view.totals.rolloverInCents;
    // Voided, it passes on what rolls into it now: an earlier one may have been reopened since.
    else if (view.items.length > 0) rolloverInCents = view.totals.rolloverOutCents;
    views.push({ ...view, id: statementId({ workerId, calendarId, startDate }), workerId, calendarId, period, status, header });
  }
  return views;
}

type Placed = { readonly item: LineItem; readonly period: Period };

/** Items neither paid nor voided nor held without end, by the first day of their period. */
function openItems(
  items: readonly LineItem[],
  calendar: PayCalendar,
  head: PayHead | null,
): ReadonlyMap<LocalDate, readonly Placed[]> {
  const byStart = new Map<LocalDate, Placed[]>();
  for (const item of items) {
    const last = item.events.at(-1)?.type;
    if (last === 'void' || last === 'paid') continue;
    const place = periodOfItem(item, calendar, head);
    if (place === null) continue;
    const { period } = place;
    byStart.set(period.startDate, [...(byStart.get(period.startDate) ?? []), { item, period }]);
  }
  return byStart;
}

/** The policies that decide what of a statement's items counts. */
type CountingPolicies = Pick<StatementInputs, 'isInformational' | 'mayDeduct'>;

function openView(placed: readonly Placed[], rolloverInCents: number, todayDate: LocalDate, policies: CountingPolicies) {
  const free = placed.filter(({ item }) => itemStatus(item.releaseOn, item.events, todayDate) === 'In Process');
  const items = free.map(({ item }) => item).sort(byId);
  const upcoming = placed.filter((one) => !free.includes(one)).map(({ item }) => item);
  return { items, upcoming: upcoming.sort(byId), totals: totalsOf(items, rolloverInCents, policies) };
}

function frozenView(
  header: StatementHeader | null,
  items: readonly LineItem[],
  rolloverInCents: number,
  policies: CountingPolicies,
) {
  const ids = new Set(header?.itemIds ?? []);
  const members = items.filter((item) => ids.has(item.id)).sort(byId);
  return { items: members, upcoming: [], totals: header?.totals ?? totalsOf(members, rolloverInCents, policies) };
}

const byId = (a: LineItem, b: LineItem): number => (a.id < b.id ? -1 : 1);

/**
 * The totals of a statement's items (B-135, B-136); informational premiums stand beside them (B-221). Where deductions are blocked a loss
 * is neither taken in from before nor carried on: it is dropped (B-218).
 */
export function totalsOf(items: readonly LineItem[], rolloverInCents: number, policies: CountingPolicies): StatementTotals {
  const { isInformational, mayDeduct } = policies;
  const shown = items.filter(isInformational);
  const informationalCents = shown.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const counted = items
    .filter((item) => !shown.includes(item))
    .map(({ id, type, amountCents, includeDeductions, carry, branchId }) => ({
      ...{ id, kind: type, cents: amountCents, includeDeductions },
      carry: carry && mayDeduct(branchId),
    }));
  const takenInCents = items.every(({ branchId }) => mayDeduct(branchId)) ? rolloverInCents : 0;
  return { ...statementTotals(counted, takenInCents), informationalCents, rolloverInCents: takenInCents };
}
