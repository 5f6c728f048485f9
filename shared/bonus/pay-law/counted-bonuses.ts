import type { Instant, LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { EarnedWeek, LineItem, PremiumMethod } from '#model/pay.ts';
import type { PayLaw } from '#model/settings.ts';
import { zoneOf } from '../creation.ts';
import { effectiveDateOf, itemStatus } from '../item-status.ts';
import { defineRule } from '../rules/rule.ts';
import { type AttributionMethod, attribute } from './attribution.ts';
import { type PolicyContext, premiumPolicyOf, workCalendarOf } from './policies.ts';
import { countsInRegularRate } from './rate-exclusion.ts';
import { type WorkCalendar, weekStartOf, weeksBetween } from './workweek.ts';

/** B-207: when a bonus counts for the premium of its weeks. */
export const countedBonusRule = defineRule('B-207', 1, 'Premium line item');

/** A bonus that counts in a workweek, with what of it was earned there. */
export interface CountedBonus {
  readonly item: LineItem;
  readonly method: PremiumMethod;
  readonly attributedCents: number;
}

/** What decides which bonuses of a worker count now. */
export interface CountingTerms {
  readonly context: PolicyContext;
  /** The worker's own branch: its workweek and, for items of before, its policy. */
  readonly branchId: string | null;
  readonly now: Instant;
}

/**
 * The bonuses of a worker that count, by workweek and in the order in which they became payable (B-206, B-207): once payable, or at once
 * where the tenant issues premiums at approval; paid ones go on counting, voided ones do not. Bonuses by hand that are excluded from the
 * regular rate never count (B-209), nor do deductions: the rate is figured as if they had not happened (B-217).
 */
export function countedBonuses(
  items: readonly LineItem[],
  terms: CountingTerms,
): ReadonlyMap<LocalDate, readonly CountedBonus[]> {
  const calendar = workCalendarOf(terms.context, terms.branchId);
  const weeks = new Map<LocalDate, CountedBonus[]>();
  const counting = items.filter((item) => countsNow(item, terms)).sort(byPayable);
  for (const item of counting) {
    const method = item.premiumMethod ?? premiumPolicyOf(terms.context, terms.branchId);
    if (!spreads(method)) continue;
    for (const { weekStart, attributedCents } of attribute(item.amountCents, method, weeksOf(item, calendar)).weeks) {
      if (attributedCents === 0) continue;
      weeks.set(weekStart, [...(weeks.get(weekStart) ?? []), { item, method, attributedCents }]);
    }
  }
  return weeks;
}

/** The workweeks of an item: those fixed with it, else those of its work, else the one it was made in (B-204). */
export function weeksOf(item: LineItem, calendar: WorkCalendar): readonly EarnedWeek[] {
  if (item.weeks.length > 0) return item.weeks;
  const first = weekStartOf(item.workFrom ?? item.approvalDate, calendar);
  const last = weekStartOf(item.workTo ?? item.workFrom ?? item.approvalDate, calendar);
  return weeksBetween(first, last).map((weekStart) => ({ weekStart, earnedSeconds: 0 }));
}

/** The day an item can be paid from, which says whose statement a premium joins; null while it is held without end. */
export function payableOn(item: LineItem, timing: PayLaw['premiumTiming']): LocalDate | null {
  return timing === 'at_approval' ? item.approvalDate : effectiveDateOf(item.approvalDate, item.releaseOn, item.events);
}

function countsNow(item: LineItem, { context, now }: CountingTerms): boolean {
  if (item.type !== 'bonus' || !countsInRegularRate(item)) return false;
  const status = itemStatus(item.releaseOn, item.events, localDateOf(now, zoneOf(context, item.branchId)));
  return status === 'Held' ? context.payLaw.premiumTiming === 'at_approval' : status !== 'Voided';
}

function spreads(method: PremiumMethod): method is AttributionMethod {
  return method !== 'off' && method !== 'embedded';
}

function byPayable(a: LineItem, b: LineItem): number {
  const [left, right] = [a, b].map((item) => `${payableOn(item, 'with_item') ?? '9999'} ${item.id}`);
  return left! < right! ? -1 : 1;
}
