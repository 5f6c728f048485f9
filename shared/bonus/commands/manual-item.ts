import { refuse } from '#kernel/errors.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { lineItemId } from '#model/ids.ts';
import type { LineItem, PayHead, RateExclusion } from '#model/pay.ts';
import { type NamedCalendar, placeItem } from '../pay/assignment.ts';
import type { StatementView } from '../pay/statements.ts';
import { type WorkCalendar, weekStartOf } from '../pay-law/workweek.ts';

/** A bonus or deduction by hand (B-139), as it is asked for. */
export interface ManualRequest {
  readonly type: 'bonus' | 'deduction';
  readonly purpose: string;
  readonly description: string | null;
  /** Above zero, also of a deduction. */
  readonly amountCents: number;
  /** The period whose statement it is to stand on; null: that of its entry. */
  readonly periodStart: LocalDate | null;
  /** Why a bonus is left out of the regular rate (B-209); null where it counts, as everything else does. */
  readonly rateExclusion: RateExclusion | null;
}

/** What a manual item is decided and made with. */
export interface ManualTerms {
  readonly purposes: readonly string[];
  readonly deductionsAllowed: boolean;
  readonly manualDeductionsCarry: boolean;
  readonly workerId: string;
  /** The worker's branch. */
  readonly branchId: string | null;
  readonly calendar: NamedCalendar;
  readonly head: PayHead | null;
  readonly todayDate: LocalDate;
  /** The unique end of the item's id. */
  readonly tail: string;
}

/** Checks what needs no reading: refuses `invalid-amount`, an unknown purpose, and deductions where they are blocked (B-218). */
export function checkManual({ type, purpose, amountCents }: ManualRequest, terms: ManualTerms): void {
  if (amountCents <= 0 || amountCents > MAX_CENTS)
    refuse('invalid-amount', { field: 'amount', detail: 'must be above zero, also of a deduction' });
  if (!terms.purposes.includes(purpose))
    refuse('unknown-reference', {
      field: 'purpose',
      detail: 'not among the purposes of the settings',
      data: { purposes: terms.purposes },
    });
  if (type === 'deduction' && !terms.deductionsAllowed)
    refuse('deductions-blocked', { detail: 'The deduction policy of the worker’s branch does not allow it.' });
}

/** Makes the item (B-139): its approval date is the day of its entry, and it is free at once. */
export function manualItem(
  request: ManualRequest,
  terms: ManualTerms,
  earned: Pick<LineItem, 'weeks' | 'premiumMethod'>,
): { readonly item: LineItem; readonly freeOn: LocalDate } {
  const { type, amountCents, purpose, description, periodStart, rateExclusion } = request;
  const { workerId, branchId, calendar, head, todayDate, tail } = terms;
  const dates = {
    approvalDate: todayDate,
    releaseOn: todayDate,
    statementAssignment: 'current' as const,
    periodStart,
    events: [],
  };
  const { assignOn, freeOn } = placeItem(dates, calendar.calendar, head);
  const item: LineItem = {
    ...dates,
    id: lineItemId({ workerId, calendarId: calendar.calendarId, assignOn, tail }),
    workerId,
    calendarId: calendar.calendarId,
    branchId,
    type,
    category: 'manual',
    part: 'main',
    role: null,
    amountCents: type === 'bonus' ? amountCents : 0 - amountCents,
    assignOn,
    includeDeductions: true,
    carry: type === 'deduction' && terms.manualDeductionsCarry,
    source: { kind: 'manual' },
    ...earned,
    embeddedPremiumCents: null,
    rateExclusion,
    premium: null,
    purpose,
    description,
    workFrom: null,
    workTo: null,
    replaces: null,
    revision: 1,
  };
  return { item, freeOn };
}

const APPROVED: ReadonlySet<LineItem['source']['kind']> = new Set(['propay', 'phase', 'group', 'goal']);

/**
 * The bonus that a deduction may be taken from: one of an approved ProPay, group, phase or goal on the Open statement (B-139). Refuses
 * `no-bonus-to-deduct` where there is none.
 */
export function requireBonus(view: StatementView | null): LineItem {
  const bonus = view?.items.find((item) => item.type === 'bonus' && APPROVED.has(item.source.kind));
  return (
    bonus ?? refuse('no-bonus-to-deduct', { detail: 'The statement has no bonus of an approved ProPay, group, phase or goal.' })
  );
}

/** Weeks that a manual bonus may name at most: two years. */
const MOST_WEEKS = 104;

/**
 * The workweeks a manual bonus covers (B-204): those that are named by their first day, else the week of its entry. Refuses a day that is
 * no first day of a workweek, a week that is named twice, and one that has not begun.
 */
export function namedWeeks(
  named: readonly LocalDate[] | null,
  calendar: WorkCalendar,
  todayDate: LocalDate,
): readonly LocalDate[] {
  if (named === null) return [weekStartOf(todayDate, calendar)];
  if (named.length === 0 || named.length > MOST_WEEKS)
    refuse('invalid-body', { field: 'weeks', detail: `name 1 to ${MOST_WEEKS} weeks` });
  for (const [index, week] of named.entries()) {
    const field = `weeks[${index}]`;
    if (weekStartOf(week, calendar) !== week)
      refuse('invalid-body', { field, detail: `a workweek begins on ${weekStartOf(addDays(week, 6), calendar)}` });
    if (week > todayDate) refuse('invalid-body', { field, detail: 'this week has not begun' });
    if (named.indexOf(week) < index) refuse('duplicate-id', { field });
  }
  return [...named].sort();
}
