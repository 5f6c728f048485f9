import { type LocalDate, msOf } from '#kernel/instant.ts';
import type { EntityFields } from '#model/entities.ts';

/** What may be wrong with recorded time. Nothing is cut or changed for it: whoever knows puts it right at the source. */
export type TimeWarning =
  | 'overlap'
  | 'long_entry'
  | 'open'
  | 'unapproved'
  | 'unattributed'
  | 'duration_mismatch'
  | 'shift_difference';

/** A time entry, or drive time, of one worker. */
export type JudgedTime = { readonly id: string } & (
  | ({ readonly entity: 'time_entry' } & EntityFields['time_entry'])
  | ({ readonly entity: 'drive_time' } & EntityFields['drive_time'])
);

/** One warning: of an entry, of two that lie over each other, or of a day whose shift does not fit the rest. */
export interface TimeFinding {
  readonly warning: TimeWarning;
  readonly workDate: LocalDate;
  readonly entryId: string | null;
  readonly otherEntryId: string | null;
  readonly jobId: string | null;
  /** How long the entry is, or how far what should be equal lies apart. */
  readonly seconds: number;
}

/** M-39. */
const LONG_SECONDS = 16 * 3_600;
/** M-33. */
const MISMATCH_SECONDS = 60;
/** M-37. */
const SHIFT_SECONDS = 15 * 60;

/** What may be wrong with the time of one worker (M-33, M-34, M-37, M-39, X-24), by day. */
export function judgeTime(entries: readonly JudgedTime[]): readonly TimeFinding[] {
  const findings = [...entries.flatMap(findingsOf), ...overlapsOf(entries), ...shiftDifferences(entries)];
  return findings.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ workDate, warning, entryId }: TimeFinding): string => `${workDate} ${warning} ${entryId}`;
const isShift = (entry: JudgedTime): boolean => entry.entity === 'time_entry' && entry.category === 'shift';
/** Hours worked (M-36); a shift is the span around them. */
const WORKED: readonly string[] = ['work', 'shop', 'break_paid'];
const isWorked = (entry: JudgedTime): boolean => entry.entity === 'drive_time' || WORKED.includes(entry.category);

function findingsOf(entry: JudgedTime): readonly TimeFinding[] {
  const { durationSeconds, open } = entry;
  const mismatch = mismatchOf(entry);
  const about = (warning: TimeWarning, is: boolean, seconds = durationSeconds): readonly TimeFinding[] =>
    is ? [{ warning, workDate: entry.workDate, entryId: entry.id, otherEntryId: null, jobId: entry.jobId, seconds }] : [];
  return [
    ...about('open', open),
    ...about('long_entry', durationSeconds > LONG_SECONDS),
    ...about('unapproved', entry.entity === 'time_entry' && entry.approvedAtSource === false),
    ...about('unattributed', entry.entity === 'time_entry' && entry.category === 'work' && entry.attribution !== 'job'),
    ...about('duration_mismatch', mismatch > MISMATCH_SECONDS, mismatch),
  ];
}

/** How far the reported duration lies from what the clock says, less breaks. */
function mismatchOf(entry: JudgedTime): number {
  const { start, end, open, durationSeconds } = entry;
  if (start === null || end === null || open) return 0;
  const breakSeconds = entry.entity === 'time_entry' ? entry.breakSeconds : 0;
  return Math.abs(Math.floor((msOf(end) - msOf(start)) / 1_000) - breakSeconds - durationSeconds);
}

/** Entries that begin before an earlier one has ended: each told once, at the later one. */
function overlapsOf(entries: readonly JudgedTime[]): readonly TimeFinding[] {
  const spans = entries
    .flatMap((entry) => {
      const { start, end } = entry;
      return start === null || end === null || isShift(entry) || !isWorked(entry)
        ? []
        : [{ entry, from: msOf(start), to: msOf(end) }];
    })
    .sort((a, b) => a.from - b.from || (a.entry.id < b.entry.id ? -1 : 1));
  const found: TimeFinding[] = [];
  let longest = spans[0];
  for (const span of spans.slice(1)) {
    const seconds = Math.floor((Math.min(longest!.to, span.to) - span.from) / 1_000);
    const { id: entryId, workDate, jobId } = span.entry;
    if (seconds > 0) found.push({ warning: 'overlap', workDate, entryId, otherEntryId: longest!.entry.id, jobId, seconds });
    if (span.to > longest!.to) longest = span;
  }
  return found;
}

/** Days whose shifts and other hours lie apart. */
function shiftDifferences(entries: readonly JudgedTime[]): readonly TimeFinding[] {
  const total = (list: readonly JudgedTime[]): number => list.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return [...Map.groupBy(entries, ({ workDate }) => workDate)].flatMap(([workDate, day]) => {
    const shifts = day.filter(isShift);
    const seconds = Math.abs(total(shifts) - total(day.filter(isWorked)));
    if (shifts.length === 0 || seconds <= SHIFT_SECONDS) return [];
    return [{ warning: 'shift_difference', workDate, entryId: shifts[0]!.id, otherEntryId: null, jobId: null, seconds }];
  });
}
