import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayRecords } from '#model/propay-state.ts';
import { missingKeys } from '../rules/outcome.ts';
import { defineRule } from '../rules/rule.ts';
import type { RecordRef } from '../shapes.ts';
import { isLive, refOfRecord } from './live.ts';

/** B-40: which recorded time enters a ProPay. */
export const countedRecordsRule = defineRule('B-40', 1, 'Counted time entries');

/** One piece of counted time before it has a wage. */
export interface CountedEntry {
  readonly workerId: string;
  readonly seconds: number;
  readonly workDate: LocalDate;
  /** When it was worked, where the source says so: workweeks are cut by instants (B-202). */
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly ref: RecordRef;
  /** Drive time of overhead that was spread (B-47): the records and the setting behind its seconds. */
  readonly spreadRef?: readonly RecordRef[];
  /** The links by which it counts for another record of the same person (M-149). */
  readonly personRef?: readonly RecordRef[];
}

/** The counted time of a ProPay, ordered by record id. */
export interface CountedRecords {
  readonly entries: readonly CountedEntry[];
  /** The day of the first counted entry (B-41); null without counted time. */
  readonly startDate: LocalDate | null;
  readonly lastDate: LocalDate | null;
  /** Running clocks: they count nothing, and approval asks about them (B-87). */
  readonly openEntryIds: readonly string[];
  /** Everybody with time on the work, running clocks included: they are on the ProPay (M-129). */
  readonly workerIds: readonly string[];
}

/**
 * Picks the time that counts (B-40): live entries of category work that are attributed to the job and closed; drive time only where it
 * is part of the cost (B-46), nothing that is overhead (B-47). Entries of 0 seconds count nothing.
 */
export function countRecords(
  records: Pick<ProPayRecords, 'entries' | 'drives'>,
  driveTimeInCost: boolean,
  isBillable: (milestoneId: string | null) => boolean = () => true,
): CountedRecords {
  const work = records.entries.filter((entry) => isWork(entry) && isBillable(entry.fields.milestoneId));
  const drives = driveTimeInCost ? records.drives.filter((drive) => isOnJob(drive) && isBillable(drive.fields.milestoneId)) : [];
  const entries = [...work, ...drives].flatMap(countedEntry).sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1));
  const dates = entries.map((entry) => entry.workDate).sort();
  return {
    entries,
    startDate: dates[0] ?? null,
    lastDate: dates.at(-1) ?? null,
    openEntryIds: work
      .filter((entry) => entry.fields.open)
      .map((entry) => entry.id)
      .sort(),
    workerIds: missingKeys([...work, ...drives].map((entry) => entry.fields.workerId)),
  };
}

/** Time of category work that the source has attributed to a job (M-27, M-36). */
export function isWork(entry: MirrorRecord<'time_entry'>): boolean {
  return isOnJob(entry) && entry.fields.category === 'work';
}

/** Time that is there and attributed to a job. */
export function isOnJob(record: MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>): boolean {
  return isLive(record) && record.fields.attribution === 'job';
}

function countedEntry(record: MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>): CountedEntry[] {
  const { workerId, durationSeconds, workDate, start, end, open } = record.fields;
  if (open || durationSeconds <= 0) return [];
  return [{ workerId, seconds: durationSeconds, workDate, start, end, ref: { ...refOfRecord(record), workDate } }];
}
