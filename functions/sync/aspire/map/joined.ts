import type * as z from 'zod/mini';
import { ianaZone } from '#kernel/windows-zones.ts';
import { readDate, readInteger, readText, tryRead } from '#mirror/read-fields.ts';
import type { QuarantineReason } from '#model/mapped-record.ts';
import { idOf } from '../listing.ts';
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
import { ANY_ID, readId, refuseUnreadable } from './read.ts';

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
  readonly divisions = new Map<string, boolean>();
  overheadPossible = false;
  readonly jobOfTicket = new Map<string, string | null>();
  readonly contactBranches = new Map<string, string | null>();
  readonly ticketStatuses = new Map<string, string>();
  readonly unreadable = new Map<string, QuarantineReason>();

  addBranches(rows: readonly unknown[]): void {
    this.#each(branchRow, rows, ['Branches', 'BranchID'], (row) => {
      const id = readId(row.BranchID, 'BranchID');
      const zoneName = readText(row.TimeZone, 'TimeZone');
      if (id !== null) this.branchZones.set(id, zoneName === null ? null : ianaZone(zoneName));
    });
  }

  addDivisions(rows: readonly unknown[]): void {
    this.#each(divisionRow, rows, ['Divisions', 'DivisionID'], (row) => {
      const id = readId(row.DivisionID, 'DivisionID');
      if (id !== null) this.divisions.set(id, row.Indirect === true);
    });
    const unread = [...this.unreadable.keys()].some((key) => key.startsWith('Divisions.'));
    this.overheadPossible = unread || [...this.divisions.values()].includes(true);
  }

  addRoutes(rows: readonly unknown[]): void {
    this.#each(routeRow, rows, ['Routes', 'RouteID'], (row) => {
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
    this.#each(payCodeRow, rows, ['PayCodes', 'PayCodeID'], (row) => {
      const id = readId(row.PayCodeID, 'PayCodeID');
      const code = readText(row.PayCode, 'PayCode');
      if (id !== null && code !== null) this.payCodes.set(id, code);
    });
  }

  /** Services with the names of their types; `types` are rows of ServiceTypes, for services that carry only the type's id. */
  addServices(rows: readonly unknown[], types: readonly unknown[]): void {
    const names = new Map<string, string | null>();
    this.#each(serviceTypeRow, types, ['ServiceTypes', 'ServiceTypeID'], (row) => {
      const id = readId(row.ServiceTypeID, 'ServiceTypeID');
      if (id !== null) names.set(id, readText(row.ServiceTypeName, 'ServiceTypeName'));
    });
    this.#each(serviceRow, rows, ['Services', 'ServiceID'], (row) => {
      const id = readId(row.ServiceID, 'ServiceID');
      const typeId = readId(row.ServiceTypeID, 'ServiceTypeID');
      if (id === null) return;
      const name = readText(row.ServiceTypeName, 'ServiceTypeName');
      // A service without its type's name is as unreadable as that type.
      if (name === null && typeId !== null)
        refuseUnreadable(this.unreadable, 'ServiceTypes.ServiceTypeID', typeId, names.has(typeId));
      this.serviceTypes.set(id, name ?? (typeId === null ? null : (names.get(typeId) ?? null)));
    });
  }

  addJobStatuses(rows: readonly unknown[]): void {
    this.#each(jobStatusRow, rows, ['JobStatuses', 'JobStatusID'], (row) => {
      const id = readId(row.JobStatusID, 'JobStatusID');
      const name = readText(row.JobStatus, 'JobStatus');
      if (id !== null && name !== null) this.jobStatuses.set(id, name);
    });
  }

  /** Jobs; `whole` are the opportunities whose jobs are all among the rows. */
  addJobs(rows: readonly unknown[], whole: readonly string[]): void {
    const lost = this.#each(jobRow, rows, ['Jobs', 'OpportunityID'], (row) => {
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
    // An opportunity has one job: the lost one is of an opportunity without.
    const jobless = whole.filter((id) => !this.jobs.has(id));
    this.#tellOwners(lost, 'Jobs.OpportunityID', jobless);
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
    const lost = this.#each(opportunityServiceRow, rows, ['OpportunityServices', 'OpportunityID', 'OpportunityServiceID'], read);
    this.#tellOwners(lost, 'OpportunityServices.OpportunityID', whole);
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
    const lost = this.#each(visitRow, rows, ['WorkTicketVisits', 'WorkTicketID'], (row) => {
      const ticketId = readId(row.WorkTicketID, 'WorkTicketID');
      if (ticketId === null) return;
      const visit = {
        date: readDate(row.ScheduledDate, 'ScheduledDate'),
        routeId: readId(row.RouteID, 'RouteID'),
        sequence: readInteger(row.SequenceNum, 'SequenceNum') ?? 0,
      };
      added.set(ticketId, [...(added.get(ticketId) ?? []), visit]);
    });
    this.#tellOwners(lost, 'WorkTicketVisits.WorkTicketID', whole);
    for (const id of whole) this.visits.set(id, added.get(id) ?? []);
  }

  addTickets(rows: readonly unknown[]): void {
    this.#each(workTicketRow, rows, ['WorkTickets', 'WorkTicketID', 'WorkTicketStatusID'], (row) => {
      const id = readId(row.WorkTicketID, 'WorkTicketID');
      const statusId = readId(row.WorkTicketStatusID, 'WorkTicketStatusID');
      const status = readText(row.WorkTicketStatus, 'WorkTicketStatus');
      if (statusId !== null && status !== null) this.ticketStatuses.set(statusId, status);
      if (id !== null) this.jobOfTicket.set(id, readId(row.OpportunityID, 'OpportunityID'));
    });
  }

  addContacts(rows: readonly unknown[]): void {
    this.#each(contactRow, rows, ['Contacts', 'ContactID'], (row) => {
      const id = readId(row.ContactID, 'ContactID');
      if (id !== null) this.contactBranches.set(id, readId(row.BranchID, 'BranchID'));
    });
  }

  /**
   * Reads each row; of one that cannot be read, what it belongs to is noted: `owner` names the list and the fields that say so. Gives
   * the reason of the last row whose first such field cannot be read either, or null.
   */
  #each<T>(
    schema: z.ZodMiniType<T>,
    rows: readonly unknown[],
    owner: readonly [string, string, ...string[]],
    read: (row: T) => void,
  ): QuarantineReason | null {
    const [list, ...fields] = owner;
    let lost: QuarantineReason | null = null;
    for (const raw of rows) {
      const parsed = schema.safeParse(raw);
      const reason = parsed.success ? tryRead(() => read(parsed.data)) : 'type_invalid';
      if (reason === null) continue;
      for (const field of fields) this.unreadable.set(`${list}.${field}/${idOf(raw, field) ?? ANY_ID}`, reason);
      if (idOf(raw, fields[0]!) === null) lost = reason;
    }
    return lost;
  }

  /** A row that does not say whose it is may be of any owner whose rows were asked for, and of no other. */
  #tellOwners(lost: QuarantineReason | null, listField: string, owners: readonly string[]): void {
    this.unreadable.delete(`${listField}/${ANY_ID}`);
    if (lost !== null) for (const id of owners) this.unreadable.set(`${listField}/${id}`, lost);
  }
}
