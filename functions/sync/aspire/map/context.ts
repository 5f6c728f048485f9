import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { refuseUnreadable, type Unreadable } from './read.ts';

/** What mapping one row may depend on besides the row: settings, the tenant's zone and currency, and rows of other lists. */
export interface MapContext {
  readonly settings: ConnectionSettings;
  /** Zone of local times whose row and branch name none. */
  readonly zone: string;
  readonly currency: string;
  /** Today in the tenant's zone: decides which visit of a ticket is the next. */
  readonly today: LocalDate;
  /** True for rows read by their own ids: an old record that something refers to is wanted (M-78). */
  readonly byId: boolean;
  readonly joins: Joins;
}

/** A service sold with an opportunity: one line of it. */
export interface ServiceLine {
  readonly serviceId: string | null;
  readonly opportunityId: string | null;
  readonly name: string | null;
  readonly invoiceType: string | null;
  readonly routeIds: readonly string[];
  /** Taken out again by a revision of the contract. */
  readonly removed: boolean;
}

export interface Visit {
  readonly date: LocalDate | null;
  readonly routeId: string | null;
  readonly sequence: number;
}

export interface JobState {
  readonly statusId: string | null;
  readonly completeDate: string | null;
  readonly cancelDate: string | null;
}

export interface OpportunityBrief {
  readonly name: string | null;
  readonly propertyName: string | null;
  readonly invoiceType: string | null;
  readonly divisionId: string | null;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

/** Rows of other lists that decide fields, by source id. A list that was not needed or holds no such row is simply without entry. */
export interface Joins {
  /** Branch → zone, null where the branch names none that is known. */
  readonly branchZones: ReadonlyMap<string, string | null>;
  /** Login → its roles. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  readonly lines: ReadonlyMap<string, ServiceLine>;
  /** Opportunity → its service lines. */
  readonly linesOf: ReadonlyMap<string, readonly ServiceLine[]>;
  /** Service → name of its type. */
  readonly serviceTypes: ReadonlyMap<string, string | null>;
  /** Opportunity → its job. */
  readonly jobs: ReadonlyMap<string, JobState>;
  /** Job status id → the system's own name of it, which tenants cannot rename. */
  readonly jobStatuses: ReadonlyMap<string, string>;
  readonly opportunities: ReadonlyMap<string, OpportunityBrief>;
  /** Ticket → its visits. */
  readonly visits: ReadonlyMap<string, readonly Visit[]>;
  /** Route → its crew leader. */
  readonly routeLeads: ReadonlyMap<string, string | null>;
  /** Pay code id → code. */
  readonly payCodes: ReadonlyMap<string, string>;
  /** Division → whether it is indirect. */
  readonly divisions: ReadonlyMap<string, boolean>;
  /** Whether any division is indirect, or may be, since its row cannot be read. */
  readonly overheadPossible: boolean;
  /** Ticket → its opportunity. */
  readonly jobOfTicket: ReadonlyMap<string, string | null>;
  /** Contact → branch, for lists that name no branch. */
  readonly contactBranches: ReadonlyMap<string, string | null>;
  /** Ticket status id → system name, as the rows of this read taught it. */
  readonly ticketStatuses: ReadonlyMap<string, string>;
  /** Rows that exist and cannot be read: what depends on one is quarantined (M-90). */
  readonly unreadable: Unreadable;
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** No joined rows at all. */
export const NO_JOINS: Joins = {
  branchZones: NONE,
  roles: NONE,
  lines: NONE,
  linesOf: NONE,
  serviceTypes: NONE,
  jobs: NONE,
  jobStatuses: NONE,
  opportunities: NONE,
  visits: NONE,
  routeLeads: NONE,
  payCodes: NONE,
  divisions: NONE,
  overheadPossible: false,
  jobOfTicket: NONE,
  contactBranches: NONE,
  ticketStatuses: NONE,
  unreadable: NONE,
};

/** The zone of a branch, else the tenant's (M-35). Refuses the row being mapped where the branch cannot be read (M-90). */
export function zoneOfBranch(context: MapContext, branchId: string | null): string {
  const { unreadable, branchZones } = context.joins;
  refuseUnreadable(unreadable, 'Branches.BranchID', branchId, branchId !== null && branchZones.has(branchId));
  return (branchId === null ? null : context.joins.branchZones.get(branchId)) ?? context.zone;
}

/** What a catalogue says of an id, null without one. Refuses the row being mapped where the catalogue's row cannot be read (M-90). */
export function lookUpJoined<T>(
  context: MapContext,
  catalogue: ReadonlyMap<string, T>,
  listField: `${string}.${string}`,
  id: string | null,
): T | null {
  if (id === null) return null;
  refuseUnreadable(context.joins.unreadable, listField, id, catalogue.has(id));
  return catalogue.get(id) ?? null;
}

/** Whether a ticket belongs to an opportunity of an indirect division (M-57), as far as those rows were fetched. */
export function isOverheadTicket(context: MapContext, ticketId: string | null): boolean {
  const { overheadPossible, jobOfTicket, opportunities, divisions } = context.joins;
  if (!overheadPossible) return false;
  const jobId = lookUpJoined(context, jobOfTicket, 'WorkTickets.WorkTicketID', ticketId);
  const job = lookUpJoined(context, opportunities, 'Opportunities.OpportunityID', jobId);
  return lookUpJoined(context, divisions, 'Divisions.DivisionID', job?.divisionId ?? null) === true;
}
