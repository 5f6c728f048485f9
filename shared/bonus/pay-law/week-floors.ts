import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import type { WageFloor } from '#model/pay.ts';
import { type WageRow, wageInForce } from '../rules/wage-basis.ts';
import { minimumWageE4, type PolicyContext, stateRuleOf, workCalendarOf } from './policies.ts';
import { floorOfDays } from './wage-floor.ts';
import { type WorkedTime, workedByDay } from './work-hours.ts';
import { weekStartOf, weeksBetween } from './workweek.ts';

/** A worker's time and wages, and what of bonuses was earned in each workweek. */
export interface FloorInputs {
  readonly workerId: string;
  readonly branchId: string | null;
  readonly times: readonly WorkedTime[];
  readonly wages: readonly WageRow[];
  bonusIn(weekStart: LocalDate): number;
}

/**
 * The workweeks that end in a pay period and are paid below the minimum wage of the worker's branch, or of which that cannot be told for
 * want of a wage (B-216). A week that holds the floor is not named.
 */
export function weekFloors(inputs: FloorInputs, period: Period, context: PolicyContext): readonly WageFloor[] {
  const { workerId, branchId, times, wages } = inputs;
  const calendar = workCalendarOf(context, branchId);
  const byDay = workedByDay(times, calendar);
  const everyHour = stateRuleOf(context, branchId) === 'california';
  const weeks = weeksBetween(weekStartOf(period.startDate, calendar), weekStartOf(period.endDate, calendar));
  return weeks
    .filter((weekStart) => addDays(weekStart, 6) <= period.endDate)
    .flatMap((weekStart) => {
      const days = Array.from({ length: 7 }, (_, index) => addDays(weekStart, index)).map((day) => ({
        seconds: byDay.get(day) ?? 0,
        wageE4: wageInForce(wages, day)?.wageE4 ?? null,
        minimumE4: minimumWageE4(context, branchId, day),
      }));
      const floor = floorOfDays(days, inputs.bonusIn(weekStart), everyHour);
      if (floor?.shortCents === 0) return [];
      const totalSeconds = days.reduce((sum, day) => sum + day.seconds, 0);
      const missing = floor === null ? [`wage:${workerId}`] : [];
      return [{ weekStart, totalSeconds, missing, ...(floor ?? UNKNOWN) }];
    });
}

const UNKNOWN = { payCents: null, minimumPayCents: null, shortCents: null } as const;
