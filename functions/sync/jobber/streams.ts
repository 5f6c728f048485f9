import { addDays, addSeconds, type Instant, type LocalDate } from '#kernel/instant.ts';
import { localToInstant } from '#kernel/zone.ts';
import type { ReadRequest } from '#mirror/connector.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { mapClient, mapProperty } from './map/client.ts';
import type { MapContext } from './map/context.ts';
import { mapJob } from './map/job.ts';
import { mapVisit } from './map/milestone.ts';
import { mapTimeSheetEntry } from './map/time.ts';
import { mapUser } from './map/worker.ts';
import type { ListName } from './queries.ts';

/** What a reading asks its list for: which rows, in which order. */
export interface Selection {
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly sort: readonly { readonly key: string; readonly direction: 'ASCENDING' | 'DESCENDING' }[] | null;
  /** Rows come newest first by this stamp, and end at this instant: the list has no filter on it (M-40). */
  readonly newestFirst?: { readonly stamp: string; readonly downTo: Instant };
}

/** How one stream is read. */
export interface StreamPlan {
  readonly list: ListName;
  readonly map: (raw: unknown, context: MapContext) => MappedRow;
  readonly select: (request: ReadRequest, zone: string, importFrom: LocalDate) => Selection;
}

const ALL: Selection = { filter: null, sort: null };

/** By stream name of the manifest; the branch comes from the account. */
export const STREAMS: Readonly<Record<string, StreamPlan>> = {
  clients: {
    list: 'clients',
    map: mapClient,
    select: ({ since }) => (since === null ? ALL : { filter: { updatedAt: { after: since } }, sort: null }),
  },
  properties: { list: 'properties', map: mapProperty, select: () => ALL },
  users: {
    list: 'users',
    map: mapUser,
    // The filter knows two of the five states, so there is none: invited people are workers too.
    select: () => ({ filter: null, sort: [{ key: 'NAME', direction: 'ASCENDING' }] }),
  },
  jobs: {
    list: 'jobs',
    map: mapJob,
    select: ({ since }) =>
      since === null
        ? // An order that an edit does not change, so that nothing moves while everything is listed.
          { filter: null, sort: [{ key: 'JOB_NUMBER', direction: 'ASCENDING' }] }
        : {
            filter: null,
            sort: [{ key: 'UPDATED_AT', direction: 'DESCENDING' }],
            newestFirst: { stamp: 'updatedAt', downTo: since },
          },
  },
  visits: {
    list: 'visits',
    map: mapVisit,
    select: ({ window }, zone) => ({
      filter: window === null ? null : { startAt: daysIn(window, zone) },
      sort: [{ key: 'CREATED_AT', direction: 'ASCENDING' }],
    }),
  },
  time_sheet_entries: {
    list: 'timeSheetEntries',
    map: mapTimeSheetEntry,
    // The only order there is: the watermark moves when all pages were read.
    select: ({ since, window }, zone, importFrom) => ({
      filter:
        since === null
          ? { startAt: window === null ? { after: startOf(importFrom, zone) } : daysIn(window, zone) }
          : { updatedAt: { after: since } },
      sort: [{ key: 'START_AT', direction: 'ASCENDING' }],
    }),
  },
};

/** Local days as a range of instants, a second wider on either side: whether its ends belong to it is not documented. */
function daysIn({ from, to }: NonNullable<ReadRequest['window']>, zone: string): { after: Instant; before: Instant } {
  return { after: startOf(from, zone), before: localToInstant(`${addDays(to, 1)}T00:00:01`, zone) };
}

function startOf(day: LocalDate, zone: string): Instant {
  return addSeconds(localToInstant(`${day}T00:00:00`, zone), -1);
}
