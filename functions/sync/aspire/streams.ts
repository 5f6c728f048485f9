import type { MappedRow } from '#model/mapped-record.ts';
import type { JoinLoader } from './joins.ts';
import type { ListName } from './lists.ts';
import { mapCompany, mapProperty } from './map/client.ts';
import type { MapContext } from './map/context.ts';
import { mapOpportunity } from './map/job.ts';
import { mapTicketItem } from './map/material.ts';
import { mapWorkTicket } from './map/milestone.ts';
import { mapBranch, mapDivision, mapRoute } from './map/organisation.ts';
import { mapClockTime } from './map/shift.ts';
import { mapWorkTicketTime } from './map/time.ts';
import { mapPayRate } from './map/wage.ts';
import { mapContact } from './map/worker.ts';

/** How one stream is read: its list, the fields that select rows, what else a page needs, and its mapping. */
export interface StreamPlan {
  readonly list: ListName;
  /** Small and without stamps: read whole, and kept for the joins of this login. */
  readonly small?: true;
  /** Field of the modified stamp. */
  readonly stamp?: string;
  /** Field that date windows select on. */
  readonly date?: string;
  /** Field that names the parent, for reads by parent. */
  readonly parent?: string;
  readonly prepare?: (loader: JoinLoader, rows: readonly unknown[], contiguous: boolean, context: MapContext) => Promise<void>;
  readonly map: (raw: unknown, context: MapContext) => MappedRow;
}

/** By stream name of the manifest. */
export const STREAMS: Readonly<Record<string, StreamPlan>> = {
  branches: { list: 'Branches', small: true, map: mapBranch },
  divisions: { list: 'Divisions', small: true, map: mapDivision },
  routes: { list: 'Routes', small: true, map: mapRoute },
  companies: { list: 'Companies', stamp: 'ModifiedDateTime', map: mapCompany },
  properties: { list: 'Properties', stamp: 'ModifiedDate', map: mapProperty },
  contacts: {
    list: 'Contacts',
    stamp: 'ModifiedDate',
    prepare: (loader, rows, contiguous) => loader.forContacts(rows, contiguous),
    map: mapContact,
  },
  pay_rates: { list: 'PayRates', parent: 'ContactID', map: mapPayRate },
  opportunities: {
    list: 'Opportunities',
    stamp: 'ModifiedDate',
    prepare: (loader, rows, contiguous) => loader.forOpportunities(rows, contiguous),
    map: mapOpportunity,
  },
  work_tickets: {
    list: 'WorkTickets',
    stamp: 'LastModifiedDateTime',
    parent: 'OpportunityID',
    prepare: (loader, rows, contiguous) => loader.forTickets(rows, contiguous),
    map: mapWorkTicket,
  },
  work_ticket_items: { list: 'WorkTicketItems', parent: 'WorkTicketID', map: mapTicketItem },
  work_ticket_times: {
    list: 'WorkTicketTimes',
    stamp: 'LastModifiedDateTime',
    date: 'WorkTicketTimeDate',
    parent: 'WorkTicketID',
    prepare: (loader, rows, _contiguous, { settings }) =>
      loader.forTimes(rows, Object.keys(settings.payCodeMap ?? {}).length > 0),
    map: mapWorkTicketTime,
  },
  clock_times: {
    list: 'ClockTimes',
    date: 'ClockStart',
    parent: 'ContactID',
    prepare: (loader, rows, _contiguous, { zone }) => loader.forShifts(rows, zone),
    map: mapClockTime,
  },
};
