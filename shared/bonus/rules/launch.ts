import { refuse } from '#kernel/errors.ts';
import { isLocalDate, type LocalDate } from '#kernel/instant.ts';
import { flagAt, objectAt, refuseShape } from '../check.ts';
import { defineRule } from './rule.ts';

/** B-13: which jobs are new enough for the program. */
export const launchRule = defineRule('B-13', 1, 'Launch date');

/** When the program starts; `not_set` pauses creation and keeps the settings. */
export type Launch =
  | { readonly mode: 'date'; readonly date: LocalDate; readonly includeInProgressAtLaunch?: boolean | null }
  | { readonly mode: 'not_set' };

/** Checks a launch setting; refuses `invalid-body`. */
export function assertLaunch(value: unknown, field: string): asserts value is Launch {
  const launch = objectAt(value, field);
  if (launch.mode === 'not_set') return;
  if (launch.mode !== 'date') refuseShape(`${field}.mode`, 'must be date or not_set');
  if (!isLocalDate(launch.date)) refuse('invalid-body', { field: `${field}.date`, detail: 'must be a date, YYYY-MM-DD' });
  flagAt(launch.includeInProgressAtLaunch, `${field}.includeInProgressAtLaunch`, false);
}

/** The work date of a job: its first time entry, else the scheduled date, else the start date; null: it has not begun (B-13). */
export function workDateOf(
  firstEntryDate: LocalDate | null,
  scheduledDate: LocalDate | null,
  startDate: LocalDate | null,
): LocalDate | null {
  return firstEntryDate ?? scheduledDate ?? startDate;
}

/**
 * Whether a job passes the launch date: it has not begun, began on it or later, or was under way and not completed before it where
 * such jobs are taken in.
 */
export function passesLaunch(
  launch: Extract<Launch, { mode: 'date' }>,
  workDate: LocalDate | null,
  completedDate: LocalDate | null,
): boolean {
  if (workDate === null || workDate >= launch.date) return true;
  return (launch.includeInProgressAtLaunch ?? false) && (completedDate === null || completedDate >= launch.date);
}
