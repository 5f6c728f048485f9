import { beforeTimeImport } from '#mirror/import-scope.ts';
import { refuseRow } from '#mirror/read-fields.ts';
import { dateOfStart, readSpan, type Span } from '#mirror/read-span.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { timesheetRow } from '../wire.ts';
import type { MapContext } from './context.ts';
import { type Place, placeOf } from './place.ts';
import { mapRow, readDay, readFlag, readName, readRef, readStampOf, readWholeSeconds } from './read.ts';

type Row = (typeof timesheetRow)['_zod']['output'];

/**
 * Timesheets → time_entry, or drive_time where the jobcode is mapped to driving (M-38). Both share one identity space, since a corrected
 * jobcode turns one into the other. Correcting the jobcode keeps the id and moves the entry to another job.
 */
export function mapTimesheet(raw: unknown, context: MapContext): MappedRow {
  return mapRow(timesheetRow, raw, (row, sourceId) => {
    const { zone } = context;
    const span = spanOf(row, zone);
    const workDate = readDay(row.date, 'date') ?? dateOfStart(span.start, zone, 'date');
    const jobcodeId = readRef(row.jobcode_id, 'jobcode_id');
    const place = jobcodeId === null ? NOWHERE : placeOf(context.joins.nodes, jobcodeId, context.settings);
    const target = targetOf(place, jobcodeId);
    const category = categoryOf(place, jobcodeId, context);
    const skip = beforeTimeImport(context, workDate);
    const common = {
      space: 'time',
      sourceId,
      sourceUpdatedAt: readStampOf(row.last_modified),
      sourceCreatedAt: null,
      sourceStatus: null,
      ...(skip === undefined ? {} : { skip }),
      ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
    } as const;
    const time = {
      workerId: readRef(row.user_id, 'user_id') ?? refuseRow('required_field_missing', 'user_id', null),
      start: span.start,
      end: span.end,
      workDate,
      zone,
      durationSeconds: span.durationSeconds,
      open: span.open,
    };
    if (category === 'drive') {
      const fields = { ...time, ...target, routeId: null, basis: 'jobcode' } as const;
      return { kind: 'record', also: [], record: { entity: 'drive_time', ...common, fields } };
    }
    const fields = {
      ...time,
      // Shop, leave and breaks are no job's.
      ...(category === 'work' ? target : NO_TARGET),
      category,
      breakSeconds: 0,
      warranty: false,
      sourceOvertimeSeconds: null,
      // Approval stands on the person, up to a date, not on the entry.
      approvedAtSource: null,
      lockedAtSource: isLocked(row),
    };
    return { kind: 'record', also: [], record: { entity: 'time_entry', ...common, fields } };
  });
}

/**
 * Rows of the list of deleted timesheets: tombstones (M-102 c). A row that could not be mapped any more still says which timesheet is
 * gone.
 */
export function mapDeletedTimesheet(raw: unknown, context: MapContext): MappedRow {
  const mapped = mapTimesheet(raw, context);
  if (mapped.kind === 'record') {
    const { skip: _skip, warnings: _warnings, ...record } = mapped.record;
    return { ...mapped, record: { ...record, tombstone: 'feed' } };
  }
  const { sourceId } = mapped.rejected;
  if (sourceId === null) return mapped;
  const updated =
    typeof raw === 'object' && raw !== null && 'last_modified' in raw && typeof raw.last_modified === 'string'
      ? readStampOf(raw.last_modified)
      : null;
  return {
    kind: 'record',
    also: [],
    record: {
      entity: 'time_entry',
      space: 'time',
      sourceId,
      sourceUpdatedAt: updated,
      sourceCreatedAt: null,
      sourceStatus: null,
      tombstone: 'feed',
      fields: { ...GONE, zone: context.zone },
    },
  };
}

const NO_TARGET = { jobId: null, milestoneId: null } as const;
const NOWHERE: Place = { role: 'client', clientId: null, jobId: null, milestoneId: null };

/** A timesheet of which nothing but its id is known. */
const GONE = {
  ...NO_TARGET,
  workerId: '0',
  start: null,
  end: null,
  workDate: '2000-01-01',
  durationSeconds: 0,
  open: false,
  category: 'work',
  breakSeconds: 0,
  warranty: false,
  sourceOvertimeSeconds: null,
  approvedAtSource: null,
  lockedAtSource: null,
} as const;

/**
 * Start, end and duration (M-33, M-34). Of a manual entry only date and duration count, whatever stands in its times; of a running one
 * only the start, whatever stands in its duration.
 */
function spanOf(row: Row, zone: string): Span {
  const fields = { startField: 'start', endField: 'end', durationField: 'duration' };
  const running = readFlag(row.on_the_clock, 'on_the_clock') === true;
  if (readName(row.type, 'type') === 'manual') {
    const seconds = readWholeSeconds(row.duration, 'duration') ?? refuseRow('required_field_missing', 'duration', null);
    return readSpan({ ...fields }, zone, 0, seconds);
  }
  const start = readName(row.start, 'start');
  const end = running ? null : readName(row.end, 'end');
  if (start === null && running) return refuseRow('required_field_missing', 'start', null);
  // An entry without end is running, also where the flag is missing.
  const open = start !== null && end === null;
  return readSpan({ ...fields, start, end }, zone, 0, open ? null : readWholeSeconds(row.duration, 'duration'));
}

/** The job and milestone an entry counts on. What is not mirrored is named all the same: its marker says why the entry is outside. */
function targetOf(
  place: Place,
  jobcodeId: string | null,
): { readonly jobId: string | null; readonly milestoneId: string | null } {
  switch (place.role) {
    case 'unknown':
      return place.jobId === null ? { jobId: jobcodeId, milestoneId: null } : { jobId: place.jobId, milestoneId: jobcodeId };
    case 'ignore':
      return { jobId: jobcodeId, milestoneId: null };
    default:
      return { jobId: place.jobId, milestoneId: place.milestoneId };
  }
}

const CATEGORIES = ['work', 'drive', 'shop', 'leave', 'break_paid', 'break_unpaid'] as const;

function categoryOf(place: Place, jobcodeId: string | null, { settings }: MapContext): TimeCategory | 'drive' {
  const own = jobcodeId === null ? undefined : settings.jobcodeSettings?.[jobcodeId];
  const set = CATEGORIES.find((one) => one === own?.category);
  if (set !== undefined) return set;
  switch (place.role) {
    case 'leave':
    case 'break_paid':
    case 'break_unpaid':
    case 'drive':
      return place.role;
    case 'overhead':
      return 'shop';
    default:
      return own?.overhead === true ? 'shop' : 'work';
  }
}

function isLocked(row: Row): boolean | null {
  if (row.locked === null || row.locked === undefined || row.locked === '') return null;
  return String(row.locked) !== '0' && row.locked !== false;
}
