import { ianaZone } from '#kernel/windows-zones.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';

/** A worker of a crew, and the fields every new entry of theirs has. */
export type CrewWorker = { readonly contactId: unknown; readonly template: Row };

/** A route with the people who clock on it. */
export type Crew = {
  readonly routeId: number;
  readonly leaderId: unknown;
  /** IANA zone of the crew's branch. */
  readonly zone: string;
  readonly workers: readonly CrewWorker[];
  /** Entries on the route that have no end yet, also of people who are no longer active. */
  readonly open: readonly Row[];
};

/** Fields of an entry that belong to that one entry and are never carried into a new one. */
const OWN_FIELDS = [
  'EndTime',
  'Hours',
  'BurdenedCost',
  'AcceptedDateTime',
  'AcceptedUserID',
  'AcceptedUserName',
  'ApprovedDateTime',
  'ApprovedUserID',
  'ApprovedUserName',
  'ExportedDateTime',
  'ExportedUserID',
  'ExportedUserName',
  'LastModifiedByUserID',
  'LastModifiedByUserName',
  'InvoiceID',
  'InvoiceNumber',
];

/** A ticket is filled up to this many tenths of its estimate before the crew goes to another one. */
const FULL_TENTHS = 12;

/** The crews of a tenant: active routes on which active people have clocked regular time. */
export function crewsOf(data: TenantData): Crew[] {
  const rows = (name: string): Row[] => data.rows(data.entity(name) as EntitySpec);
  const active = new Set(
    rows('Contacts')
      .filter((contact) => contact.Active === true)
      .map((contact) => contact.ContactID),
  );
  const times = rows('WorkTicketTimes');
  const zones = new Map(rows('Branches').map((branch) => [branch.BranchID, branch.TimeZone]));
  return rows('Routes')
    .filter((route) => route.Active === true)
    .map((route): Crew => {
      const own = times.filter((row) => row.RouteID === route.RouteID);
      // New entries are plain work, not drive time.
      const regular = own.filter((row) => row.PayCodeName === 'Regular' && active.has(row.ContactID));
      const last = new Map<unknown, Row>(regular.map((row) => [row.ContactID, row]));
      const zoneName = zones.get(route.BranchID);
      return {
        routeId: Number(route.RouteID),
        leaderId: route.CrewLeaderContactID,
        zone: (typeof zoneName === 'string' ? ianaZone(zoneName) : null) ?? data.dataset._about.timeZone,
        workers: [...last].map(([contactId, row]) => ({ contactId, template: templateOf(row) })),
        open: own.filter((row) => row.EndTime === null),
      };
    })
    .filter((crew) => crew.workers.length > 0);
}

function templateOf(row: Row): Row {
  const cleared = Object.fromEntries(OWN_FIELDS.map((field) => [field, null]));
  return { ...row, ...cleared, OTHours: 0, WarrantyTime: false, DistributedTime: false, BreakTime: 0, HasBreakTime: false };
}

/**
 * The ticket a crew works on: a scheduled one of a won job in process, begun before those still ahead, and not yet well over its
 * estimate. Once all are, the one least over it. Null when the crew has none.
 */
export function chooseTicket(data: TenantData, crew: Crew, localNow: string): Row | null {
  const rows = (name: string): Row[] => data.rows(data.entity(name) as EntitySpec);
  const jobs = new Set(
    rows('Opportunities')
      .filter((job) => job.JobStatusName === 'In Process')
      .map((job) => job.OpportunityID),
  );
  const tickets = rows('WorkTickets').filter(
    (ticket) =>
      ticket.WorkTicketStatusName === 'Scheduled' &&
      ticket.CrewLeaderContactID === crew.leaderId &&
      jobs.has(ticket.OpportunityID),
  );
  const share = (ticket: Row): number => (Number(ticket.HoursAct ?? 0) * 10) / Math.max(Number(ticket.HoursEst ?? 0), 1);
  const ahead = (ticket: Row): boolean => String(ticket.ScheduledStartDate ?? '') > localNow;
  const order = (a: Row, b: Row): number =>
    Number(share(a) >= FULL_TENTHS) - Number(share(b) >= FULL_TENTHS) ||
    Number(ahead(a)) - Number(ahead(b)) ||
    (share(a) >= FULL_TENTHS ? share(a) - share(b) : Number(a.WorkTicketID) - Number(b.WorkTicketID));
  return tickets.sort(order)[0] ?? null;
}
