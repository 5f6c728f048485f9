import type { Instant, LocalDate } from '#kernel/instant.ts';
import { localDateOf, startOfDay } from '#kernel/zone.ts';
import { beforeImportWindow, ignoredStatus, sameName } from '#mirror/import-scope.ts';
import { refuseRow } from '#mirror/read-fields.ts';
import type { SkipReason } from '#model/mapped-record.ts';
import type { MapContext, Project } from './context.ts';

export type JobcodeStatus = 'pending' | 'in_progress' | 'completed';

/** What a jobcode's own state and its project say (M-63). */
export interface JobcodeState {
  readonly status: JobcodeStatus;
  /** As the source calls it. */
  readonly raw: string;
  readonly completedAt: Instant | null;
  readonly skip: SkipReason | undefined;
}

const PROJECTS: Readonly<Record<string, JobcodeStatus>> = {
  not_started: 'pending',
  in_progress: 'in_progress',
  complete: 'completed',
};
const KNOWN: readonly JobcodeStatus[] = ['pending', 'in_progress', 'completed'];

/**
 * Active is in progress and archived completed, unless a project on the jobcode tells its own status. The source does not say when a
 * jobcode was archived; its last change is the latest that can have been.
 */
export function stateOf(
  context: MapContext,
  jobcode: { readonly active: boolean; readonly sourceUpdatedAt: Instant | null },
  project: Project | null,
): JobcodeState {
  const own = jobcode.active ? 'active' : 'archived';
  const raw = project?.status ?? own;
  const status = project?.status ? projectStatus(context, project.status) : jobcode.active ? 'in_progress' : 'completed';
  const date = project?.completedDate ?? null;
  const finished = status !== 'completed' ? null : (date ?? archivedBy(context, jobcode));
  // A project is finished on a day; as an instant that is the day's beginning where the contractor is.
  const completedAt = status === 'completed' && date !== null ? startOfDay(date, context.zone) : null;
  return { status, raw, completedAt, skip: ignoredStatus(context, [raw, own]) ?? beforeImportWindow(context, finished) };
}

function projectStatus({ settings }: MapContext, raw: string): JobcodeStatus {
  if (Object.hasOwn(PROJECTS, raw)) return PROJECTS[raw]!;
  const mapped = Object.entries(settings.statusMap).find(([from]) => sameName(from) === sameName(raw))?.[1];
  return KNOWN.find((one) => one === mapped) ?? refuseRow('status_unmapped', 'projects.status', raw);
}

function archivedBy(context: MapContext, jobcode: { active: boolean; sourceUpdatedAt: Instant | null }): LocalDate | null {
  return jobcode.active || jobcode.sourceUpdatedAt === null ? null : localDateOf(jobcode.sourceUpdatedAt, context.zone);
}
