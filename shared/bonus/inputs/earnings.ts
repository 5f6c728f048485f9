import { addDays, type LocalDate } from '#kernel/instant.ts';
import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import { weekStartOf, weeksBetween } from '../pay-law/workweek.ts';
import { UNITS_PER_CENT } from '../rules/labour-cost.ts';
import { type WageRow, wageInForce } from '../rules/wage-basis.ts';
import type { RecordRef, WeekHours, WorkerShare } from '../shapes.ts';
import type { WageHistories } from './wages.ts';
import type { WorkerWeeks } from './worker-weeks.ts';

/** A person's earnings of the bonus period, and the time and wage rows they were added up from. */
export interface PeriodEarnings extends WorkerShare {
  /** What of the earnings is paid for overtime beyond straight pay. */
  readonly premiumCents: number;
  readonly ref: readonly RecordRef[];
}

/** The days of a ProPay's counted time, or of its group's route period: the bonus period is all workweeks from the first to the last of them. */
export interface BonusPeriod {
  readonly startDate: LocalDate;
  readonly lastDate: LocalDate;
}

/**
 * What people earned in the whole workweeks of the bonus period, straight and overtime pay, on every job and without bonuses (B-71).
 * Left out is who has an hour without a wage, or a week of which hours may be missing: it cannot be told (B-4).
 */
export function earningsOf(
  workerIds: readonly string[],
  period: BonusPeriod,
  histories: WageHistories,
  weeksOf: (workerId: string) => WorkerWeeks,
): readonly PeriodEarnings[] {
  return workerIds.flatMap(
    (workerId) => earningsOfWorker(workerId, period, histories.get(workerId) ?? [], weeksOf(workerId)) ?? [],
  );
}

function earningsOfWorker(
  workerId: string,
  { startDate, lastDate }: BonusPeriod,
  rows: readonly WageRow[],
  weeks: WorkerWeeks,
): PeriodEarnings | null {
  let cents = 0;
  let premiumCents = 0;
  const refs = new Map<string, RecordRef>();
  for (const weekStart of weeksBetween(weekStartOf(startDate, weeks.calendar), weekStartOf(lastDate, weeks.calendar))) {
    const facts = weeks.week(weekStart);
    const straight = straightPay(weekStart, rows, weeks, refs);
    if (!facts.complete || straight === null) return null;
    for (const { entity, id, revision } of facts.hours) refs.set(id, { entity, id, revision });
    const pay = payOfWeek(straight, facts.state);
    cents += pay;
    premiumCents += pay - payOfWeek(straight, { ...facts.state, overtimeSeconds: 0, doubleTimeSeconds: 0 });
  }
  return { workerId, cents, premiumCents, ref: [...refs.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Seconds times wage of a week's days, each at the wage of its day; null where a day has none. Notes the wage rows used. */
function straightPay(
  weekStart: LocalDate,
  rows: readonly WageRow[],
  { days }: WorkerWeeks,
  refs: Map<string, RecordRef>,
): Whole | null {
  let units: Whole = 0;
  for (let day = 0; day < 7; day += 1) {
    const date = addDays(weekStart, day);
    const seconds = days.get(date) ?? 0;
    if (seconds === 0) continue;
    const row = wageInForce(rows, date);
    if (row === null || row.wageE4 === null) return null;
    if (row.ref !== undefined) refs.set(row.ref.id, row.ref);
    units = addProduct(units, seconds, row.wageE4);
  }
  return units;
}

/** Straight pay, and on top half of its hourly rate for each overtime hour and all of it for double time; rounded once a week. */
function payOfWeek(straight: Whole, { totalSeconds, overtimeSeconds, doubleTimeSeconds }: WeekHours): number {
  if (totalSeconds === 0) return 0;
  const halves = 2 * totalSeconds + overtimeSeconds + 2 * doubleTimeSeconds;
  return roundedRatio(straight, halves, addProduct(0, 2 * totalSeconds, UNITS_PER_CENT));
}
