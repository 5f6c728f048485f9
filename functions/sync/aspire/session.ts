import { AppError } from '#kernel/errors.ts';
import { hashText } from '#kernel/hash.ts';
import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { ConnectorSession, FetchRequest, HandledRow, OpenOptions, ReadRequest, SourcePage } from '#mirror/connector.ts';
import { readStamp } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { highWaterOf, refetchOfLines, servicesDigest, usersDigest, visitParts } from './auxiliary.ts';
import type { AspireClient } from './client.ts';
import { inFilters, JoinLoader, type RowSource, rowSourceOf } from './joins.ts';
import { Listing } from './listing.ts';
import { LISTS, type ListName } from './lists.ts';
import type { MapContext } from './map/context.ts';
import { STREAMS, type StreamPlan } from './streams.ts';

const NOTHING: SourcePage = { rows: [], parts: [], digestText: null, refetch: [], highWater: null, next: null, sourceTime: null };

/** One login to one account: reads pages and rows by id, and keeps rows of other lists that the mapping needs. */
export class AspireSession implements ConnectorSession {
  readonly account: ConnectorSession['account'];
  readonly #client: AspireClient;
  readonly #options: OpenOptions;
  readonly #source: RowSource;
  readonly #loader: JoinLoader;
  /** Listings under way, by stream: what they have seen tells rows that moved and pages that repeat. */
  readonly #listings = new Map<string, Listing>();

  constructor(client: AspireClient, options: OpenOptions) {
    this.#client = client;
    this.#options = options;
    this.account = { id: client.accountId, name: null };
    this.#source = rowSourceOf((list, filter) => this.#listing(list, filter));
    this.#loader = new JoinLoader(this.#source, options.branchZones);
  }

  async readPage(request: ReadRequest): Promise<SourcePage> {
    const page = await this.#read(request);
    return { ...page, sourceTime: this.#client.sourceTime };
  }

  async fetch(request: FetchRequest): Promise<SourcePage> {
    const plan = planOf(request.stream);
    const context = this.#context('ids' in request);
    let raw: readonly unknown[] = [];
    if ('ids' in request) raw = await this.#source.byKey(plan.list, request.ids);
    else {
      if (plan.parent === undefined) throw new AppError('stream-without-parent', { detail: request.stream });
      for (const filter of inFilters(plan.parent, request.parentIds))
        raw = [...raw, ...(await this.#source.all(plan.list, filter))];
    }
    return { ...NOTHING, rows: await this.#map(plan, raw, false, context), sourceTime: this.#client.sourceTime };
  }

  async #read(request: ReadRequest): Promise<SourcePage> {
    const { stream, since, window } = request;
    if (stream === 'users') return { ...NOTHING, digestText: usersDigest(await this.#loader.whole('Users')) };
    if (stream === 'services') {
      const { services, types } = await this.#loader.services();
      return { ...NOTHING, digestText: servicesDigest(services, types) };
    }
    if (stream === 'opportunity_services') return this.#readLines(request);
    if (stream === 'work_ticket_visits') {
      const filter = window === null ? null : dayFilter('ScheduledDate', window.from, window.to);
      return this.#readOn(request, 'WorkTicketVisits', filter, async (rows) => ({ parts: visitParts(rows, window) }));
    }
    const plan = planOf(stream);
    const context = this.#context(false);
    if (plan.small) return { ...NOTHING, rows: await this.#map(plan, await this.#loader.whole(plan.list), false, context) };
    // Without any filter a page holds every row between its lowest and its highest id, and so do ranges of what belongs to them.
    const filter = filterOf(plan, since, window, this.#options.settings.timeImportFrom);
    return this.#readOn(request, plan.list, filter, async (rows) => {
      const digests = plan.stamp === undefined ? [] : rows.map(digestOf);
      // What the overlap brings again unchanged would only cost the reading of what is joined to it.
      const fresh = rows.filter((_row, at) => request.handled?.has(digests[at] ?? '') !== true);
      const mapped = await this.#map(plan, fresh, filter === null, context);
      const handled = handledRows(rows, digests, plan.stamp, mapped);
      return { rows: window === null ? mapped : mapped.filter((row) => inWindow(row, window)), handled };
    });
  }

  /** Changed service lines. On a full read only the highest stamp is wanted: everything is read anyway. */
  async #readLines(request: ReadRequest): Promise<SourcePage> {
    const field = 'LastModifiedDateTime';
    if (request.since === null) {
      const { rows } = await this.#client.page({
        list: 'OpportunityServices',
        filter: null,
        top: 1,
        orderBy: `${field} desc`,
      });
      return { ...NOTHING, highWater: highWaterOf(rows, field) };
    }
    return this.#readOn(request, 'OpportunityServices', `${field} ge ${request.since}`, async (rows) => ({
      refetch: refetchOfLines(rows),
      highWater: highWaterOf(rows, field),
    }));
  }

  /** The next page of a paged reading; the token is the number of rows received, so that another leg can go on. */
  async #readOn(
    request: ReadRequest,
    list: ListName,
    filter: string | null,
    use: (rows: readonly unknown[]) => Promise<Partial<SourcePage>>,
  ): Promise<SourcePage> {
    const skip = request.pageToken === null ? 0 : Number(request.pageToken);
    if (!Number.isSafeInteger(skip) || skip < 0) throw new AppError('invalid-page-token', { detail: request.stream });
    const kept = this.#listings.get(request.stream);
    // A page is asked for again after a failure in the middle of it: then the reading starts over from that page.
    const listing = kept !== undefined && skip > 0 && kept.skip === skip ? kept : new Listing(this.#client, list, filter, skip);
    this.#listings.set(request.stream, listing);
    const page = await listing.next();
    const used = page.last ? {} : await use(page.rows);
    if (page.last) this.#listings.delete(request.stream);
    return { ...NOTHING, ...used, next: page.last ? null : String(listing.skip) };
  }

  #listing(list: ListName, filter: string | null): Listing {
    return new Listing(this.#client, list, filter);
  }

  async #map(plan: StreamPlan, raw: readonly unknown[], contiguous: boolean, context: MapContext): Promise<readonly MappedRow[]> {
    await plan.prepare?.(this.#loader, raw, contiguous, context);
    return raw.map((row) => plan.map(row, context));
  }

  #context(byId: boolean): MapContext {
    const { settings, zone, currency, now } = this.#options;
    return { settings, zone, currency, today: localDateOf(now(), zone), byId, joins: this.#loader.table };
  }
}

function planOf(stream: string): StreamPlan {
  const plan = Object.hasOwn(STREAMS, stream) ? STREAMS[stream] : undefined;
  if (plan === undefined) throw new AppError('unknown-stream', { detail: stream });
  return plan;
}

/** A digest of a raw row: equal for a row that has not changed in any field. */
function digestOf(row: unknown): string {
  return hashText(JSON.stringify(row)).slice(0, 12);
}

function stampOf(row: unknown, field: string): string | null {
  const value = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : null;
  return typeof value === 'string' ? value : null;
}

/** The rows of a page that need not be read again while they stay as they are: all but those that could not be mapped. */
function handledRows(
  rows: readonly unknown[],
  digests: readonly string[],
  stamp: string | undefined,
  mapped: readonly MappedRow[],
): HandledRow[] {
  if (stamp === undefined || mapped.some(({ kind }) => kind === 'rejected')) return [];
  return rows.flatMap((row, at) => {
    const changedAt = readStamp(stampOf(row, stamp));
    return changedAt === null ? [] : [{ digest: digests[at]!, at: changedAt }];
  });
}

/** Which rows a reading asks for. Time is never read further back than the tenant's import date (M-78). */
function filterOf(plan: StreamPlan, since: Instant | null, window: ReadRequest['window'], importFrom: LocalDate): string | null {
  const filters: string[] = [];
  if (since !== null && plan.stamp !== undefined) filters.push(`${plan.stamp} ge ${since}`);
  if (window !== null && plan.date !== undefined) filters.push(dayFilter(plan.date, window.from, window.to));
  if (filters.length === 0 && plan.date !== undefined) filters.push(`${plan.date} ge ${addDays(importFrom, -1)}T00:00:00Z`);
  return filters.length === 0 ? null : filters.join(' and ');
}

/**
 * A filter on dates that carry no offset at the source. How the server compares them with the literal's zone is not documented, so it
 * reaches a day further on either side; what is too much is dropped here.
 */
function dayFilter(field: string, from: LocalDate, to: LocalDate): string {
  return `${field} ge ${addDays(from, -1)}T00:00:00Z and ${field} lt ${addDays(to, 2)}T00:00:00Z`;
}

/** Whether a row belongs to a date window; one that could not be mapped does, since nobody knows better. */
function inWindow(row: MappedRow, window: { readonly from: LocalDate; readonly to: LocalDate }): boolean {
  if (row.kind === 'rejected' || !('workDate' in row.record.fields)) return true;
  const { workDate } = row.record.fields;
  return workDate >= window.from && workDate <= window.to;
}

/** The lists a connection with these entities reads, for the check of its scopes. */
export function listsFor(entities: readonly string[]): ListName[] {
  const needed: Partial<Record<ListName, readonly string[]>> = {
    Branches: ['branch', 'job', 'milestone', 'time_entry', 'drive_time'],
    Divisions: ['division', 'time_entry', 'drive_time'],
    Routes: ['route', 'job', 'milestone'],
    Companies: ['client'],
    Properties: ['client'],
    Contacts: ['worker', 'time_entry'],
    Users: ['worker'],
    PayRates: ['wage_record'],
    PayCodes: ['time_entry', 'drive_time'],
    Services: ['job', 'milestone'],
    ServiceTypes: ['job', 'milestone'],
    Opportunities: ['job', 'milestone', 'budget_info'],
    Jobs: ['job'],
    JobStatuses: ['job'],
    WorkTicketItems: ['material_allocation'],
    OpportunityServices: ['job', 'milestone'],
    WorkTickets: ['milestone', 'budget_info', 'time_entry'],
    WorkTicketVisits: ['milestone'],
    WorkTicketTimes: ['time_entry', 'drive_time'],
    ClockTimes: ['time_entry'],
  };
  const lists = Object.keys(LISTS) as ListName[];
  return lists.filter((list) => needed[list]?.some((entity) => entities.includes(entity)));
}
