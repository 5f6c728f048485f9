import type { LocalDate } from '#kernel/instant.ts';
import { sameName } from '#mirror/import-scope.ts';
import {
  readCents,
  readDate,
  readInstant,
  readInteger,
  readNumberText,
  readPercentBp,
  readSeconds,
  readStamp,
  readText,
  refuseRow,
} from '#mirror/read-fields.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { workTicketRow } from '../wire.ts';
import { mapBudget } from './budget.ts';
import { lookUpJoined, type MapContext, type OpportunityBrief, type ServiceLine, type Visit, zoneOfBranch } from './context.ts';
import { mapRow, readId, refuseUnreadable } from './read.ts';
import { skipOf, ticketStatus } from './status.ts';

const TIME_AND_MATERIALS = 'time and materials';

/**
 * WorkTickets → milestone, with its budget beside it. Date and route come from the ticket's visits, service and invoice type from its
 * service line (M-57); a completed ticket waits for review (M-32).
 */
export function mapWorkTicket(raw: unknown, context: MapContext): MappedRow {
  return mapRow(workTicketRow, 'WorkTicketID', raw, (row, sourceId) => {
    const { joins } = context;
    const lineId = readId(row.OpportunityServiceID, 'OpportunityServiceID');
    refuseUnreadable(joins.unreadable, 'WorkTicketVisits.WorkTicketID', sourceId, true);
    const line = lookUpJoined(context, joins.lines, 'OpportunityServices.OpportunityServiceID', lineId);
    const jobId =
      readId(row.OpportunityID, 'OpportunityID') ??
      line?.opportunityId ??
      refuseRow('required_field_missing', 'OpportunityID', null);
    const job = lookUpJoined(context, joins.opportunities, 'Opportunities.OpportunityID', jobId);
    const system = readText(row.WorkTicketStatus, 'WorkTicketStatus');
    const display = readText(row.WorkTicketStatusName, 'WorkTicketStatusName');
    const statusId = readId(row.WorkTicketStatusID, 'WorkTicketStatusID');
    // A ticket without system name lives on what other tickets teach, and one that cannot be read might have taught it.
    if (system === null && statusId !== null && !joins.ticketStatuses.has(statusId))
      refuseUnreadable(joins.unreadable, 'WorkTickets.WorkTicketStatusID', statusId, false);
    const status =
      ticketStatus(context, { statusId, system, display }) ?? refuseRow('status_unmapped', 'WorkTicketStatus', system ?? display);
    const branchId = readId(row.BranchID, 'BranchID');
    const completed = status === 'completed' ? (row.CompleteDate ?? null) : null;
    const visit = decidingVisit(joins.visits.get(sourceId) ?? [], context.today);
    const number = readNumberText(row.WorkTicketNumber, 'WorkTicketNumber');
    const invoiceType = line?.invoiceType ?? job?.invoiceType ?? null;
    const skip = skipOf(context, status, [system, display], readDate(completed, 'CompleteDate'));
    const record: MappedRecord<'milestone'> = {
      entity: 'milestone',
      space: 'milestone',
      sourceId,
      sourceUpdatedAt: readStamp(row.LastModifiedDateTime),
      sourceCreatedAt: readStamp(row.CreatedDateTime),
      sourceStatus: display ?? system,
      ...(skip === undefined ? {} : { skip }),
      fields: {
        jobId,
        name: nameOf(line, job, number ?? sourceId),
        number,
        kind: 'ticket',
        status: status === 'draft' ? 'pending' : status,
        review: status === 'completed' ? 'pending_review' : 'none',
        sequence: readInteger(row.Occur, 'Occur'),
        scheduledDate:
          visit?.date ?? readDate(row.ScheduledStartDate, 'ScheduledStartDate') ?? readDate(row.AnticStartDate, 'AnticStartDate'),
        scheduledStart: null,
        scheduledEnd: null,
        completedAt: completed ? readInstant(completed, 'CompleteDate', zoneOfBranch(context, branchId)) : null,
        routeId: visit?.routeId ?? null,
        crewLeadId:
          readId(row.CrewLeaderContactID, 'CrewLeaderContactID') ??
          lookUpJoined(context, joins.routeLeads, 'Routes.RouteID', visit?.routeId ?? null),
        assignedIds: [],
        serviceType: lookUpJoined(context, joins.serviceTypes, 'Services.ServiceID', line?.serviceId ?? null),
        invoiceType,
        percentBp: readPercentBp(row.PercentComplete, 'PercentComplete'),
        timeAndMaterials: invoiceType !== null && sameName(invoiceType) === TIME_AND_MATERIALS,
      },
    };
    const budget = mapBudget(context, {
      list: 'WorkTickets',
      sourceId,
      sourceUpdatedAt: record.sourceUpdatedAt,
      jobId,
      milestoneId: sourceId,
      budgetSeconds: readSeconds(row.HoursEst, 'HoursEst'),
      laborAmountCents: readCents(row.HourCostEst, 'HourCostEst'),
      contractPriceCents: readCents(row.Price, 'Price'),
    });
    return { kind: 'record', record, also: [budget] };
  });
}

/** What people know a ticket by: the service and the place, else the job's name, else its number. */
function nameOf(line: ServiceLine | null, job: OpportunityBrief | null, number: string): string {
  const place = job?.propertyName ?? job?.name ?? null;
  const parts = [line?.name ?? null, place].filter((part) => part !== null && part.trim() !== '');
  return parts.length === 0 ? `Ticket ${number}` : parts.join(' – ');
}

/** The next visit on or after today, else the latest one (M-57); on one day the first in order. */
function decidingVisit(visits: readonly Visit[], today: LocalDate): Visit | undefined {
  const dated = visits.filter((visit) => visit.date !== null);
  const byOrder = (a: Visit, b: Visit): number => a.sequence - b.sequence || ((a.routeId ?? '') < (b.routeId ?? '') ? -1 : 1);
  const next = dated
    .filter((visit) => visit.date! >= today)
    .sort((a, b) => (a.date! < b.date! ? -1 : a.date! > b.date! ? 1 : byOrder(a, b)));
  const past = dated
    .filter((visit) => visit.date! < today)
    .sort((a, b) => (a.date! > b.date! ? -1 : a.date! < b.date! ? 1 : byOrder(a, b)));
  return next[0] ?? past[0] ?? visits.find((visit) => visit.date === null);
}
