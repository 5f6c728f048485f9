import { add, compare, type Fraction, fraction, multiply, subtract } from '#kernel/fraction.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';
import { inCents, payAt } from './rates.ts';

/** B-216: pay of a workweek against the minimum wage; a warning, wages stay with payroll. */
export const wageFloorRule = defineRule('B-216', 1, 'Minimum wage floor');

/** The federal minimum wage, 7.25 an hour. */
export const FEDERAL_MINIMUM_E4 = 72_500;

/** What lifts the week to the floor, and the overtime premium that goes with it. */
export type FloorCheck = { readonly topUpCents: number; readonly premiumCents: number; readonly totalDueCents: number };

/** top-up = max(0, H · minimum − pay); the premium rests on the minimum wage where pay was topped up, else on pay / H (B-216). */
export function floorCheck(payCents: number, minimumWageE4: number, week: WeekTotals): FloorCheck {
  const short = subtract(payAt(minimumWageE4, week.totalSeconds), fraction(payCents));
  const toppedUp = short.n > 0n;
  const topUpCents = toppedUp ? inCents(short) : 0;
  const premiumCents = toppedUp
    ? inCents(multiply(payAt(minimumWageE4, week.overtimeSeconds), fraction(1, 2)))
    : federalPremium(payCents, week);
  return { topUpCents, premiumCents, totalDueCents: payCents + topUpCents + premiumCents };
}

/** One workday: hours worked, the wage in force (null: nobody knows it) and the minimum wage of that day. */
export interface FloorDay {
  readonly seconds: number;
  readonly wageE4: number | null;
  readonly minimumE4: number;
}

/** A week's pay beside what the minimum wage asks for. The shortage is 0 where the floor holds. */
export interface FloorOfDays {
  readonly payCents: number;
  readonly minimumPayCents: number;
  readonly shortCents: number;
}

/**
 * The same check on the days of a workweek, whose minimum wage may change within it. The federal floor is an average: bonuses of the week
 * count. Where the law asks for the minimum in every hour (California), neither bonuses nor better paid hours make up for one. Null where
 * the wage of worked time is not known.
 */
export function floorOfDays(days: readonly FloorDay[], bonusCents: number, everyHour: boolean): FloorOfDays | null {
  let pay = fraction(everyHour ? 0 : bonusCents);
  let minimum = fraction(0);
  let short = fraction(0);
  for (const { seconds, wageE4, minimumE4 } of days) {
    if (seconds === 0) continue;
    if (wageE4 === null) return null;
    const [earned, least] = [payAt(wageE4, seconds), payAt(minimumE4, seconds)];
    pay = add(pay, earned);
    minimum = add(minimum, least);
    short = add(short, positive(subtract(least, earned)));
  }
  return {
    payCents: inCents(pay),
    minimumPayCents: inCents(minimum),
    shortCents: inCents(everyHour ? short : positive(subtract(minimum, pay))),
  };
}

const positive = (amount: Fraction): Fraction => (compare(amount, fraction(0)) > 0 ? amount : fraction(0));
