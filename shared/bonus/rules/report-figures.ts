import { roundedRatio } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-108: what a group's tiles show. */
export const groupFiguresRule = defineRule('B-108', 1, 'Group figures');
/** B-171: paid of what could have been paid. */
export const proPayEfficiencyRule = defineRule('B-171', 1, 'ProPay efficiency');
/** B-172: cost against budget; a different figure from B-171. */
export const insightsEfficiencyRule = defineRule('B-172', 1, 'Insights efficiency');
/** B-173: hours saved over completed ProPays. */
export const hoursGainedRule = defineRule('B-173', 1, 'Hours gained');
/** B-174: a figure against its benchmark; reporting only. */
export const benchmarkRule = defineRule('B-174', 1, 'Benchmark');

/** Bands of ProPay efficiency, from the best. */
const BANDS = [
  { band: 'top', fromBp: 8500 },
  { band: 'solid', fromBp: 6000 },
  { band: 'coaching', fromBp: 4000 },
] as const;

/** The words for a ProPay efficiency. */
export type EfficiencyBand = (typeof BANDS)[number]['band'] | 'alarm';

/** Seconds still available, never below 0, and the share of jobs done in basis points, null without jobs (B-108). */
export function groupFigures(
  budgetSeconds: number,
  actualSeconds: number,
  jobsDone: number,
  jobsTotal: number,
): { readonly availableSeconds: number; readonly completedBp: number | null } {
  return {
    availableSeconds: Math.max(0, budgetSeconds - actualSeconds),
    completedBp: jobsTotal === 0 ? null : roundedRatio(jobsDone, 10_000, jobsTotal),
  };
}

/** Actual of possible bonus, at most 100%, with its band; both null when nothing was possible (B-171). */
export function proPayEfficiency(
  actualBonusCents: number,
  maxPossibleCents: number,
): { readonly efficiencyBp: number | null; readonly band: EfficiencyBand | null } {
  if (maxPossibleCents === 0) return { efficiencyBp: null, band: null };
  const efficiencyBp = Math.min(10_000, roundedRatio(actualBonusCents, 10_000, maxPossibleCents));
  return { efficiencyBp, band: BANDS.find(({ fromBp }) => efficiencyBp >= fromBp)?.band ?? 'alarm' };
}

/** 100% at budget, above it under budget: 20000 less cost of budget in basis points; null without a budget (B-172). */
export function insightsEfficiency(budgetCents: number, actualCostCents: number): number | null {
  return budgetCents === 0 ? null : 20_000 - roundedRatio(actualCostCents, 10_000, budgetCents);
}

/** Σ budget less actual seconds; losses count (B-173). */
export function hoursGained(proPays: readonly { readonly budgetSeconds: number; readonly actualSeconds: number }[]): number {
  let total = 0;
  for (const { budgetSeconds, actualSeconds } of proPays) total += budgetSeconds - actualSeconds;
  return total;
}

/** An insights efficiency against its benchmark (B-174). */
export function compareWithBenchmark(efficiencyBp: number, benchmarkBp: number): 'on_benchmark' | 'exceeding' | 'missing' {
  return efficiencyBp === benchmarkBp ? 'on_benchmark' : efficiencyBp > benchmarkBp ? 'exceeding' : 'missing';
}
