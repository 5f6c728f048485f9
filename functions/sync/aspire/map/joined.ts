import type * as z from 'zod/mini';
import { ianaZone } from '#kernel/windows-zones.ts';
import {
  branchRow,
  contactRow,
  divisionRow,
  jobRow,
  jobStatusRow,
  opportunityRow,
  opportunityServiceRow,
  payCodeRow,
  routeRow,
  serviceRow,
  serviceTypeRow,
  userRow,
  visitRow,
  workTicketRow,
} from '../wire.ts';
import type { JobState, Joins, OpportunityBrief, Role, ServiceLine, Visit } from './context.ts';
import { readDate, readId, readInteger, readText, tryRead } from './read.ts';

/** Joins under construction: rows of other lists as they are read, kept for one login. */
export class JoinTable implements Joins {
  readonly branchZones = new Map<string, string | null>();
  readonly roles = new Map<string, readonly Role[]>();
  readonly lines = new Map<string, ServiceLine>();
  readonly linesOf = new Map<string, readonly ServiceLine[]>();
  readonly serviceTypes = new Map<string, string | null>();
  readonly jobs = new Map<string, JobState>();
  readonly jobStatuses = new Map<string, string>();
  readonly opportunities = new Map<string, OpportunityBrief>();
  readonly visits = new Map<string, readonly Visit[]>();
  readonly routeLeads = new Map<string, string | null>();
  readonly payCodes = new Map<string, string>();
  readonly overheadTickets = new Set<string>();
  readonly contactBranches = new Map<string, string | null>();
  readonly ticketStatuses = new Map<string, string>();
  readonly unreadable = new Set<string>();
  readonly overheadDivisions = new Set<string>();
  /** Ticket → its opportunity, to find the tickets of overhead divisions. */
  readonly jobOfTicket = new Map<string, string | null>();

  addBranches(rows: readonly unknown[]): void {
    this.#each(branchRow, rows, null, (row) => {
      const id = readId(row.BranchID, 'BranchID');
      const zoneName = readText(row.TimeZone, 'TimeZone');
      if (id !== null) this.branchZones.set(id, zoneName === null ? null : ianaZone(zoneName));
    });
  }

  addDivisions(rows: readonly unknown[]): void {
    this.#each(divisionRow, rows, null, (row) => {
      const id = readId(row.DivisionID, 'DivisionID');
      if (id !== null && row.Indirect === true) this.overheadDivisions.add(id);
    });
  }

  addRoutes(rows: readonly unknown[]): void {
    this.#each(routeRow, rows, null, (row) => {
      const id = readId(row.RouteID, 'RouteID');
      if (id !== null) this.routeLeads.set(id, readId(row.CrewLeaderContactID, 'CrewLeaderContactID'));
    });
  }

  addUsers(rows: readonly unknown[]): void {
    this.#each(userRow, rows, ['Users', 'UserID'], (row) => {
      const id = readId(row.UserID, 'UserID');
      if (id === null) return;
      const roles = (row.UserRoles ?? []).map((role) => ({
        id: readId(role.RoleID, 'RoleID') ?? '',
        name: readText(role.RoleName, 'RoleName') ?? '',
      }));
      this.roles.set(
        id,
        roles.filter((role) => role.name !== ''),
      );
    });
  }

  addPayCodes(rows: readonly unknown[]): void {
    this.#each(payCodeRow, rows, null, (row) => {
      const id = readId(row.PayCodeID, 'PayCodeID');
      const code = readText(row.PayCode, 'PayCode');
      if (id !== null && code !== null) this.payCodes.set(id, code);
    });
  }

  /** Services with the names of their types; `types` are rows of ServiceTypes, for services that carry only the type's id. */
  addServices(rows: readonly unknown[], types: readonly unknown[]): void {
    const names = new Map<string, string | null>();
    this.#each(serviceTypeRow, types, null, (row) => {
      const id = readId(row.ServiceTypeID, 'ServiceTypeID');
      if (id !== null) names.set(id, readText(row.ServiceTypeName, 'ServiceTypeName'));
    });
    this.#each(serviceRow, rows, null, (row) => {
      const id = readId(row.ServiceID, 'ServiceID');
      const typeId = readId(row.ServiceTypeID, 'ServiceTypeID');
      if (id === null) return;
      this.serviceTypes.set(
        id,
        readText(row.ServiceTypeName, 'ServiceTypeName') ?? (typeId === null ? null : (names.get(typeId) ?? null)),
      );
    });
  }

  addJobStatuses(rows: readonly unknown[]): void {
    this.#each(jobStatusRow, rows, null, (row) => {
      const id = readId(row.JobStatusID, 'JobStatusID');
      const name = readText(row.JobStatus, 'JobStatus');
      if (id !== null && name !== null) this.jobStatuses.set(id, name);
    });
  }

  addJobs(rows: readonly unknown[]): void {
    this.#each(jobRow, rows, ['Jobs', 'OpportunityID'], (row) => {
      const opportunityId = readId(row.OpportunityID, 'OpportunityID');
      if (opportunityId === null) return;
      readDate(row.CompleteDate, 'CompleteDate');
      readDate(row.CancelDate, 'CancelDate');
      this.jobs.set(opportunityId, {
        statusId: readId(row.JobStatusID, 'JobStatusID'),
        completeDate: row.CompleteDate || null,
        cancelDate: row.CancelDate || null,
      });
    });
  }

  /** Service lines; `whole` are the opportunities whose lines are all among the rows. */
  addLines(rows: readonly unknown[], whole: readonly string[]): void {
    const added = new Map<string, ServiceLine[]>();
    const read = (row: z.infer<typeof opportunityServiceRow>): void => {
      const id = readId(row.OpportunityServiceID, 'OpportunityServiceID');
      if (id === null) return;
      const opportunityId = readId(row.OpportunityID, 'OpportunityID');
      const routes = (row.OpportunityServiceRoutes ?? []).map((route) => readId(route.RouteID, 'OpportunityServiceRoutes'));
      const line: ServiceLine = {
        serviceId: readId(row.ServiceID, 'ServiceID'),
        opportunityId,
        name: readText(row.DisplayName, 'DisplayName'),
        invoiceType: readText(row.InvoiceType, 'InvoiceType'),
        routeIds: routes.filter((route) => route !== null),
        removed: readId(row.RemovedOpportunityRevisionID, 'RemovedOpportunityRevisionID') !== null,
      };
      this.lines.set(id, line);
      if (opportunityId !== null) added.set(opportunityId, [...(added.get(opportunityId) ?? []), line]);
    };
    this.#each(opportunityServiceRow, rows, ['OpportunityServices', 'OpportunityID', 'OpportunityServiceID'], read);
    for (const id of whole) this.linesOf.set(id, added.get(id) ?? []);
  }

  addOpportunities(rows: readonly unknown[]): void {
    this.#each(opportunityRow, rows, ['Opportunities', 'OpportunityID'], (row) => {
      const id = readId(row.OpportunityID, 'OpportunityID');
      if (id === null) return;
      this.opportunities.set(id, {
        name: readText(row.OpportunityName, 'OpportunityName'),
        propertyName: readText(row.PropertyName, 'PropertyName'),
        invoiceType: readText(row.InvoiceType, 'InvoiceType'),
        divisionId: readId(row.DivisionID, 'DivisionID'),
      });
    });
  }

  /** Visits; `whole` are the tickets whose visits are all among the rows. */
  addVisits(rows: readonly unknown[], whole: readonly string[]): void {
    const added = new Map<string, Visit[]>();
    this.#each(visitRow, rows, ['WorkTicketVisits', 'WorkTicketID'], (row) => {
      const ticketId = readId(row.WorkTicketID, 'WorkTicketID');
      if (ticketId === null) return;
      const visit = {
        date: readDate(row.ScheduledDate, 'ScheduledDate'),
        routeId: readId(row.RouteID, 'RouteID'),
        sequence: readInteger(row.SequenceNum, 'SequenceNum') ?? 0,
      };
      added.set(ticketId, [...(added.get(ticketId) ?? []), visit]);
    });
    for (const id of whole) this.visits.set(id, added.get(id) ?? []);
  }

  addTickets(rows: readonly unknown[]): void {
    this.#each(workTicketRow, rows, null, (row) => {
      const id = readId(row.WorkTicketID, 'WorkTicketID');
      const statusId = readId(row.WorkTicketStatusID, 'WorkTicketStatusID');
      const status = readText(row.WorkTicketStatus, 'WorkTicketStatus');
      if (statusId !== null && status !== null) this.ticketStatuses.set(statusId, status);
      if (id !== null) this.jobOfTicket.set(id, readId(row.OpportunityID, 'OpportunityID'));
    });
  }

  addContacts(rows: readonly unknown[]): void {
    this.#each(contactRow, rows, null, (row) => {
      const id = readId(row.ContactID, 'ContactID');
      if (id !== null) this.contactBranches.set(id, readId(row.BranchID, 'BranchID'));
    });
  }

  /** Marks the tickets of opportunities in overhead divisions (M-57). */
  markOverheadTickets(ticketIds: readonly string[]): void {
    for (const ticketId of ticketIds) {
      const divisionId = this.opportunities.get(this.jobOfTicket.get(ticketId) ?? '')?.divisionId ?? null;
      if (divisionId !== null && this.overheadDivisions.has(divisionId)) this.overheadTickets.add(ticketId);
    }
  }

  /** Reads each row; of one that cannot be read, what it belongs to is noted: `owner` names the list and the fields that say so. */
  #each<T>(
    schema: z.ZodMiniType<T>,
    rows: readonly unknown[],
    owner: readonly [string, ...string[]] | null,
    read: (row: T) => void,
  ): void {
    for (const raw of rows) {
      const parsed = schema.safeParse(raw);
      if ((parsed.success && tryRead(() => read(parsed.data))) || owner === null || typeof raw !== 'object' || raw === null)
        continue;
      const [list, ...fields] = owner;
      for (const field of fields) {
        const id: unknown = Object.hasOwn(raw, field) ? (raw as Record<string, unknown>)[field] : null;
        if (typeof id === 'number') this.unreadable.add(`${list}.${field}/${id}`);
      }
    }
  }
}
