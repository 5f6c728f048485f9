import { allocate } from '#kernel/allocate.ts';
import { compare, type Fraction, fraction, roundHalfAwayFromZero, sum } from '#kernel/fraction.ts';
import { roundedRatio, safeNumber } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-180: people in the order of a figure. */
export const leaderboardRule = defineRule('B-180', 1, 'Leaderboards');

export type LeaderboardMetric =
  | 'hours_saved'
  | 'net_saved_hours'
  | 'hours_worked'
  | 'propays_done'
  | 'bonus_wage'
  | 'revenue_per_hour'
  | 'revenue_produced'
  | 'bonuses_earned';

/** What a figure is counted in: whole seconds, ProPays, cents, or cents an hour. */
export type LeaderboardUnit = 'seconds' | 'count' | 'cents' | 'cents_per_hour';

const UNITS: Readonly<Record<LeaderboardMetric, LeaderboardUnit>> = {
  hours_saved: 'seconds',
  net_saved_hours: 'seconds',
  hours_worked: 'seconds',
  propays_done: 'count',
  bonus_wage: 'cents_per_hour',
  revenue_per_hour: 'cents_per_hour',
  revenue_produced: 'cents',
  bonuses_earned: 'cents',
};
export const unitOf = (metric: LeaderboardMetric): LeaderboardUnit => UNITS[metric];

/** A done ProPay as a leaderboard counts it. What nobody can tell is null. */
export interface RankedWork {
  readonly id: string;
  /** Those whom the board is of: its managers, leads, or everybody with time. */
  readonly people: readonly string[];
  /** Seconds under budget, below zero over it (B-173). */
  readonly gained: Fraction | null;
  readonly actualSeconds: number;
  /** Of a board of workers: whose the seconds are. Of others null, and each counts with all of them. */
  readonly seconds: ReadonlyMap<string, number> | null;
  readonly revenueCents: number | null;
  readonly bonuses: ReadonlyMap<string, number> | null;
}

/** One person's place. */
export interface Ranked {
  readonly workerId: string;
  readonly value: number;
  readonly proPays: number;
}

/** A board, and how many of the ProPays nobody can count in it. */
export interface Leaderboard {
  readonly rows: readonly Ranked[];
  readonly untold: number;
}

/** People by a figure over their ProPays, the highest first, equal ones in the order of their ids (B-180). */
export function rankPeople(metric: LeaderboardMetric, works: readonly RankedWork[], ofWorkers: boolean): Leaderboard {
  const counted = works.filter((work) => isTold(metric, work, ofWorkers));
  const byPerson = new Map<string, RankedWork[]>();
  for (const work of counted) for (const id of new Set(work.people)) byPerson.set(id, [...(byPerson.get(id) ?? []), work]);
  const rows = [...byPerson].flatMap(([workerId, own]) => {
    const value = figureOf(metric, workerId, own, ofWorkers);
    return value === null ? [] : [{ workerId, value, proPays: own.length }];
  });
  return {
    rows: rows.sort((a, b) => b.value - a.value || (a.workerId < b.workerId ? -1 : 1)),
    untold: works.length - counted.length,
  };
}

/** Whether everything that a figure needs of a ProPay is known. */
function isTold(metric: LeaderboardMetric, work: RankedWork, ofWorkers: boolean): boolean {
  const hours = !ofWorkers || work.seconds !== null;
  switch (metric) {
    case 'hours_saved':
    case 'net_saved_hours':
      return work.gained !== null;
    case 'hours_worked':
      return hours;
    case 'propays_done':
      return true;
    case 'bonuses_earned':
      return work.bonuses !== null;
    case 'bonus_wage':
      return hours && work.bonuses !== null;
    default:
      return hours && work.revenueCents !== null;
  }
}

/** One person's figure; null where there are no hours to divide by. */
function figureOf(metric: LeaderboardMetric, workerId: string, own: readonly RankedWork[], ofWorkers: boolean): number | null {
  const seconds = (): number => total(own, (work) => (ofWorkers ? (work.seconds!.get(workerId) ?? 0) : work.actualSeconds));
  const bonuses = (): number => total(own, (work) => work.bonuses!.get(workerId) ?? 0);
  const revenue = (): number => total(own, (work) => revenueOf(work, workerId, ofWorkers));
  const gained = (list: readonly RankedWork[]): number =>
    safeNumber(roundHalfAwayFromZero(sum(list.map((work) => work.gained!))));
  switch (metric) {
    case 'hours_saved':
      return gained(own.filter((work) => compare(work.gained!, NOTHING) > 0));
    case 'net_saved_hours':
      return gained(own);
    case 'hours_worked':
      return seconds();
    case 'propays_done':
      return own.length;
    case 'bonuses_earned':
      return bonuses();
    case 'revenue_produced':
      return revenue();
    case 'bonus_wage':
      return perHour(bonuses(), seconds());
    case 'revenue_per_hour':
      return perHour(revenue(), seconds());
  }
}

const NOTHING = fraction(0);

/** The price of a job, of workers by the hours of each (B-3). */
function revenueOf({ revenueCents, seconds }: RankedWork, workerId: string, ofWorkers: boolean): number {
  if (!ofWorkers) return revenueCents!;
  const shares = [...seconds!].map(([id, weight]) => ({ id, weight }));
  if (shares.every(({ weight }) => weight === 0)) return 0;
  return allocate(revenueCents!, shares).find(({ id }) => id === workerId)?.amount ?? 0;
}

function perHour(cents: number, seconds: number): number | null {
  return seconds === 0 ? null : roundedRatio(cents, 3_600, seconds);
}

function total(works: readonly RankedWork[], of: (work: RankedWork) => number): number {
  return works.reduce((all, work) => all + of(work), 0);
}
