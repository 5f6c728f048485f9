import { localDateOf } from '#kernel/zone.ts';
import { readInstant, readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { visitRow } from '../wire.ts';
import { type MapContext, mapNode, readId, requireRef } from './context.ts';
import { localDay } from './job.ts';
import { skipOf, visitStatus } from './status.ts';

/**
 * Visits → milestone (M-59, M-61). Without a start a visit is unscheduled; an all-day one has a day and no times. A completed one waits
 * for review (M-32). `duration` is a plan of the calendar, never a budget, and is not read.
 */
export function mapVisit(raw: unknown, context: MapContext): MappedRow {
  return mapNode(visitRow, raw, (row, sourceId) => {
    const { zone } = context;
    const rawStatus = readText(row.visitStatus, 'visitStatus');
    const status = visitStatus(context, rawStatus);
    const start = readInstant(row.startAt, 'startAt', zone);
    const end = readInstant(row.endAt, 'endAt', zone);
    if (start !== null && end !== null && end < start) return refuseRow('time_invalid', 'endAt', row.endAt);
    const completedAt = status === 'completed' ? readInstant(row.completedAt, 'completedAt', zone) : null;
    const timed = row.allDay !== true;
    const scheduledDate = localDay(start, 'startAt', zone);
    const title = readText(row.title, 'title');
    const skip = skipOf(context, status, rawStatus, completedAt === null ? null : localDateOf(completedAt, zone));
    const record: MappedRecord<'milestone'> = {
      entity: 'milestone',
      space: 'milestone',
      sourceId,
      sourceUpdatedAt: null,
      sourceCreatedAt: readStamp(row.createdAt),
      sourceStatus: rawStatus,
      ...(skip === undefined ? {} : { skip }),
      fields: {
        jobId: requireRef(row.job, 'job'),
        name: title !== null && title.trim() !== '' ? title : `Visit ${scheduledDate ?? 'without a date'}`,
        number: null,
        kind: 'visit',
        status: status === 'draft' ? 'pending' : status,
        review: status === 'completed' ? 'pending_review' : 'none',
        sequence: null,
        scheduledDate,
        scheduledStart: timed ? start : null,
        scheduledEnd: timed ? end : null,
        completedAt,
        routeId: null,
        crewLeadId: null,
        assignedIds: assignedOf(row.assignedUsers?.nodes ?? []),
        serviceType: null,
        invoiceType: null,
        percentBp: null,
        timeAndMaterials: false,
      },
    };
    return { kind: 'record', record, also: [] };
  });
}

/** The people assigned, in an order of their own, since the source promises none (M-92). */
function assignedOf(nodes: readonly { readonly id?: string | null | undefined }[]): string[] {
  const ids = nodes.map(({ id }) => readId(id, 'assignedUsers') ?? refuseRow('required_field_missing', 'assignedUsers', null));
  return [...new Set(ids)].sort();
}
