import { fraction } from '#kernel/fraction.ts';
import { roundedRatio } from '../exact.ts';
import { defineRule } from '../rules/rule.ts';

/** B-205: half the bonus's hourly rate for every federal overtime hour, rounded once per worker-week (R7). */
export const federalPremiumRule = defineRule('B-205', 1, 'Federal premium');

/** Hours of a workweek after which federal overtime begins, in seconds. */
export const WEEKLY_LIMIT_SECONDS = 144_000;

/** Federal overtime of a workweek: what was worked beyond 40 hours (B-202). */
export function federalOvertime(totalSeconds: number): number {
  return Math.max(0, totalSeconds - WEEKLY_LIMIT_SECONDS);
}

/** A workweek as its premium needs it: all hours worked, and how many of them are overtime. */
export type WeekTotals = { readonly totalSeconds: number; readonly overtimeSeconds: number };

/** b · O / (2 · H) in whole cents; 0 without hours (B-205, R7). A negative amount gives the mirrored premium. */
export function federalPremium(attributedCents: number, { totalSeconds, overtimeSeconds }: WeekTotals): number {
  return totalSeconds === 0 ? 0 : roundedRatio(attributedCents, overtimeSeconds, 2 * totalSeconds);
}

/** The exact premium behind `federalPremium`, for amounts that are rounded as a whole. */
export function exactFederalPremium(attributedCents: number, { totalSeconds, overtimeSeconds }: WeekTotals) {
  if (totalSeconds === 0) return fraction(0);
  return fraction(BigInt(attributedCents) * BigInt(overtimeSeconds), 2n * BigInt(totalSeconds));
}
