import type { Instant, LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { inBounds, readCents, readInstant, readNumberText, readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { jobRow } from '../wire.ts';
import { branchIdOf, type MapContext, mapNode, readRef } from './context.ts';
import { readCustomFields, type UsedFields } from './custom-fields.ts';
import { jobStatus, skipOf } from './status.ts';

/** Addresses of records are shown as links, so only those of the web are taken. */
const WEB_ADDRESS = /^https:\/\/[^\s]+$/;

/** Jobs → job, with its budget beside it (M-59, M-60). */
export function mapJob(raw: unknown, context: MapContext): MappedRow {
  return mapNode(jobRow, raw, (row, sourceId) => {
    const rawStatus = readText(row.jobStatus, 'jobStatus');
    const status = jobStatus(context, rawStatus);
    const number = readNumberText(row.jobNumber, 'jobNumber');
    const completedAt = status === 'completed' ? readInstant(row.completedAt, 'completedAt', context.zone) : null;
    const used = readCustomFields(context.settings, row.customFields ?? []);
    const contractPriceCents = readCents(row.total, 'total');
    const skip = skipOf(context, status, rawStatus, completedAt === null ? null : localDateOf(completedAt, context.zone));
    const sourceUrl = readText(row.jobberWebUri, 'jobberWebUri');
    const record: MappedRecord<'job'> = {
      entity: 'job',
      space: 'job',
      sourceId,
      sourceUpdatedAt: readStamp(row.updatedAt),
      sourceCreatedAt: readStamp(row.createdAt),
      sourceStatus: rawStatus,
      ...(skip === undefined ? {} : { skip }),
      fields: {
        name: nameOf(readText(row.title, 'title'), number),
        number,
        clientId: readRef(row.client, 'client'),
        propertyId: readRef(row.property, 'property'),
        branchId: branchIdOf(context),
        divisionId: null,
        routeId: null,
        managerId: null,
        crewLeadId: null,
        parentJobId: null,
        status: status === 'draft' ? 'pending' : status,
        recurring: recurringOf(readText(row.jobType, 'jobType')),
        serviceType: used.serviceType,
        invoiceType: readText(row.billingType, 'billingType'),
        startDate: localDay(readInstant(row.startAt, 'startAt', context.zone), 'startAt', context.zone),
        endDate: localDay(readInstant(row.endAt, 'endAt', context.zone), 'endAt', context.zone),
        completedAt,
        canceledAt: null,
        contractPriceCents,
        customFields: used.values,
        sourceUrl: sourceUrl !== null && WEB_ADDRESS.test(sourceUrl) ? sourceUrl : null,
      },
    };
    return { kind: 'record', record, also: [budgetOf(record, used, contractPriceCents)] };
  });
}

/** A name is required; a job without title goes by its number. */
function nameOf(title: string | null, number: string | null): string {
  if (title !== null && title.trim() !== '') return title;
  return number === null ? refuseRow('required_field_missing', 'title', title) : `Job ${number}`;
}

function recurringOf(type: string | null): boolean {
  if (type === null || type === 'ONE_OFF') return false;
  return type === 'RECURRING' ? true : refuseRow('enum_unknown', 'jobType', type);
}

/** The calendar day of an instant where the company works; Jobber ends days at their last minute, so it is the day people see. */
export function localDay(instant: Instant | null, field: string, zone: string): LocalDate | null {
  if (instant === null) return null;
  const day = localDateOf(instant, zone);
  return inBounds(day) ? day : refuseRow('value_out_of_range', field, instant);
}

/**
 * The budget that comes along with a job: what its custom fields say, and the price of which labour has a share by setting (M-50, M-60).
 * It is made even when there is no figure, so that one taken away at the source does not live on here.
 */
function budgetOf(job: MappedRecord<'job'>, used: UsedFields, contractPriceCents: number | null): MappedRecord<'budget_info'> {
  return {
    entity: 'budget_info',
    space: 'budget_info',
    sourceId: `job:${job.sourceId}`,
    sourceUpdatedAt: job.sourceUpdatedAt,
    sourceCreatedAt: null,
    sourceStatus: null,
    fields: {
      jobId: job.sourceId,
      milestoneId: null,
      ...NO_BUDGET,
      budgetSeconds: used.budgetSeconds,
      laborAmountCents: used.laborAmountCents,
      contractPriceCents,
      basis: used.budgetField === null ? 'Job.total' : `Job.customFields:${used.budgetField}`,
    },
  };
}
