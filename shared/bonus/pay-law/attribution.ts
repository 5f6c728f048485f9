import { allocateAmounts } from '#kernel/allocate.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { EarnedWeek } from '#model/pay.ts';
import type { PremiumPolicy } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';

/** B-204: in which workweeks a bonus was earned. */
export const attributionRule = defineRule('B-204', 1, 'Attribution to workweeks');

/** How a bonus is spread over its workweeks; one method per tenant or branch, never chosen per bonus (B-201). */
export type AttributionMethod = Exclude<PremiumPolicy, 'off'>;

/** A bonus over its workweeks. `method` is the one used: `equal_weeks` where the chosen one finds nothing to weigh (B-204). */
export type Attribution = {
  readonly method: AttributionMethod;
  readonly weeks: readonly { readonly weekStart: LocalDate; readonly attributedCents: number }[];
};

/**
 * Divides a bonus over its workweeks to the cent (B-204); the weeks keep the order given, ties go by week start. A share without own
 * time falls back to equal weeks. Refuses `duplicate-id` for a week given twice and `no-weight` for an amount without any week.
 */
export function attribute(bonusCents: number, chosen: AttributionMethod, weeks: readonly EarnedWeek[]): Attribution {
  const own = weightsOf(chosen, weeks);
  const method = own.some((weight) => weight > 0) ? chosen : 'equal_weeks';
  const weights = method === chosen ? own : weightsOf(method, weeks);
  const parts = allocateAmounts(
    bonusCents,
    weeks.map(({ weekStart }, index) => ({ id: weekStart, weight: weights[index]! })),
  );
  return { method, weeks: weeks.map(({ weekStart }, index) => ({ weekStart, attributedCents: parts[index]! })) };
}

function weightsOf(method: AttributionMethod, weeks: readonly EarnedWeek[]): number[] {
  switch (method) {
    case 'by_earned_hours':
      return weeks.map((week) => week.earnedSeconds);
    case 'equal_hours':
      return weeks.map((week) => week.totalSeconds ?? 0);
    case 'equal_weeks': {
      const [first, last] = spanOf(weeks);
      return weeks.map(({ weekStart }) => (weekStart >= first && weekStart <= last ? 1 : 0));
    }
  }
}

/** The first and the last week with counted time; all weeks where none has any. */
function spanOf(weeks: readonly EarnedWeek[]): readonly [LocalDate, LocalDate] {
  const earned = weeks.filter((week) => week.earnedSeconds > 0);
  const starts = (earned.length > 0 ? earned : weeks).map(({ weekStart }) => weekStart).sort();
  return [starts[0] ?? '', starts.at(-1) ?? ''];
}
