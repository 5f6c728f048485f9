import type * as z from 'zod/mini';
import { ianaZone } from '#kernel/windows-zones.ts';
import { beforeTimeImport, sameName } from '#mirror/import-scope.ts';
import { readDate, readSeconds, readStamp, readText } from '#mirror/read-fields.ts';
import { dateOfStart, readSpan } from '#mirror/read-span.ts';
import type { DriveBasis, TimeCategory } from '#model/entities.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { workTicketTimeRow } from '../wire.ts';
import { isOverheadTicket, lookUpJoined, type MapContext, zoneOfBranch } from './context.ts';
import { mapRow, readId, requireId } from './read.ts';

type Row = z.infer<typeof workTicketTimeRow>;

/**
 * WorkTicketTimes → time_entry, or drive_time where the row is flagged as distributed or its pay code is mapped to driving (M-38). Both
 * share one identity space, since a corrected pay code turns one into the other. Wages on the row are never read (M-25).
 */
export function mapWorkTicketTime(raw: unknown, context: MapContext): MappedRow {
  return mapRow(workTicketTimeRow, 'WorkTicketTimeID', raw, (row, sourceId) => {
    const branchId = readId(row.BranchID, 'BranchID');
    const zoneName = readText(row.BranchTimeZone, 'BranchTimeZone');
    const zone = (zoneName === null ? null : ianaZone(zoneName)) ?? zoneOfBranch(context, branchId);
    const breakSeconds = readSeconds(row.BreakTime, 'BreakTime') ?? 0;
    const span = readSpan(
      { start: row.StartTime, end: row.EndTime, startField: 'StartTime', endField: 'EndTime', durationField: 'Hours' },
      zone,
      breakSeconds,
      readSeconds(row.Hours, 'Hours'),
    );
    const workDate = readDate(row.WorkTicketTimeDate, 'WorkTicketTimeDate') ?? dateOfStart(span.start, zone, 'StartTime');
    const milestoneId = readId(row.WorkTicketID, 'WorkTicketID');
    const kind = kindOf(row, milestoneId, context);
    const skip = beforeTimeImport(context, workDate);
    const common = {
      space: 'time',
      sourceId,
      sourceUpdatedAt: readStamp(row.LastModifiedDateTime),
      sourceCreatedAt: readStamp(row.CreatedDateTime),
      sourceStatus: null,
      ...(skip === undefined ? {} : { skip }),
      ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
    } as const;
    const time = {
      workerId: requireId(row.ContactID, 'ContactID'),
      // The row names its ticket only; the job is the ticket's.
      jobId: null,
      milestoneId,
      start: span.start,
      end: span.end,
      workDate,
      zone,
      durationSeconds: span.durationSeconds,
      open: span.open,
    };
    if (kind.drive) {
      const fields = { ...time, routeId: readId(row.RouteID, 'RouteID'), basis: kind.basis };
      return { kind: 'record', also: [], record: { entity: 'drive_time', ...common, fields } };
    }
    const fields = {
      ...time,
      category: kind.category,
      breakSeconds,
      warranty: row.WarrantyTime === true,
      sourceOvertimeSeconds: readSeconds(row.OTHours, 'OTHours'),
      approvedAtSource: present(row.ApprovedDateTime),
      lockedAtSource: present(row.ExportedDateTime),
    };
    return { kind: 'record', also: [], record: { entity: 'time_entry', ...common, fields } };
  });
}

type Kind = { readonly drive: true; readonly basis: DriveBasis } | { readonly drive: false; readonly category: TimeCategory };

const CATEGORIES = ['work', 'shop', 'leave', 'break_paid', 'break_unpaid'] as const;

/** What the hours are: the source's own drive flag, else the pay code map by id, code or name, else shop in an overhead division. */
function kindOf(row: Row, milestoneId: string | null, context: MapContext): Kind {
  if (row.DistributedTime === true) return { drive: true, basis: 'flag' };
  const payCodeId = readId(row.PayCodeID, 'PayCodeID');
  const payCodeName = readText(row.PayCodeName, 'PayCodeName');
  const payCode = lookUpJoined(context, context.joins.payCodes, 'PayCodes.PayCodeID', payCodeId);
  const mapped = mappedPayCode(context.settings.payCodeMap ?? NO_MAP, [payCodeId, payCodeName, payCode]);
  if (mapped === 'drive') return { drive: true, basis: 'pay_code' };
  const category = CATEGORIES.find((known) => known === mapped);
  if (category !== undefined) return { drive: false, category };
  return { drive: false, category: isOverheadTicket(context, milestoneId) ? 'shop' : 'work' };
}

type PayCodeMap = NonNullable<MapContext['settings']['payCodeMap']>;
const NO_MAP: PayCodeMap = {};

/** What the first entry of the map that has one of the names says. */
function mappedPayCode(map: PayCodeMap, names: readonly (string | null)[]): string | undefined {
  let entries = comparable.get(map);
  if (entries === undefined) {
    entries = Object.entries(map).map(([name, meaning]) => [sameName(name), meaning]);
    comparable.set(map, entries);
  }
  if (entries.length === 0) return undefined;
  const wanted = names.map((name) => (name === null ? null : sameName(name)));
  return entries.find(([name]) => wanted.includes(name))?.[1];
}

/** Entries of pay code maps in comparison form, which is the same for every row of a list. */
const comparable = new WeakMap<PayCodeMap, readonly (readonly [string, string])[]>();

function present(stamp: string | null | undefined): boolean {
  return stamp !== null && stamp !== undefined && stamp !== '';
}
