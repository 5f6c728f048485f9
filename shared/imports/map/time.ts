import { addDays, type Instant, type LocalDate, secondsBetween } from '#kernel/instant.ts';
import { beforeTimeImport, sameName } from '#mirror/import-scope.ts';
import type { MappedRecord, SkipReason } from '#model/mapped-record.ts';
import type { RowReader } from '../row-reader.ts';
import { type MapFields, withSkip } from './context.ts';
import { derivedJob, derivedMilestone } from './work.ts';

/** M-39: more than this is an error, more than that is worth a warning. */
const LONGEST_SECONDS = 25 * 3600;
const LONG_SECONDS = 16 * 3600;
/** M-33: hours and clock times may differ by this much. */
const TOLERANCE_SECONDS = 60;

const KINDS = {
  work: 'work',
  drive: 'drive',
  shop: 'shop',
  break: 'break_unpaid',
  break_unpaid: 'break_unpaid',
  break_paid: 'break_paid',
  leave: 'leave',
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** A row of `time_entries` → time_entry, or drive_time by its kind (M-38). Wages of the row are never looked at (M-25). */
export const mapTimeEntry: MapFields = (row, place) => {
  const workDate = row.date('date');
  const breakSeconds = row.seconds('break_hours') ?? 0;
  const span = readSpan(row, workDate, breakSeconds);
  const { kind, basis } = kindOf(row);
  const { job, milestone } = row.layout.parents;
  const ownJob = job === null ? null : derivedJob(row, job);
  const jobId = job === null ? row.id('job_id') : (ownJob?.sourceId ?? null);
  const ownMilestone = milestone === null || jobId === null ? null : derivedMilestone(row, milestone, jobId);
  const milestoneId = milestone === null ? row.id('milestone_id') : (ownMilestone?.sourceId ?? null);
  const deleted = row.flag('deleted') === true;
  const common = {
    space: 'time',
    ...place,
    sourceStatus: null,
    ...withSkip(takenOver(row, workDate)),
    ...(deleted ? { tombstone: 'flag' as const } : {}),
    ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
  } as const;
  const time = {
    workerId: row.id('worker_id') ?? '',
    jobId,
    milestoneId,
    start: span.start,
    end: span.end,
    workDate: workDate ?? '',
    zone: row.clocks.zone,
    durationSeconds: span.durationSeconds,
    open: false,
  };
  const approvedAtSource = row.flag('approved');
  const record: MappedRecord =
    kind === 'drive'
      ? { entity: 'drive_time', ...common, fields: { ...time, routeId: null, basis } }
      : {
          entity: 'time_entry',
          ...common,
          fields: {
            ...time,
            category: kind,
            breakSeconds,
            warranty: false,
            sourceOvertimeSeconds: null,
            approvedAtSource,
            lockedAtSource: null,
          },
        };
  return { record, also: [], parents: [ownJob, ownMilestone].filter((one) => one !== null) as MappedRecord[] };
};

/** Whether time of the day is another connection's, which this one took over from. */
function takenOver(row: RowReader, workDate: LocalDate | null): SkipReason | undefined {
  const { timeImportFrom } = row.request.settings;
  if (timeImportFrom === undefined || workDate === null) return undefined;
  return beforeTimeImport({ settings: { timeImportFrom, ignoredStatuses: [] }, byId: false }, workDate);
}

/** What a row is: by its own word, else by the connection's map of pay codes, else work. */
function kindOf(row: RowReader): { kind: Kind; basis: 'column' | 'pay_code' } {
  const own = row.word('kind', KINDS);
  if (own !== null) return { kind: own, basis: 'column' };
  const payCode = row.raw('pay_code');
  const wanted = payCode === null ? null : sameName(payCode);
  const mapped = Object.entries(row.request.settings.payCodeMap ?? {}).find(([code]) => sameName(code) === wanted)?.[1];
  const kind = mapped !== undefined && Object.hasOwn(KINDS, mapped) ? KINDS[mapped as keyof typeof KINDS] : 'work';
  return { kind, basis: 'pay_code' };
}

interface Span {
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly durationSeconds: number;
  readonly warnings: readonly string[];
}

/**
 * Start, end and duration (M-33, M-39): the hours count, or the times where there are no hours or the profile says so. What is wrong or
 * worth telling is reported on the row.
 */
function readSpan(row: RowReader, workDate: LocalDate | null, breakSeconds: number): Span {
  const reported = row.seconds('hours');
  const { start, end } = readTimes(row, workDate);
  const computed = start === null || end === null ? null : secondsBetween(start, end) - breakSeconds;
  const warnings: string[] = [];
  const chosen = row.request.profile.duration === 'times' ? (computed ?? reported) : (reported ?? computed);
  if (chosen === null) {
    if (!row.failed) row.missing('hours', 'hours, or start and end, have to be filled');
    return { start, end, durationSeconds: 0, warnings };
  }
  if (reported !== null && computed !== null && Math.abs(reported - computed) > TOLERANCE_SECONDS) {
    warnings.push('duration_mismatch');
    row.warn('hours', 'HOURS_MISMATCH', `start, end and break make ${computed} seconds, the hours ${reported}`);
  }
  const source = chosen === reported ? 'hours' : 'end';
  if (chosen < 0) row.refuse(source, 'NEGATIVE', 'is below zero: the break is longer than the time');
  else if (chosen > LONGEST_SECONDS) row.refuse(source, 'TOO_LONG', 'is longer than 25 hours');
  else if (chosen > LONG_SECONDS) {
    warnings.push('long_entry');
    row.warn(source, 'TOO_LONG', 'is longer than 16 hours');
  }
  return { start, end, durationSeconds: chosen, warnings };
}

function readTimes(row: RowReader, workDate: LocalDate | null): { start: Instant | null; end: Instant | null } {
  const first = row.clock('start');
  const last = row.clock('end');
  if (workDate === null) return { start: null, end: null };
  const start = first === null ? null : (first.instant ?? row.place('start', first.date ?? workDate, first.time));
  if (last === null || last.instant !== null) return ordered(row, start, last?.instant ?? null);
  const startDay = first?.date ?? workDate;
  // Without a day of its own an end before the start is of the next day, where the profile says that entries go over midnight.
  const next = last.date === null && first !== null && row.request.profile.overnight && last.time < first.time;
  const endDay = last.date ?? (next ? addDays(startDay, 1) : startDay);
  return ordered(row, start, row.place('end', endDay, last.time, start ?? undefined));
}

function ordered(row: RowReader, start: Instant | null, end: Instant | null): { start: Instant | null; end: Instant | null } {
  if (start === null || end === null || end >= start) return { start, end };
  row.refuse('end', 'END_BEFORE_START', 'lies before the start');
  return { start: null, end: null };
}
