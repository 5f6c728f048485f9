import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { RecordRef } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-41: which dated wage a piece of time is paid by. */
export const wageBasisRule = defineRule('B-41', 1, 'Wage basis');

/** `at_start` (default): the wage on the ProPay's first counted day for all its time; `by_entry_date`: the wage of each day. */
export type WageBasis = 'at_start' | 'by_entry_date';

/**
 * One row of a worker's wage history (E-1). Rows are only ever added: among rows of one origin and date the one that stands later in
 * the list wins. A local row with `wageE4` null is a revert and ends the local rows before it.
 */
export type WageRow = {
  readonly origin: 'source' | 'local';
  readonly effectiveFrom: LocalDate;
  readonly wageE4: number | null;
  readonly burdenBp?: number | null;
  readonly ref?: RecordRef;
  /** When the row was added, or last changed at its source. */
  readonly at?: Instant;
  /** The record of the person whose row it is, where that is another one (M-149). */
  readonly ofWorkerId?: string;
};

/** Time with its date, to be given a wage. */
export type DatedTime = { readonly workerId: string; readonly seconds: number; readonly workDate: LocalDate };

/**
 * The row in force on a day (E-1): the newest local row on or before it, unless that is a revert; else the newest source row on or
 * before it. Null when there is none, which is a missing wage and never a guess (B-42).
 */
export function wageInForce(rows: readonly WageRow[], day: LocalDate): WageRow | null {
  const local = newest(rows, 'local', day);
  if (local !== null && local.wageE4 !== null) return local;
  const source = newest(rows, 'source', day);
  return source !== null && source.wageE4 !== null ? source : null;
}

function newest(rows: readonly WageRow[], origin: WageRow['origin'], day: LocalDate): WageRow | null {
  let found: WageRow | null = null;
  for (const row of rows) {
    if (row.origin === origin && row.effectiveFrom <= day && (found === null || row.effectiveFrom >= found.effectiveFrom))
      found = row;
  }
  return found;
}

/** The start of a ProPay for its wages: the day of the first counted entry; null without time (B-41). */
export function startDateOf(entries: readonly DatedTime[]): LocalDate | null {
  let start: LocalDate | null = null;
  for (const { seconds, workDate } of entries) if (seconds > 0 && (start === null || workDate < start)) start = workDate;
  return start;
}

/** The wage in force at the start or, for somebody who had none then, the first one after it (B-41). */
export function wageAtStart(rows: readonly WageRow[], startDate: LocalDate): WageRow | null {
  const atStart = wageInForce(rows, startDate);
  if (atStart !== null) return atStart;
  const laterDays = [...new Set(rows.map((row) => row.effectiveFrom))].filter((day) => day > startDate).sort();
  for (const day of laterDays) {
    const row = wageInForce(rows, day);
    if (row !== null) return row;
  }
  return null;
}

/**
 * The wage for a start that rows have changed since a moment (M-119); null where it is what it was then, or nobody knows it any more. Work
 * that was approved by the wages of its beginning differs by nothing else.
 */
export function wageChangedSince(rows: readonly WageRow[], startDate: LocalDate, since: Instant): WageRow | null {
  const now = wageAtStart(rows, startDate);
  const then = wageAtStart(
    rows.filter(({ at }) => at === undefined || at <= since),
    startDate,
  );
  return now === null || now.wageE4 === then?.wageE4 ? null : now;
}

/**
 * The wage row of every entry, in the order of the entries, null where none applies (B-41, B-42). `rowsByWorker` holds each worker's
 * history.
 */
export function chooseWages(
  basis: WageBasis,
  entries: readonly DatedTime[],
  rowsByWorker: ReadonlyMap<string, readonly WageRow[]>,
): (WageRow | null)[] {
  if (basis === 'by_entry_date')
    return entries.map((entry) => wageInForce(rowsByWorker.get(entry.workerId) ?? [], entry.workDate));
  const startDate = startDateOf(entries);
  const byWorker = new Map<string, WageRow | null>();
  return entries.map(({ workerId }) => {
    const known = byWorker.get(workerId);
    if (known !== undefined) return known;
    const row = startDate === null ? null : wageAtStart(rowsByWorker.get(workerId) ?? [], startDate);
    byWorker.set(workerId, row);
    return row;
  });
}
