import { type Instant, type LocalDate, secondsBetween } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { inBounds, readInstant, refuseRow } from './read-fields.ts';

/** M-39: more than this is quarantined, more than that is worth a warning. */
const LONGEST_SECONDS = 25 * 3600;
const LONG_SECONDS = 16 * 3600;
/** M-33: reported and computed duration may differ by this much. */
const TOLERANCE_SECONDS = 60;

/** Start, end and duration of one entry as the source reports them. */
export interface Span {
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly durationSeconds: number;
  readonly open: boolean;
  readonly warnings: readonly string[];
}

/** The times of one entry as received, with the names of the fields for whoever has to mend them. */
export interface Clock {
  readonly start?: string | null;
  readonly end?: string | null;
  readonly startField: string;
  readonly endField: string;
  readonly durationField: string;
}

/**
 * Reads start, end and duration (M-33, M-34, M-39). A start without end is a running clock and counts nothing yet; the reported
 * duration wins over the one between the times, and a difference is told. Without times the reported duration stands alone.
 */
export function readSpan(clock: Clock, zone: string, breakSeconds: number, reportedSeconds: number | null): Span {
  const start = readInstant(clock.start, clock.startField, zone);
  const end = readInstant(clock.end, clock.endField, zone, start ?? undefined);
  if (start !== null && end === null) return { start, end: null, durationSeconds: 0, open: true, warnings: [] };
  if (start !== null && end !== null && end < start) return refuseRow('time_invalid', clock.endField, clock.end);
  const computed = start === null || end === null ? null : secondsBetween(start, end) - breakSeconds;
  const durationSeconds = reportedSeconds ?? computed ?? refuseRow('required_field_missing', clock.startField, null);
  if (durationSeconds < 0 || durationSeconds > LONGEST_SECONDS) {
    return refuseRow(
      'duration_out_of_range',
      reportedSeconds === null ? clock.endField : clock.durationField,
      String(durationSeconds),
    );
  }
  const warnings: string[] = [];
  if (computed !== null && Math.abs(durationSeconds - computed) > TOLERANCE_SECONDS) warnings.push('duration_mismatch');
  if (durationSeconds > LONG_SECONDS) warnings.push('long_entry');
  return { start, end, durationSeconds, open: false, warnings };
}

/** The work date where the source gives none: the local date of the start (M-35). */
export function dateOfStart(start: Instant | null, zone: string, field: string): LocalDate {
  const date = start === null ? refuseRow('required_field_missing', field, null) : localDateOf(start, zone);
  return inBounds(date) ? date : refuseRow('value_out_of_range', field, start);
}
