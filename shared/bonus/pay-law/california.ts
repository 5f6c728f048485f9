import { roundedRatio } from '../exact.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium } from './federal-premium.ts';

/** B-212: California's premium beside the federal one. */
export const californiaRule = defineRule('B-212', 1, 'California premium');

/** How California divides a bonus: flat sums over non-overtime hours, production bonuses over all hours. */
export type BonusKind = 'flat' | 'production';

/** Hours of the workweek (production) or of the pay period (flat sum). */
export type StateWeek = {
  readonly totalSeconds: number;
  readonly federalOvertimeSeconds: number;
  readonly stateOvertimeSeconds: number;
  readonly stateDoubleTimeSeconds: number;
};

/** The federal part and what the state adds to it (B-212, B-213). */
export type StatePremium = {
  readonly federalCents: number;
  readonly stateCents: number;
  readonly stateOnlyCents: number;
  readonly totalCents: number;
};

/**
 * The premium under California law (B-212): both parts rounded once, the federal one and what the state adds are paid. Null for a flat
 * sum without any non-overtime hour: nobody can tell its rate (`non-overtime-hours`).
 */
export function statePremium(kind: BonusKind, bonusCents: number, week: StateWeek): StatePremium | null {
  const stateCents = kind === 'flat' ? flatPremium(bonusCents, week) : productionPremium(bonusCents, week);
  if (stateCents === null) return null;
  const { totalSeconds, federalOvertimeSeconds: overtimeSeconds } = week;
  const federalCents = federalPremium(bonusCents, { totalSeconds, overtimeSeconds });
  const stateOnlyCents = Math.max(0, stateCents - federalCents);
  return { federalCents, stateCents, stateOnlyCents, totalCents: federalCents + stateOnlyCents };
}

/** b / (H − OT − DT) · (1.5 · OT + 2 · DT). */
function flatPremium(bonusCents: number, { totalSeconds, stateOvertimeSeconds, stateDoubleTimeSeconds }: StateWeek) {
  const straight = totalSeconds - stateOvertimeSeconds - stateDoubleTimeSeconds;
  if (straight <= 0) return null;
  return roundedRatio(bonusCents, 3 * stateOvertimeSeconds + 4 * stateDoubleTimeSeconds, 2 * straight);
}

/** b / H · (½ · OT + DT); 0 without hours. */
function productionPremium(bonusCents: number, { totalSeconds, stateOvertimeSeconds, stateDoubleTimeSeconds }: StateWeek) {
  if (totalSeconds === 0) return 0;
  return roundedRatio(bonusCents, stateOvertimeSeconds + 2 * stateDoubleTimeSeconds, 2 * totalSeconds);
}
