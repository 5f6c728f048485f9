import { allocateAmounts } from '#kernel/allocate.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayState, ProPayTarget, TimeRecord, WorkerTimes, WorkPlace, WorkPlaces } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { spreadDriveTime } from '../rules/drive-spread.ts';
import type { RecordRef } from '../shapes.ts';
import { type CountedEntry, isOnJob, isWork } from './counted-records.ts';
import { refOfRecord } from './live.ts';
import { isOverhead, type OverheadContext } from './overhead.ts';

/** The jobs and milestones that some time was on, other than the job at hand: whether they are overhead has to be known (B-47). */
export function placesOfTime(times: WorkerTimes, jobId: string): readonly WorkPlace[] {
  const places = new Map<string, WorkPlace>();
  for (const { records } of times.values())
    for (const { fields } of records.filter(isOnJob))
      if (fields.jobId !== null && fields.jobId !== jobId)
        places.set(`${fields.jobId} ${fields.milestoneId}`, { jobId: fields.jobId, milestoneId: fields.milestoneId });
  return [...places.values()];
}

/** What spreading looks at: the ProPay's own records, and what was read of its people's time elsewhere. */
export interface SpreadInputs {
  readonly state: ProPayState;
  readonly counted: readonly CountedEntry[];
  readonly times: WorkerTimes;
  readonly places: WorkPlaces;
  readonly context: OverheadContext & Pick<TenantContext, 'areaRevisions'>;
}

/**
 * The drive time of overhead that falls to a ProPay (B-47): of each of its people and days the drive time logged on overhead, divided
 * over the jobs worked that day by counted work, and within a recurring job over its visits; each drive record then bears its part of
 * the ProPay's share, so that every entry leads to the record it came from.
 */
export function spreadEntries(inputs: SpreadInputs): readonly CountedEntry[] {
  const days = new Map<string, { workerId: string; workDate: LocalDate }>();
  for (const { workerId, workDate, ref } of inputs.counted)
    if (ref.entity === 'time_entry') days.set(`${workerId} ${workDate}`, { workerId, workDate });
  return [...days.values()].flatMap(({ workerId, workDate }) => spreadDay(inputs, workerId, workDate));
}

function spreadDay(inputs: SpreadInputs, workerId: string, workDate: LocalDate): readonly CountedEntry[] {
  const { state, context } = inputs;
  const records = recordsOfDay(inputs, workerId, workDate);
  const drives = records.filter((record) => record.entity === 'drive_time' && isCounted(record) && overheadAt(inputs, record));
  if (drives.length === 0) return [];
  const work = records.filter((record) => isCountedWork(inputs, record));
  const total = drives.reduce((sum, drive) => sum + drive.fields.durationSeconds, 0);
  const share = shareOf(total, work, state.target);
  if (share === 0) return [];
  const rules: RecordRef = { entity: 'setting', id: 'org', revision: context.areaRevisions.org ?? 0 };
  const spreadRef = [...[...drives, ...work].map(refOfRecord), rules];
  const parts = allocateAmounts(
    share,
    drives.map((drive) => ({ id: drive.id, weight: drive.fields.durationSeconds })),
  );
  return drives.flatMap((drive, index) => {
    const { start, end } = drive.fields;
    const entry = { workerId, seconds: parts[index]!, workDate, start, end, ref: { ...refOfRecord(drive), workDate }, spreadRef };
    return entry.seconds === 0 ? [] : [entry];
  });
}

/** What falls to one target: the job's part of the whole, and of that the visit's where the job recurs. */
function shareOf(total: number, work: readonly TimeRecord[], { jobId, milestoneId }: ProPayTarget): number {
  const ofJob = divided(total, work, ({ fields }) => fields.jobId!, jobId);
  if (milestoneId === null) return ofJob;
  const inJob = work.filter(({ fields }) => fields.jobId === jobId);
  return divided(ofJob, inJob, ({ fields }) => fields.milestoneId!, milestoneId);
}

function divided(total: number, work: readonly TimeRecord[], placeOf: (record: TimeRecord) => string, wanted: string): number {
  const seconds = new Map<string, number>();
  for (const record of work) seconds.set(placeOf(record), (seconds.get(placeOf(record)) ?? 0) + record.fields.durationSeconds);
  const places = [...seconds].map(([jobId, workSeconds]) => ({ jobId, workSeconds }));
  return spreadDriveTime(total, places).shares.find((share) => share.jobId === wanted)?.seconds ?? 0;
}

/** A person's time of a day, on whatever job, by id. */
function recordsOfDay({ state, times }: SpreadInputs, workerId: string, workDate: LocalDate): readonly TimeRecord[] {
  const { entries, drives } = state.records;
  // What was read with the ProPay stands last, so that it wins over what the index has found of the same record.
  const all: readonly TimeRecord[] = [...(times.get(workerId)?.records ?? []), ...entries, ...drives];
  const unique = [...new Map(all.map((record) => [record.id, record])).values()];
  return unique
    .filter(({ fields }) => fields.workerId === workerId && fields.workDate === workDate)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isCounted(record: TimeRecord): boolean {
  return isOnJob(record) && !record.fields.open && record.fields.durationSeconds > 0;
}

/** Work that counts (B-40): on a job that is known and no overhead, and on a visit where the job recurs. */
function isCountedWork(inputs: SpreadInputs, record: TimeRecord): boolean {
  if (record.entity !== 'time_entry' || !isCounted(record) || !isWork(record as MirrorRecord<'time_entry'>)) return false;
  const job = jobOf(inputs, record);
  if (job === null || overheadAt(inputs, record)) return false;
  return !job.fields.recurring || record.fields.milestoneId !== null;
}

function overheadAt(inputs: SpreadInputs, record: TimeRecord): boolean {
  const { state, places, context } = inputs;
  const { milestoneId } = record.fields;
  const own = state.records.milestones.find((one) => one.id === milestoneId);
  const milestone = milestoneId === null ? null : (own ?? places.milestones.get(milestoneId) ?? null);
  return isOverhead(context, jobOf(inputs, record), milestone);
}

function jobOf({ state, places }: SpreadInputs, { fields }: TimeRecord): MirrorRecord<'job'> | null {
  if (fields.jobId === null) return null;
  return fields.jobId === state.target.jobId ? state.records.job : (places.jobs.get(fields.jobId) ?? null);
}
