import { BUSYBUSY } from '#imports/shipped.ts';
import { hashText } from '#kernel/hash.ts';
import { addDays } from '#kernel/instant.ts';
import type { FakeRequest } from '../../../../shared/fake-source/exchange.ts';
import { type FileRow, type FileSwitches, writeFile } from './write-file.ts';

/** One stretch of work as BusyBusy holds it; wall-clock times of the company's zone, an end before the start lies on the next day. */
export interface BusyBusyEntry {
  /** EmployeeId; the system leaves it empty for some people. */
  readonly employeeId: string;
  readonly date: string;
  readonly start: string;
  readonly end: string;
  readonly breakMinutes: number;
  /** Of the hours, how many are overtime: the last ones. */
  readonly overtimeHours: number;
  readonly project: readonly [number: string, name: string];
  readonly subProject: readonly [number: string, name: string];
  readonly costCode: string;
  readonly description: string;
}

/** The defaults are what the export is known to do. */
export interface BusyBusySwitches extends FileSwitches {
  readonly idsChangeOnEdit?: boolean;
  readonly midnightSplit?: boolean;
  readonly overtimeSplit?: boolean;
  readonly deadToken?: boolean;
}

const WAGE = '31.25';

/** The payroll export: `GET /?start=…&end=…` with `Key-Authorization`. A snapshot of entries that begin in the window. */
export function busyBusyExport(
  entries: readonly BusyBusyEntry[],
  request: Pick<FakeRequest, 'method' | 'query' | 'headers'>,
  key: string,
  switches: BusyBusySwitches = {},
): { readonly status: number; readonly body: Uint8Array } {
  const refuse = (status: number) => ({ status, body: new Uint8Array(0) });
  if (switches.deadToken || request.headers['key-authorization'] !== key) return refuse(401);
  const query = new URLSearchParams(request.query);
  const [start, end] = [query.get('start') ?? '', query.get('end') ?? ''];
  const stamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
  if (request.method !== 'GET' || !stamp.test(start) || !stamp.test(end)) return refuse(400);
  const inside = entries.filter((one) => `${one.date} ${one.start}:00` >= start && `${one.date} ${one.start}:00` <= end);
  const rows = inside.flatMap((entry) => rowsOf(entry, switches));
  return { status: 200, body: writeFile(BUSYBUSY, rows, switches) };
}

/** The rows of one entry: split at midnight, then into regular and overtime hours, as pay goes. */
export function rowsOf(
  entry: BusyBusyEntry,
  { idsChangeOnEdit = true, midnightSplit = true, overtimeSplit = true }: BusyBusySwitches,
): FileRow[] {
  const id = hashText(idsChangeOnEdit ? JSON.stringify(entry) : JSON.stringify([entry.employeeId, entry.date, entry.start]));
  const overnight = entry.end < entry.start;
  const parts =
    overnight && midnightSplit
      ? [
          { ...entry, end: '24:00' },
          { ...entry, date: addDays(entry.date, 1), start: '00:00', breakMinutes: 0 },
        ]
      : [entry];
  // Overtime is what came last.
  return parts.flatMap((part, at) =>
    paid(part, at === parts.length - 1 && overtimeSplit ? entry.overtimeHours : 0, id.slice(0, 12)),
  );
}

function paid(part: BusyBusyEntry, overtimeHours: number, id: string): FileRow[] {
  const total = minutesOf(part.end) - minutesOf(part.start) + (part.end < part.start ? 1_440 : 0);
  const overtime = Math.min(total - part.breakMinutes, overtimeHours * 60);
  const turn = minutesOf(part.start) + total - overtime;
  const regular = row(
    part,
    id,
    'Regular',
    part.start,
    overtime > 0 ? clockOf(turn) : part.end,
    total - overtime - part.breakMinutes,
    part.breakMinutes,
  );
  return overtime > 0 ? [regular, row(part, id, 'Overtime', clockOf(turn), part.end, overtime, 0)] : [regular];
}

function row(
  { employeeId, date, project, subProject, costCode, description }: BusyBusyEntry,
  id: string,
  wageType: string,
  start: string,
  end: string,
  minutes: number,
  breakMinutes: number,
): FileRow {
  return {
    Id: id,
    CreatedBy: 'Office Example',
    EmployeeId: employeeId,
    FirstName: 'First',
    LastName: 'Last',
    Date: date,
    Start: start,
    // The last row of a day ends with the day's last second.
    End: end === '24:00' ? '23:59:59' : end,
    Hours: hoursOf(minutes),
    BreakHours: hoursOf(breakMinutes),
    Wage: WAGE,
    WageType: wageType,
    ProjectNumber: project[0],
    Project: project[1],
    SubProject1Number: subProject[0],
    SubProject1Name: subProject[1],
    CostCode: costCode,
    Description: description,
  };
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

function clockOf(minutes: number): string {
  const inDay = minutes % 1_440;
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
}

/** Minutes as hours with two decimals, as the export rounds them. */
function hoursOf(minutes: number): string {
  const hundredths = Math.floor((minutes * 100 + 30) / 60);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
