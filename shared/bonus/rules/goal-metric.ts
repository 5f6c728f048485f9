import { type Fraction, fraction, roundHalfAwayFromZero, sum } from '#kernel/fraction.ts';
import type { BuiltinMetric } from '#model/pro-goal.ts';
import { roundedRatio, safeNumber } from '../exact.ts';
import type { RecordRef } from '../shapes.ts';
import { insightsEfficiency } from './report-figures.ts';
import { defineRule } from './rule.ts';

/** B-163: the value of a metric. */
export const goalMetricRule = defineRule('B-163', 1, 'Metric of a goal');

/** A ProPay approved in the goal's period. */
export interface CountedProPay {
  readonly ref: RecordRef;
  /** Everybody on it: with time, as lead, manager or other member. */
  readonly workerIds: readonly string[];
  /** The figures that were frozen; null where they cannot be told. */
  readonly figures: {
    /** Null for money budgets. */
    readonly budgetSeconds: number | null;
    readonly actualSeconds: number;
    readonly actualCostCents: number;
    readonly savingsCents: number;
  } | null;
}

type Figures = NonNullable<CountedProPay['figures']>;

/** A callback recognised in the period, and the people of the ProPay that it comes back to. */
export interface CountedCallback {
  readonly ref: RecordRef;
  readonly workerIds: readonly string[];
}

/** What built-in figures count in a period; of the two only what the figure asks for is read. */
export interface MetricRecords {
  readonly proPays: readonly CountedProPay[];
  readonly callbacks: readonly CountedCallback[];
}

/** One person's value; null where there is nothing to make it of. `refs` are the records it counts. */
export interface MetricValue {
  readonly value: number | null;
  readonly refs: readonly RecordRef[];
  /** Money budgets without time: their hours cannot be told, so they are left out (B-173). */
  readonly notComparable: readonly RecordRef[];
}

/** The value of a built-in figure for one person, over the records of the period that the person is on (B-163). */
export function builtinValue(metric: BuiltinMetric, workerId: string, records: MetricRecords): MetricValue {
  const on = ({ workerIds }: { readonly workerIds: readonly string[] }): boolean => workerIds.includes(workerId);
  if (metric === 'callback_count') {
    const own = records.callbacks.filter(on);
    return { value: own.length, refs: own.map(({ ref }) => ref), notComparable: [] };
  }
  return figureOfProPays(metric, records.proPays.filter(on));
}

/** A built-in figure over some ProPays (B-163, B-172, B-173); null where one of them cannot be told. */
export function figureOfProPays(metric: Exclude<BuiltinMetric, 'callback_count'>, own: readonly CountedProPay[]): MetricValue {
  const refs = own.map(({ ref }) => ref);
  if (metric === 'propays_completed') return { value: own.length, refs, notComparable: [] };
  const known = own.flatMap(({ ref, figures }) => (figures === null ? [] : [{ ref, figures }]));
  if (known.length < own.length) return { value: null, refs, notComparable: [] };
  const figures = known.map((one) => one.figures);
  switch (metric) {
    case 'on_budget_rate':
      return { value: onBudgetRate(figures), refs, notComparable: [] };
    case 'insights_efficiency':
      return { value: efficiencyOf(figures), refs, notComparable: [] };
    case 'hours_gained':
      return hoursGainedBy(known);
  }
}

/** Share of those with savings of 0 or more; null without any. */
function onBudgetRate(proPays: readonly Figures[]): number | null {
  const onBudget = proPays.filter(({ savingsCents }) => savingsCents >= 0).length;
  return proPays.length === 0 ? null : roundedRatio(onBudget, 10_000, proPays.length);
}

/** B-172 over several ProPays: what they cost of what they might have cost; a budget in money is cost and savings together. */
function efficiencyOf(proPays: readonly Figures[]): number | null {
  let budgetCents = 0;
  let costCents = 0;
  for (const { actualCostCents, savingsCents } of proPays) {
    budgetCents += actualCostCents + savingsCents;
    costCents += actualCostCents;
  }
  return budgetCents <= 0 ? null : insightsEfficiency(budgetCents, costCents);
}

/** B-173: the exact sum of what each has gained, rounded once. */
function hoursGainedBy(proPays: readonly { readonly ref: RecordRef; readonly figures: Figures }[]): MetricValue {
  const gained = proPays.map(({ ref, figures }) => ({ ref, seconds: secondsGained(figures) }));
  const total = sum(gained.flatMap(({ seconds }) => seconds ?? []));
  return {
    value: safeNumber(roundHalfAwayFromZero(total)),
    refs: gained.filter(({ seconds }) => seconds !== null).map(({ ref }) => ref),
    notComparable: gained.filter(({ seconds }) => seconds === null).map(({ ref }) => ref),
  };
}

/** Seconds under budget (B-173); of money budgets savings by the exact mean wage, null without time or cost. */
export function secondsGained({ budgetSeconds, actualSeconds, actualCostCents, savingsCents }: Figures): Fraction | null {
  if (budgetSeconds !== null) return fraction(budgetSeconds - actualSeconds);
  if (actualSeconds === 0 || actualCostCents === 0) return null;
  return fraction(BigInt(savingsCents) * BigInt(actualSeconds), BigInt(actualCostCents));
}
