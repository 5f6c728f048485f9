import { addDays, type LocalDate, weekday } from '#kernel/instant.ts';
import type { ReportParameters } from './parameters.ts';

type NamedPeriod = NonNullable<ReportParameters['period']>;
interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The day before the first record that there can be (M-39). */
const FIRST_DAY = '2000-01-01';

/** The days of a named period, both included, as of today. Weeks begin on Monday; a current period ends today. */
export function daysOfPeriod(period: NamedPeriod, today: LocalDate): Days {
  if (period === 'all_time') return { from: FIRST_DAY, to: today };
  const [which, unit] = period.split('_') as ['current' | 'last', 'week' | 'month' | 'quarter' | 'year'];
  const from = firstDayOf(unit, today);
  if (which === 'current') return { from, to: today };
  const to = addDays(from, -1);
  return { from: firstDayOf(unit, to), to };
}

function firstDayOf(unit: 'week' | 'month' | 'quarter' | 'year', day: LocalDate): LocalDate {
  const [year, month] = day.split('-').map(Number) as [number, number];
  const at = (first: number): LocalDate => `${String(year)}-${String(first).padStart(2, '0')}-01`;
  if (unit === 'year') return at(1);
  if (unit === 'quarter') return at(month - ((month - 1) % 3));
  if (unit === 'month') return at(month);
  return addDays(day, 1 - weekday(day));
}
