import { addDays, addSeconds, type Instant, isoWeek, type LocalDate, msOf, weekday } from '#kernel/instant.ts';
import type { ConnectionSettings, OpenRun, RunTrigger, StreamState } from '#model/connection.ts';
import type { AuxiliaryManifest, RefreshClass, StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';

/** How one stream is read in a run. `complete`: a listing of everything the window names, so that what it lacks is a miss (M-102). */
export interface ReadPlan {
  readonly since: Instant | null;
  readonly window: { readonly from: LocalDate; readonly to: LocalDate } | null;
  readonly complete: boolean;
  /** Segments of the fingerprints that a complete listing covers. */
  readonly segments: { readonly from: string; readonly to: string };
  /** Everything is read; of a window stream, at least its far days. */
  readonly far: boolean;
}

export const ALL_SEGMENTS = { from: '', to: '\u{10ffff}' };
const EVERYTHING: ReadPlan = { since: null, window: null, complete: true, segments: ALL_SEGMENTS, far: true };
const FAR_FUTURE: LocalDate = '2099-12-31';
const HOUR_MS = 3_600_000;
const SLACK_MS = 5 * 60_000;

/** Whether a stream's refresh class is due (M-81): every run, hourly, or daily. */
export function isDue(refresh: RefreshClass, state: StreamState | undefined, run: Pick<OpenRun, 'mode'>, now: Instant): boolean {
  if (run.mode === 'full' || refresh === 'cycle' || !state?.lastReadAt || state.owesFull || state.lastOutcome === 'failed')
    return true;
  const age = msOf(now) - msOf(state.lastReadAt);
  // Runs start a little early or late: what is due within the next minutes is due now.
  return age + SLACK_MS >= (refresh === 'hourly' ? HOUR_MS : 24 * HOUR_MS);
}

/**
 * The window of one stream in this run (M-82, M-87): from the watermark less the overlap; or, in a full run and where no watermark
 * exists yet, everything. A window stream reads its far days once an hour. Time is listed from the Monday of its first day, so that
 * whole weeks of fingerprints are covered.
 */
export function planRead(
  stream: StreamManifest,
  state: StreamState | undefined,
  settings: ConnectionSettings,
  run: Pick<OpenRun, 'mode' | 'trigger'>,
  today: LocalDate,
  now: Instant,
): ReadPlan {
  const datedByWeek = stream.deletes.kind === 'window_sweep';
  const full = run.mode === 'full' || state?.owesFull === true;
  switch (stream.delta.kind) {
    case 'whole':
      return EVERYTHING;
    case 'watermark': {
      const feedLost = feedIsLost(stream, state, now);
      if (!full && !feedLost && state?.watermark) return sinceStamp(state.watermark, stream.delta.overlapSeconds);
      if (!datedByWeek) return EVERYTHING;
      const deep = feedLost || (hasFeed(stream) && state?.sweepOpen);
      const from = deep ? settings.timeImportFrom : fullFrom(state, settings, run.trigger, today);
      return weekWindow(from, FAR_FUTURE);
    }
    case 'window': {
      // Records that bear no date of their own are proven gone by a listing of everything only, so no window of theirs is complete.
      if (full && !datedByWeek) return EVERYTHING;
      if (full) return weekWindow(fullFrom(state, settings, run.trigger, today), FAR_FUTURE);
      const far = !state?.lastFullAt || msOf(now) - msOf(state.lastFullAt) + SLACK_MS >= HOUR_MS;
      const [before, after] = far ? trailing(stream.delta.farDays, settings) : stream.delta.nearDays;
      return { ...weekWindow(addDays(today, before), addDays(today, after)), complete: datedByWeek, far };
    }
  }
}

/** Far days of a list without stamps: late edits are looked for as many days back as the connection says (M-82). */
function trailing(
  [, after]: readonly [number, number],
  { trailingDays }: Pick<ConnectionSettings, 'trailingDays'>,
): readonly [number, number] {
  return [-trailingDays, after];
}

/** Whether the source tells of deletions on a list. Misses are rare then, and looked at as far back as they may lie. */
function hasFeed({ deletes }: StreamManifest): boolean {
  return deletes.kind === 'window_sweep' && deletes.feedDays !== undefined;
}

/** Whether the stream was not read for so long that deletions have left the source's list of them, unseen (M-82, fault 33). */
function feedIsLost({ deletes }: StreamManifest, state: StreamState | undefined, now: Instant): boolean {
  if (deletes.kind !== 'window_sweep' || deletes.feedDays === undefined || !state?.lastReadAt) return false;
  return msOf(now) - msOf(state.lastReadAt) >= (deletes.feedDays - 1) * 24 * HOUR_MS;
}

/**
 * How far back a full reading goes: to the import date (M-84); only the daily reconciliation, once everything has been read, stays within
 * the days in which late edits are looked for (M-82).
 */
function fullFrom(
  state: StreamState | undefined,
  settings: ConnectionSettings,
  trigger: RunTrigger,
  today: LocalDate,
): LocalDate {
  if (trigger !== 'reconcile' || !state?.lastFullAt) return settings.timeImportFrom;
  const sixtyDays = addDays(today, -60);
  return settings.timeImportFrom > sixtyDays ? settings.timeImportFrom : sixtyDays;
}

/** Whole ISO weeks around a range of dates. */
function weekWindow(from: LocalDate, to: LocalDate): ReadPlan {
  const monday = addDays(from, 1 - weekday(from));
  const sunday = to === FAR_FUTURE ? to : addDays(to, 7 - weekday(to));
  return {
    since: null,
    window: { from: monday, to: sunday },
    complete: true,
    segments: { from: isoWeek(monday), to: `${isoWeek(sunday)}~\u{10ffff}` },
    far: true,
  };
}

function sinceStamp(watermark: Instant, overlapSeconds: number): ReadPlan {
  return { since: addSeconds(watermark, -overlapSeconds), window: null, complete: false, segments: ALL_SEGMENTS, far: false };
}

/** The window of an auxiliary list: near days each cycle, far days when the hour is due or the run is full. */
export function planAuxiliary(
  stream: AuxiliaryManifest,
  state: StreamState | undefined,
  settings: Pick<ConnectionSettings, 'trailingDays'>,
  run: Pick<OpenRun, 'mode'>,
  today: LocalDate,
  far: boolean,
): ReadPlan {
  switch (stream.delta.kind) {
    case 'digest':
      return EVERYTHING;
    case 'watermark':
      return state?.watermark && run.mode !== 'full' ? sinceStamp(state.watermark, stream.delta.overlapSeconds) : EVERYTHING;
    case 'window': {
      const isFar = far || run.mode === 'full';
      const [before, after] = isFar ? trailing(stream.delta.farDays, settings) : stream.delta.nearDays;
      return weekWindow(addDays(today, before), addDays(today, after));
    }
  }
}

/** Rows with stamps in the source's own future taken back to the run's start: such a stamp would outlive every later edit (M-88, fault 22). */
export function clampStamps(rows: readonly MappedRow[], bound: Instant): readonly MappedRow[] {
  if (!rows.some((row) => row.kind === 'record' && row.record.sourceUpdatedAt !== null && row.record.sourceUpdatedAt > bound))
    return rows;
  const clamp = (record: MappedRecord): MappedRecord =>
    record.sourceUpdatedAt !== null && record.sourceUpdatedAt > bound ? { ...record, sourceUpdatedAt: bound } : record;
  return rows.map((row) => (row.kind === 'record' ? { ...row, record: clamp(row.record), also: row.also.map(clamp) } : row));
}

/**
 * The new watermark of a stream that was read to its end (M-88): the largest stamp handled, never past the run's start as the source
 * tells it, never back.
 */
export function advanceWatermark(stored: Instant | null, highWater: Instant | null, sourceStartedAt: Instant): Instant | null {
  const bounded = highWater !== null && highWater > sourceStartedAt ? sourceStartedAt : highWater;
  if (bounded === null) return stored;
  return stored !== null && stored > bounded ? stored : bounded;
}
