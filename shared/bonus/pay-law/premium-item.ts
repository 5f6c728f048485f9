import { hashText } from '#kernel/hash.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { PayCalendar } from '#kernel/period.ts';
import { lineItemId } from '#model/ids.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import type { PayLaw } from '#model/settings.ts';
import { chosenPeriodOf, placeItem } from '../pay/assignment.ts';
import { payableOn } from './counted-bonuses.ts';
import type { PremiumDraft } from './decide-premiums.ts';

/** Where a premium's line item is made. */
export interface PremiumPlace {
  readonly workerId: string;
  /** Revision of the worker-week that the premium is issued with: it makes the item's id the only one of its kind. */
  readonly ledgerRevision: number;
  readonly timing: PayLaw['premiumTiming'];
  /** Today in the zone of the branch of the bonus that caused it. */
  readonly todayDate: LocalDate;
  /** Calendar and pay head of that bonus. */
  readonly calendar: PayCalendar;
  readonly head: PayHead | null;
}

/**
 * The line item of a premium (B-207). It joins the statement of the bonus that caused it; where that one is paid already, because hours
 * came late, the statement of today. It waits for nothing of its own, and no deduction touches it.
 */
export function premiumItem(
  { cents, cause, working }: PremiumDraft,
  place: PremiumPlace,
): { readonly item: LineItem; readonly freeOn: LocalDate } {
  const { workerId, ledgerRevision, timing, todayDate } = place;
  const paid = cause.events.at(-1)?.type === 'paid';
  const releaseOn = (paid ? null : payableOn(cause, timing)) ?? todayDate;
  const placeable = {
    approvalDate: paid ? todayDate : cause.approvalDate,
    releaseOn,
    events: [],
    statementAssignment: paid ? ('current' as const) : cause.statementAssignment,
    periodStart: paid ? null : chosenPeriodOf(cause),
  };
  const { assignOn, freeOn } = placeItem(placeable, place.calendar, place.head);
  const { weekStart, legalBasis, formula } = working;
  const named = ['premium', workerId, weekStart, String(ledgerRevision), legalBasis, formula, cause.id].join('\n');
  const item: LineItem = {
    ...placeable,
    id: lineItemId({ workerId, calendarId: cause.calendarId, assignOn, tail: hashText(named).slice(0, TAIL_LENGTH) }),
    workerId,
    calendarId: cause.calendarId,
    branchId: cause.branchId,
    type: 'premium',
    category: 'ot_premium',
    part: 'main',
    role: null,
    amountCents: cents,
    assignOn,
    includeDeductions: true,
    carry: false,
    source: { kind: 'premium' },
    weeks: [],
    premiumMethod: null,
    embeddedPremiumCents: null,
    rateExclusion: null,
    premium: working,
    purpose: null,
    description: null,
    workFrom: weekStart,
    workTo: addDays(weekStart, 6),
    replaces: null,
    revision: 1,
  };
  return { item, freeOn };
}

/** 150 bits of a digest, as other items have. */
const TAIL_LENGTH = 25;
