import { beforeTimeImport } from '#mirror/import-scope.ts';
import { readSeconds, refuseRow } from '#mirror/read-fields.ts';
import { dateOfStart, readSpan } from '#mirror/read-span.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { clockTimeRow } from '../wire.ts';
import { lookUpJoined, type MapContext, zoneOfBranch } from './context.ts';
import { mapRow, requireId } from './read.ts';

/**
 * ClockTimes → time_entry of category shift: a whole clock-in span, which never adds to job hours (M-37). The row names no branch, so
 * its zone is that of the worker's branch.
 */
export function mapClockTime(raw: unknown, context: MapContext): MappedRow {
  return mapRow(clockTimeRow, 'ClockTimeID', raw, (row, sourceId) => {
    const workerId = requireId(row.ContactID, 'ContactID');
    const zone = zoneOfBranch(context, lookUpJoined(context, context.joins.contactBranches, 'Contacts.ContactID', workerId));
    const breakSeconds = readSeconds(row.BreakTime, 'BreakTime') ?? 0;
    if (row.ClockStart == null || row.ClockStart === '') return refuseRow('required_field_missing', 'ClockStart', null);
    const span = readSpan(
      { start: row.ClockStart, end: row.ClockEnd, startField: 'ClockStart', endField: 'ClockEnd', durationField: 'ClockEnd' },
      zone,
      breakSeconds,
      null,
    );
    const workDate = dateOfStart(span.start, zone, 'ClockStart');
    const skip = beforeTimeImport(context, workDate);
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'time_entry',
        space: 'shift',
        sourceId,
        sourceUpdatedAt: null,
        sourceCreatedAt: null,
        sourceStatus: null,
        ...(skip === undefined ? {} : { skip }),
        ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
        fields: {
          workerId,
          jobId: null,
          milestoneId: null,
          category: 'shift',
          start: span.start,
          end: span.end,
          workDate,
          zone,
          durationSeconds: span.durationSeconds,
          breakSeconds,
          open: span.open,
          warranty: false,
          sourceOvertimeSeconds: null,
          approvedAtSource: row.AcceptedDateTime != null && row.AcceptedDateTime !== '',
          lockedAtSource: null,
        },
      },
    };
  });
}
