import type * as z from 'zod/mini';
import type { Instant } from '#kernel/instant.ts';
import { beforeTimeImport, sameName } from '#mirror/import-scope.ts';
import { readDate, readInstant, readSeconds, readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import { dateOfStart, readSpan, type Span } from '#mirror/read-span.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { PROVIDER_TIME_TYPES } from '../manifest.ts';
import { timecardRow } from '../wire.ts';
import { budgetLineId, crewKey, isEnabled, type MapContext } from './context.ts';
import { mapRow, readId, readMinutes, refId } from './read.ts';

type Row = z.infer<typeof timecardRow>;

/** Rows of other lists that decide where an entry belongs. */
export interface TimeJoins {
  /** Budget lines of an enabled project; null where they cannot be known now: then the entry names its line, and waits for it. */
  readonly linesOf: (projectId: string) => ReadonlySet<string> | null;
  /** The person behind a login, for entries that name no party. */
  readonly personOf: (loginId: string) => string | null;
}

const CATEGORIES = ['work', 'shop', 'leave', 'break_paid', 'break_unpaid'] as const;

/**
 * Timecard entries → time_entry, or drive_time where the time type is mapped to driving (M-38). `hours` counts, whatever the times say:
 * entries may have hours alone. A deleted row is its own proof (M-102 c).
 */
export function mapTimecard(raw: unknown, context: MapContext, joins: TimeJoins): MappedRow {
  return mapRow(timecardRow, raw, (row, sourceId) => {
    const { zone } = context;
    const deleted = row.deleted_at !== null && row.deleted_at !== undefined && row.deleted_at !== '';
    const breakSeconds = deleted ? 0 : (readMinutes(row.lunch_time, 'lunch_time') ?? 0);
    // What is gone need not have made sense.
    const span = deleted ? NO_SPAN : spanOf(row, zone, breakSeconds);
    const workDate = readDate(row.date, 'date') ?? dateOfStart(span.start, zone, 'time_in');
    const projectId = refId(row.project, 'project');
    const skip = beforeTimeImport(context, workDate);
    const deletedAt = readStamp(row.deleted_at);
    const updatedAt = readStamp(row.updated_at);
    const status = readText(row.approval_status, 'approval_status');
    const common = {
      space: 'time',
      sourceId,
      sourceUpdatedAt: deletedAt !== null && (updatedAt === null || deletedAt > updatedAt) ? deletedAt : updatedAt,
      sourceCreatedAt: readStamp(row.created_at),
      sourceStatus: status,
      ...(deleted ? { tombstone: 'feed' as const } : {}),
      ...(skip === undefined ? {} : { skip }),
      ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
    } as const;
    const time = {
      workerId: workerOf(row, joins),
      jobId: projectId,
      milestoneId: projectId === null ? null : lineOf(row, projectId, context, joins),
      start: span.start,
      end: span.end,
      workDate,
      zone,
      durationSeconds: span.durationSeconds,
      open: span.open,
    };
    const category = categoryOf(row, context);
    if (category === 'drive') {
      const crewId = refId(row.crew, 'crew');
      const routeId = projectId === null || crewId === null ? null : crewKey(projectId, crewId);
      const fields = { ...time, routeId, basis: 'time_type' as const };
      return { kind: 'record', also: [], record: { entity: 'drive_time', ...common, fields } };
    }
    const approval = status === null ? null : sameName(status);
    const fields = {
      ...time,
      category,
      breakSeconds,
      warranty: false,
      sourceOvertimeSeconds: null,
      approvedAtSource: approval !== null && Object.hasOwn(APPROVED, approval) ? APPROVED[approval]! : null,
      lockedAtSource: approval === 'completed' ? true : null,
    };
    return { kind: 'record', also: [], record: { entity: 'time_entry', ...common, fields } };
  });
}

const NO_SPAN: Span = { start: null, end: null, durationSeconds: 0, open: false, warnings: [] };

/** Words of approval that mean something here; the source has others, which stay with `sourceStatus`. */
const APPROVED: Readonly<Record<string, boolean>> = {
  approved: true,
  completed: true,
  reviewed: false,
  pending: false,
  rejected: false,
};

/** Times and duration (M-33, M-34). While an entry is running its hours mean nothing yet and may be empty. */
function spanOf(row: Row, zone: string, breakSeconds: number): Span {
  const start = readInstant(row.time_in, 'time_in', zone);
  if (row.in_progress === true) return { start, end: null, durationSeconds: 0, open: true, warnings: [] };
  const hours = row.hours === '' ? null : readSeconds(row.hours, 'hours');
  const ended = row.time_out !== null && row.time_out !== undefined && row.time_out !== '';
  // An entry that is finished and tells no end has hours alone: its start must not make it a running clock.
  const startText: Instant | null = ended || hours === null ? (row.time_in ?? null) : null;
  const clock = { start: startText, end: ended ? (row.time_out ?? null) : null };
  return readSpan({ ...clock, startField: 'time_in', endField: 'time_out', durationField: 'hours' }, zone, breakSeconds, hours);
}

/** The party, else the person behind the login that the entry names. */
function workerOf(row: Row, joins: TimeJoins): string {
  const partyId = refId(row.party, 'party');
  if (partyId !== null) return partyId;
  const loginId = refId(row.login_information, 'login_information');
  const personId = loginId === null ? null : joins.personOf(loginId);
  return personId ?? refuseRow(loginId === null ? 'required_field_missing' : 'unlinked_reference', 'party', loginId);
}

/** The budget line of the entry's cost code; a cost code without budget has none, and its time counts on the project alone. */
function lineOf(row: Row, projectId: string, context: MapContext, joins: TimeJoins): string | null {
  const costCodeId = refId(row.cost_code, 'cost_code');
  if (costCodeId === null || !isEnabled(context.settings, projectId)) return null;
  const categoryId = readId(row.line_item_type_id, 'line_item_type_id');
  const lines = joins.linesOf(projectId);
  const wanted = budgetLineId(projectId, costCodeId, categoryId);
  if (lines === null || lines.has(wanted)) return wanted;
  // A budget kept by cost code alone takes the time of all its categories.
  const whole = budgetLineId(projectId, costCodeId, null);
  return lines.has(whole) ? whole : null;
}

/** What the hours are: the connection's map of time types, else the provider's own, by id or name. */
function categoryOf(row: Row, context: MapContext): TimeCategory | 'drive' {
  const type = row.timecard_time_type;
  const names = [refId(type, 'timecard_time_type'), readText(type?.time_type, 'timecard_time_type')];
  const wanted = new Set(names.filter((name) => name !== null).map(sameName));
  const entries = Object.entries(context.settings.timeTypeMap ?? PROVIDER_TIME_TYPES);
  const mapped = entries.find(([name]) => wanted.has(sameName(name)))?.[1];
  return mapped === 'drive' ? 'drive' : (CATEGORIES.find((known) => known === mapped) ?? 'work');
}
