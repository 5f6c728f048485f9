import type { LocalDate } from '#kernel/instant.ts';
import { beforeImportWindow, ignoredStatus, sameName } from '#mirror/import-scope.ts';
import { refuseRow } from '#mirror/read-fields.ts';
import type { JobStatus, MilestoneStatus } from '#model/entities.ts';
import type { SkipReason } from '#model/mapped-record.ts';
import type { MapContext } from './context.ts';

/** What M-59 makes of a status. Jobber has neither drafts nor cancellations; an admin may map a status to them. */
type Canonical<T> = T | 'draft';

/** Several of these follow the calendar alone, without any edit at the source: what they are mapped to does not tell them apart. */
const JOBS: Readonly<Record<string, JobStatus>> = {
  unscheduled: 'pending',
  upcoming: 'pending',
  today: 'in_progress',
  late: 'in_progress',
  active: 'in_progress',
  action_required: 'in_progress',
  on_hold: 'in_progress',
  expiring_within_30_days: 'in_progress',
  requires_invoicing: 'completed',
  archived: 'completed',
};

const VISITS: Readonly<Record<string, MilestoneStatus>> = {
  UNSCHEDULED: 'pending',
  UPCOMING: 'scheduled',
  TODAY: 'scheduled',
  LATE: 'scheduled',
  ACTIVE: 'scheduled',
  COMPLETED: 'completed',
};

const JOB_STATUSES = ['draft', 'pending', 'in_progress', 'completed', 'canceled'] as const;
const VISIT_STATUSES = ['draft', 'pending', 'scheduled', 'in_progress', 'completed', 'canceled'] as const;

/** The status of a job by the name in the schema, which nobody can rename (M-44). Refuses the row where no map knows it. */
export function jobStatus(context: MapContext, raw: string | null): Canonical<JobStatus> {
  return statusOf(JOBS, raw) ?? byAdmin(context, raw, JOB_STATUSES) ?? refuseRow('status_unmapped', 'jobStatus', raw);
}

/** The status of a visit, likewise. */
export function visitStatus(context: MapContext, raw: string | null): Canonical<MilestoneStatus> {
  return statusOf(VISITS, raw) ?? byAdmin(context, raw, VISIT_STATUSES) ?? refuseRow('status_unmapped', 'visitStatus', raw);
}

function statusOf<T>(table: Readonly<Record<string, T>>, raw: string | null): T | undefined {
  return raw !== null && Object.hasOwn(table, raw) ? table[raw] : undefined;
}

/** What an admin added for a raw status that the built-in map does not know (M-44). */
function byAdmin<T extends string>({ settings }: MapContext, raw: string | null, allowed: readonly T[]): T | null {
  const hit = Object.entries(settings.statusMap).find(([from]) => raw !== null && sameName(from) === sameName(raw));
  return allowed.find((status) => status === hit?.[1]) ?? null;
}

/** Why a job or visit is not mirrored: its status, as mapped or as listed by the tenant, or its end before the first import. */
export function skipOf(
  context: MapContext,
  status: Canonical<JobStatus> | Canonical<MilestoneStatus>,
  raw: string | null,
  finished: LocalDate | null,
): SkipReason | undefined {
  if (status === 'draft' || status === 'canceled') return { kind: 'ignored', code: status, rule: 'built-in' };
  return ignoredStatus(context, [raw]) ?? beforeImportWindow(context, finished);
}
