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
 * is part of the cost (B-46). Entries of 0 seconds count nothing.
 */
export function countRecords(records: Pick<ProPayRecords, 'entries' | 'drives'>, driveTimeInCost: boolean): CountedRecords {
  const work = records.entries.filter(
    (entry) => isLive(entry) && entry.fields.attribution === 'job' && entry.fields.category === 'work',
  );
  const drives = driveTimeInCost ? records.drives.filter((drive) => isLive(drive) && drive.fields.attribution === 'job') : [];
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

function countedEntry(record: MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>): CountedEntry[] {
  const { workerId, durationSeconds, workDate, start, end, open } = record.fields;
  if (open || durationSeconds <= 0) return [];
  return [{ workerId, seconds: durationSeconds, workDate, start, end, ref: { ...refOfRecord(record), workDate } }];
}
