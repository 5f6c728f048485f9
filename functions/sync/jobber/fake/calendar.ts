import { localDateOf } from '#kernel/zone.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';

/** Statuses of jobs that follow from the visits and the date; all others somebody has set. */
const BY_CALENDAR = new Set(['late', 'today', 'upcoming', 'unscheduled', 'action_required']);

function dayOf(value: unknown, zone: string): string | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : localDateOf(new Date(ms).toISOString(), zone);
}

/** The status of a visit on a day: nobody edits anything, and yet it changes overnight. */
export function visitStatusOn(visit: Row, today: string, zone: string): string {
  if (visit.isComplete === true) return 'COMPLETED';
  const from = dayOf(visit.startAt, zone);
  if (from === null) return 'UNSCHEDULED';
  if (from > today) return 'UPCOMING';
  return (dayOf(visit.endAt, zone) ?? from) < today ? 'LATE' : 'TODAY';
}

/** The status of a job on a day, by its visits that are still to be done. */
export function jobStatusOn(job: Row, visits: readonly Row[], today: string, zone: string): unknown {
  if (typeof job.jobStatus === 'string' && !BY_CALENDAR.has(job.jobStatus)) return job.jobStatus;
  const open = new Set(visits.map((visit) => visitStatusOn(visit, today, zone)).filter((status) => status !== 'COMPLETED'));
  if (open.has('LATE')) return 'late';
  if (open.has('TODAY')) return 'today';
  if (open.has('UPCOMING')) return 'upcoming';
  return open.size > 0 || visits.length === 0 ? 'unscheduled' : 'action_required';
}
