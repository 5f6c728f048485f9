import type { Instant } from '#kernel/instant.ts';
import { sameName } from '#mirror/import-scope.ts';
import {
  readCents,
  readDate,
  readInstant,
  readNumberText,
  readSeconds,
  readStamp,
  readText,
  refuseRow,
} from '#mirror/read-fields.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { opportunityRow } from '../wire.ts';
import { mapBudget } from './budget.ts';
import { lookUpJoined, type MapContext, type ServiceLine, zoneOfBranch } from './context.ts';
import { mapRow, readId, refuseUnreadable } from './read.ts';
import { opportunityStatus, skipOf } from './status.ts';

/**
 * Opportunities → job, with its budget beside it. Drafts and canceled ones are marked to be skipped on first sight; a mirrored job that
 * becomes canceled is updated (M-45, M-46).
 */
export function mapOpportunity(raw: unknown, context: MapContext): MappedRow {
  return mapRow(opportunityRow, 'OpportunityID', raw, (row, sourceId) => {
    const text = (field: 'OpportunityStage' | 'OpportunityStatus' | 'OpportunityStatusName' | 'JobStatusName'): string | null =>
      readText(row[field], field);
    refuseUnreadable(context.joins.unreadable, 'OpportunityServices.OpportunityID', sourceId, true);
    const job = lookUpJoined(context, context.joins.jobs, 'Jobs.OpportunityID', sourceId);
    const systemStatus = lookUpJoined(context, context.joins.jobStatuses, 'JobStatuses.JobStatusID', job?.statusId ?? null);
    const complete = row.CompleteDate ?? job?.completeDate ?? null;
    const status =
      opportunityStatus(context, {
        stage: text('OpportunityStage'),
        status: text('OpportunityStatus'),
        statusName: text('OpportunityStatusName'),
        jobStatus: systemStatus ?? text('JobStatusName'),
        complete: complete !== null,
        canceled: (job?.cancelDate ?? null) !== null,
      }) ?? refuseRow('status_unmapped', 'OpportunityStage', row.OpportunityStage ?? row.OpportunityStatus);
    const branchId = readId(row.BranchID, 'BranchID');
    const instantOf = (value: string | null | undefined, field: string): Instant | null =>
      value ? readInstant(value, field, zoneOfBranch(context, branchId)) : null;
    const number = readNumberText(row.OpportunityNumber, 'OpportunityNumber');
    const completeDate = status === 'completed' ? readDate(complete, 'CompleteDate') : null;
    const lines = (context.joins.linesOf.get(sourceId) ?? []).filter((line) => !line.removed);
    const routeId = onlyOne(lines.flatMap((line) => line.routeIds));
    const masterId = readId(row.MasterOpportunityID, 'MasterOpportunityID');
    const type = readText(row.OpportunityType, 'OpportunityType');
    const contractPriceCents = readCents(row.WonDollars, 'WonDollars') ?? readCents(row.EstimatedDollars, 'EstimatedDollars');
    const skip = skipOf(
      context,
      status,
      [text('OpportunityStatusName'), text('OpportunityStage'), text('JobStatusName')],
      completeDate,
    );
    const record: MappedRecord<'job'> = {
      entity: 'job',
      space: 'job',
      sourceId,
      sourceUpdatedAt: readStamp(row.ModifiedDate),
      sourceCreatedAt: readStamp(row.CreatedDateTime),
      sourceStatus: text('JobStatusName') ?? text('OpportunityStatusName') ?? text('OpportunityStage'),
      ...(skip === undefined ? {} : { skip }),
      fields: {
        name: nameOf(readText(row.OpportunityName, 'OpportunityName'), number),
        number,
        clientId: readId(row.BillingCompanyID, 'BillingCompanyID'),
        propertyId: readId(row.PropertyID, 'PropertyID'),
        branchId,
        divisionId: readId(row.DivisionID, 'DivisionID'),
        routeId,
        managerId: readId(row.OperationsManagerContactID, 'OperationsManagerContactID'),
        crewLeadId: lookUpJoined(context, context.joins.routeLeads, 'Routes.RouteID', routeId),
        // An opportunity that names itself as its master is no change order.
        parentJobId: masterId === sourceId ? null : masterId,
        status: status === 'draft' ? 'pending' : status,
        recurring: type !== null && (context.settings.recurringTypes ?? []).some((name) => sameName(name) === sameName(type)),
        serviceType: serviceTypeOf(context, lines),
        invoiceType: readText(row.InvoiceType, 'InvoiceType'),
        startDate: readDate(row.StartDate, 'StartDate'),
        endDate: readDate(row.EndDate, 'EndDate'),
        completedAt: status === 'completed' ? instantOf(complete, 'CompleteDate') : null,
        canceledAt: status === 'canceled' ? instantOf(job?.cancelDate ?? row.LostDate, 'CancelDate') : null,
        contractPriceCents,
        customFields: {},
        sourceUrl: null,
      },
    };
    const budget = mapBudget(context, {
      list: 'Opportunities',
      sourceId,
      sourceUpdatedAt: record.sourceUpdatedAt,
      jobId: sourceId,
      milestoneId: null,
      budgetSeconds: readSeconds(row.EstimatedLaborHours, 'EstimatedLaborHours'),
      laborAmountCents: readCents(row.EstimatedLaborCost, 'EstimatedLaborCost'),
      contractPriceCents,
    });
    return { kind: 'record', record, also: [budget] };
  });
}

/** A name is required; an opportunity without one goes by its number. */
function nameOf(name: string | null, number: string | null): string {
  if (name !== null && name.trim() !== '') return name;
  return number === null ? refuseRow('required_field_missing', 'OpportunityName', name) : `Opportunity ${number}`;
}

/** The type name that all service lines share; none when they differ or one has no known type. */
function serviceTypeOf(context: MapContext, lines: readonly ServiceLine[]): string | null {
  const types = lines.map((line) => lookUpJoined(context, context.joins.serviceTypes, 'Services.ServiceID', line.serviceId));
  return types.includes(null) ? null : onlyOne(types.filter((type) => type !== null));
}

function onlyOne(values: readonly string[]): string | null {
  const distinct = new Set(values);
  return distinct.size === 1 ? [...distinct][0]! : null;
}
