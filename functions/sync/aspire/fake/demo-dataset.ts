import { instantFromMs } from '#kernel/instant.ts';
import { localTimeOf, localToInstant } from '#kernel/zone.ts';
import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { moveDates, weeksToThisWeek } from '../../../../shared/fake-source/move-dates.ts';

const TIMES = '/WorkTicketTimes';
const CLOCKS = '/ClockTimes';
const TICKETS = '/WorkTickets';
const JOBS = '/Opportunities';

function rounded(hours: number): number {
  return Math.round(hours * 10_000) / 10_000;
}

/** What is left of a sum; the dust of entries rounded one by one is nothing. */
function left(sum: unknown, less: number): number {
  const rest = rounded(Number(sum) - less);
  return Math.abs(rest) < 0.001 ? 0 : rest;
}

function rowsAt(dataset: SourceDataset, path: string): readonly Row[] {
  return dataset.endpoints[path] ?? [];
}

function withRows(dataset: SourceDataset, lists: Readonly<Record<string, readonly Row[]>>): SourceDataset {
  return { ...dataset, endpoints: { ...dataset.endpoints, ...lists } };
}

/** The instant of a wall-clock field in ms; null when the field is empty. */
function wallMs(row: Row, field: string, zone: string): number | null {
  const text = row[field];
  return typeof text === 'string' ? Date.parse(localToInstant(text, zone)) : null;
}

/** Elapsed hours of a closed entry; null for an open one. An end shown by the clock twice is the one after the start. */
function elapsedHours(row: Row, zone: string): number | null {
  const { StartTime: start, EndTime: end } = row;
  if (typeof start !== 'string' || typeof end !== 'string') return null;
  const from = localToInstant(start, zone);
  return (Date.parse(localToInstant(end, zone, from)) - Date.parse(from)) / 3_600_000;
}

/** Takes hours away from (or, when negative, gives them to) the sums kept on tickets and jobs. */
function withSums(dataset: SourceDataset, less: ReadonlyMap<unknown, number>): SourceDataset {
  const perJob = new Map<unknown, number>();
  const tickets = rowsAt(dataset, TICKETS).map((ticket) => {
    const hours = less.get(ticket.WorkTicketID) ?? 0;
    if (hours === 0) return ticket;
    perJob.set(ticket.OpportunityID, (perJob.get(ticket.OpportunityID) ?? 0) + hours);
    return { ...ticket, HoursAct: left(ticket.HoursAct, hours) };
  });
  const jobs = rowsAt(dataset, JOBS).map((job) => {
    const hours = perJob.get(job.OpportunityID);
    return hours === undefined ? job : { ...job, ActualLaborHours: left(job.ActualLaborHours, hours) };
  });
  return withRows(dataset, { [TICKETS]: tickets, [JOBS]: jobs });
}

/**
 * The recorded company moved by whole weeks (see moveDates). An entry recorded across a clock change, or moved onto one, has other
 * elapsed hours between the same wall-clock times; its Hours and the sums above it follow, as the source would have counted them.
 */
export function moveAspireDates(dataset: SourceDataset, weeks: number): SourceDataset {
  const zone = dataset._about.timeZone;
  const moved = moveDates(dataset, weeks);
  const less = new Map<unknown, number>();
  const times = rowsAt(moved, TIMES).map((row, index) => {
    const before = elapsedHours(rowsAt(dataset, TIMES)[index]!, zone);
    const after = elapsedHours(row, zone);
    if (before === null || after === null || before === after) return row;
    less.set(row.WorkTicketID, (less.get(row.WorkTicketID) ?? 0) + before - after);
    return { ...row, Hours: rounded(Number(row.Hours) + after - before) };
  });
  return withSums(withRows(moved, { [TIMES]: times }), less);
}

/**
 * The company as it stands at a moment inside the recorded weeks: entries that begin later are not there yet, those running are open,
 * tickets finished later are still scheduled, and no stamp lies ahead of the clock. Plans for the future stay.
 */
export function asOf(dataset: SourceDataset, nowMs: number): SourceDataset {
  const zone = dataset._about.timeZone;
  const now = instantFromMs(nowMs);
  const less = new Map<unknown, number>();
  const lose = (row: Row): void => {
    less.set(row.WorkTicketID, (less.get(row.WorkTicketID) ?? 0) + Number(row.Hours ?? 0));
  };
  const times: Row[] = [];
  for (const row of rowsAt(dataset, TIMES)) {
    const start = wallMs(row, 'StartTime', zone) ?? 0;
    const end = wallMs(row, 'EndTime', zone);
    if (start > nowMs || Date.parse(String(row.CreatedDateTime)) > nowMs) {
      lose(row);
    } else if (end !== null && end > nowMs) {
      lose(row);
      const { EndTime: _end, Hours: _hours, BurdenedCost: _cost, ...open } = withoutLater(row, nowMs);
      times.push({ ...open, BreakTime: 0, HasBreakTime: false, LastModifiedDateTime: row.CreatedDateTime });
    } else {
      times.push(notLater(withoutLater(row, nowMs), nowMs, now));
    }
  }
  const clocks = rowsAt(dataset, CLOCKS)
    .filter((row) => (wallMs(row, 'ClockStart', zone) ?? 0) <= nowMs)
    .map((row) => {
      const kept = withoutLater(row, nowMs);
      if ((wallMs(row, 'ClockEnd', zone) ?? 0) > nowMs) delete kept.ClockEnd;
      return kept;
    });
  const summed = withSums(withRows(dataset, { [TIMES]: times, [CLOCKS]: clocks }), less);
  const lists = Object.fromEntries(
    Object.entries(summed.endpoints).map(([path, rows]) => [path, rows.map((row) => notLater(row, nowMs, now))]),
  );
  return withRows(summed, { ...lists, [TICKETS]: ticketsAsOf(summed, nowMs) });
}

/** Acceptance, approval and export of a time come days later; before that they and their users are not there. */
function withoutLater(row: Row, nowMs: number): Row {
  const kept = { ...row };
  for (const step of ['Accepted', 'Approved', 'Exported']) {
    if (!(Date.parse(String(row[`${step}DateTime`])) > nowMs)) continue;
    for (const field of ['DateTime', 'UserID', 'UserName']) delete kept[`${step}${field}`];
  }
  return kept;
}

/** Instants ahead of the clock are cut to it. Wall-clock fields are plans and stay. */
function notLater(row: Row, nowMs: number, now: string): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const later = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && Date.parse(value) > nowMs;
      return [name, later ? now : value];
    }),
  );
}

function ticketsAsOf(dataset: SourceDataset, nowMs: number): Row[] {
  const tickets = rowsAt(dataset, TICKETS);
  const scheduled = tickets.find((ticket) => ticket.WorkTicketStatusName === 'Scheduled')?.WorkTicketStatusID;
  const lastChild = new Map<unknown, string>();
  for (const row of rowsAt(dataset, TIMES)) {
    const stamp = String(row.LastModifiedDateTime);
    if (stamp > (lastChild.get(row.WorkTicketID) ?? '')) lastChild.set(row.WorkTicketID, stamp);
  }
  const today = localTimeOf(instantFromMs(nowMs), dataset._about.timeZone);
  return tickets.map((ticket) => {
    const kept = { ...ticket };
    if (String(ticket.ApprovedDate ?? '') > today) delete kept.ApprovedDate;
    if (Date.parse(String(ticket.LastModifiedDateTime)) <= nowMs) return kept;
    kept.LastModifiedDateTime = lastChild.get(ticket.WorkTicketID) ?? ticket.CreatedDateTime;
    if (ticket.WorkTicketStatusName !== 'Complete' && ticket.WorkTicketStatusName !== 'Pending Approval') return kept;
    const { CompleteDate: _complete, ApprovedDate: _approved, ...unfinished } = kept;
    return {
      ...unfinished,
      WorkTicketStatusID: scheduled,
      WorkTicketStatusName: 'Scheduled',
      WorkTicketStatus: 'Scheduled',
      PercentComplete: 0,
    };
  });
}

/**
 * The data a demo starts with: the recorded weeks moved so that the last is this week, as they stand at this moment of it. The moment
 * is noted as `_about.startedAt`, for the own changes of a process that takes the demo up later.
 */
export function demoDataset(dataset: SourceDataset, nowMs: number): SourceDataset {
  const demo = asOf(moveAspireDates(dataset, weeksToThisWeek(dataset, nowMs)), nowMs);
  return { ...demo, _about: { ...demo._about, startedAt: instantFromMs(nowMs) } };
}
