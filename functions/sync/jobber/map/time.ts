import { type ExactNumber, toScaled } from '#kernel/decimal.ts';
import { MAX_SECONDS } from '#kernel/money.ts';
import { beforeTimeImport, sameName } from '#mirror/import-scope.ts';
import { readInstant, readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import { dateOfStart, readSpan } from '#mirror/read-span.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { DRIVE_LABELS } from '../manifest.ts';
import { timeSheetEntryRow } from '../wire.ts';
import { type MapContext, mapNode, readRef, requireRef } from './context.ts';

/**
 * Time sheet entries → time_entry, or drive_time where the label is one of driving (M-38). Both share one identity space, since another
 * label turns one into the other. An entry still ticking counts nothing yet (M-34). Wages on the row are never asked for (M-25).
 */
export function mapTimeSheetEntry(raw: unknown, context: MapContext): MappedRow {
  return mapNode(timeSheetEntryRow, raw, (row, sourceId) => {
    const { zone } = context;
    const reported = readDuration(row.finalDuration);
    const ended = row.endAt !== null && row.endAt !== undefined && row.endAt !== '';
    // A running timer reports nothing yet; one that was stopped reports its seconds even where its end is not told.
    const ticking = row.ticking === true || (row.ticking !== false && !ended && (reported ?? 0) === 0);
    const clock = { startField: 'startAt', endField: 'endAt', durationField: 'finalDuration' };
    const times = ticking ? { start: row.startAt, end: null } : ended ? { start: row.startAt, end: row.endAt } : {};
    const span = readSpan({ ...clock, ...times }, zone, 0, ticking ? null : reported);
    const start = readInstant(row.startAt, 'startAt', zone);
    const workDate = dateOfStart(start, zone, 'startAt');
    const skip = beforeTimeImport(context, workDate);
    const time = {
      workerId: requireRef(row.user, 'user'),
      jobId: readRef(row.job, 'job'),
      milestoneId: readRef(row.visit, 'visit'),
      start,
      end: span.end,
      workDate,
      zone,
      durationSeconds: span.durationSeconds,
      open: span.open,
    };
    const common = {
      space: 'time',
      sourceId,
      sourceUpdatedAt: readStamp(row.updatedAt),
      sourceCreatedAt: readStamp(row.createdAt),
      sourceStatus: null,
      ...(skip === undefined ? {} : { skip }),
      ...(span.warnings.length === 0 ? {} : { warnings: span.warnings }),
    } as const;
    const kind = kindOf(readText(row.label, 'label'), time.jobId !== null || time.milestoneId !== null, context);
    if (kind === 'drive') {
      const drive = { ...time, routeId: null, basis: 'label' } as const;
      return { kind: 'record', also: [], record: { entity: 'drive_time', ...common, fields: drive } };
    }
    const work = {
      ...time,
      category: kind,
      breakSeconds: 0,
      warranty: false,
      sourceOvertimeSeconds: null,
      approvedAtSource: row.approved ?? null,
      // Who paid it at Jobber locked it there.
      lockedAtSource: readRef(row.paidBy, 'paidBy') !== null,
    };
    return { kind: 'record', also: [], record: { entity: 'time_entry', ...common, fields: work } };
  });
}

/** Whole seconds; null when nothing is reported. */
function readDuration(value: number | ExactNumber | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const seconds = toScaled(value, 0) ?? refuseRow('type_invalid', 'finalDuration', value);
  const outside = seconds < 0n || seconds > BigInt(MAX_SECONDS);
  return outside ? refuseRow('duration_out_of_range', 'finalDuration', value) : Number(seconds);
}

const CATEGORIES = ['work', 'shop', 'leave', 'break_paid', 'break_unpaid'] as const;

/** What the hours are by their label, as the tenant mapped it; without one general time, which hangs on no job, is shop time. */
function kindOf(label: string | null, onJob: boolean, { settings }: MapContext): TimeCategory | 'drive' {
  const { driveLabels = DRIVE_LABELS, payCodeMap = {} } = settings;
  if (label !== null) {
    const is = (name: string): boolean => sameName(name) === sameName(label);
    if (driveLabels.some(is)) return 'drive';
    const mapped = Object.entries(payCodeMap).find(([name]) => is(name))?.[1];
    if (mapped === 'drive') return 'drive';
    const category = CATEGORIES.find((known) => known === mapped);
    if (category !== undefined) return category;
  }
  return onJob ? 'work' : 'shop';
}
