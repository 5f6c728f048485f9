import { add, compare, divide, type Fraction, fraction, multiply } from '#kernel/fraction.ts';
import { defineRule } from '../rules/rule.ts';
import { inCents, payAt, shownRate } from './rates.ts';

/** B-215: rest and non-productive time beside piece wages in California; a check. */
export const californiaPieceRateRule = defineRule('B-215', 1, 'California piece rate');

/** A week of piece work. */
export type PieceWeek = {
  readonly pieceCents: number;
  readonly totalSeconds: number;
  readonly restSeconds: number;
  readonly nonProductiveSeconds: number;
  readonly nonProductiveWageE4: number;
  readonly minimumWageE4: number;
};

/** The lines of the pay slip; the average rate is shown only (R8) and null where there are no hours besides rest. */
export type PieceWeekPay = {
  readonly nonProductiveCents: number;
  readonly averageRateE4: number | null;
  readonly restCents: number;
  readonly grossCents: number;
};

/**
 * Rest is paid at the exact average rate of all other hours, at least at the minimum wage (B-215). Each line is rounded once, and the
 * gross is what the lines add up to.
 */
export function pieceWeekPay(week: PieceWeek): PieceWeekPay {
  const nonProductive = payAt(week.nonProductiveWageE4, week.nonProductiveSeconds);
  const otherSeconds = week.totalSeconds - week.restSeconds;
  const average = otherSeconds <= 0 ? null : divide(add(fraction(week.pieceCents), nonProductive), fraction(otherSeconds));
  const restRate = higher(average, payAt(week.minimumWageE4, 1));
  const nonProductiveCents = inCents(nonProductive);
  const restCents = inCents(multiply(restRate, fraction(week.restSeconds)));
  return {
    nonProductiveCents,
    averageRateE4: average === null ? null : shownRate(average),
    restCents,
    grossCents: week.pieceCents + nonProductiveCents + restCents,
  };
}

function higher(average: Fraction | null, minimum: Fraction): Fraction {
  return average !== null && compare(average, minimum) > 0 ? average : minimum;
}
