import { AppError } from '#kernel/errors.ts';
import { parseInstant } from '#kernel/instant.ts';
import type { ConnectorSession, FetchRequest, OpenOptions, ReadRequest, SourcePage } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { type Answer, CursorLost, isObject } from './answer.ts';
import type { JobberClient } from './client.ts';
import type { MapContext } from './map/context.ts';
import { isNamed, usesCustomFields } from './map/custom-fields.ts';
import { mapAccount } from './map/organisation.ts';
import { byIdQuery, childrenQuery, fieldsOf, LISTS, type ListName, pageQuery, rowCostOf } from './queries.ts';
import { type Selection, STREAMS, type StreamPlan } from './streams.ts';

const NOTHING: SourcePage = { rows: [], parts: [], digestText: null, refetch: [], highWater: null, next: null, sourceTime: null };

/** Records asked for by id in one call: about the points of a page. */
const IDS_AT_ONCE = 50;
/** People assigned to one visit are read at most this often, 100 at a time. */
const MAX_ASSIGNED_PAGES = 100;

/** One leg's reading of one account: pages of lists, and records by their ids. */
export class JobberSession implements ConnectorSession {
  readonly account: { readonly id: string; readonly name: string | null };
  readonly #client: JobberClient;
  readonly #options: OpenOptions;
  /** Streams whose reading has begun again because its cursor was lost. */
  readonly #restarted = new Set<string>();
  /** By stream read newest first: the stamp of the last row. */
  readonly #lastStamps = new Map<string, string>();

  constructor(client: JobberClient, options: OpenOptions, account: JobberSession['account']) {
    this.#client = client;
    this.#options = options;
    this.account = account;
  }

  async readPage(request: ReadRequest): Promise<SourcePage> {
    if (request.stream === 'branches') return this.#pageOf([mapAccount(this.account)], null);
    const plan = planOf(request.stream);
    const selection = plan.select(request, this.#options.zone, this.#options.settings.timeImportFrom);
    const { answer, after } = await this.#page(request, plan.list, selection);
    const { nodes, next } = connectionOf(answer, plan.list);
    const done = this.#isPast(request.stream, nodes, selection, after === null);
    const rows = await this.#map(plan, nodes, answer, false, plan.list);
    const { window } = request;
    return this.#pageOf(window === null ? rows : rows.filter((row) => isInWindow(row, window)), done ? null : next);
  }

  async fetch(request: FetchRequest): Promise<SourcePage> {
    const plan = planOf(request.stream);
    // No list of Jobber's decides fields of another one's records, so that nothing is ever asked for by its parent.
    if (!('ids' in request)) throw new AppError('stream-without-parent', { detail: request.stream });
    const rows: MappedRow[] = [];
    for (let from = 0; from < request.ids.length; from += IDS_AT_ONCE)
      rows.push(...(await this.#byId(plan, request.ids.slice(from, from + IDS_AT_ONCE))));
    return this.#pageOf(rows, null);
  }

  /** No list names the fields, so jobs are looked through, the newest first, until every one of them was met. */
  async missingFields(used: readonly string[]): Promise<readonly string[]> {
    let missing = used;
    let after: string | null = null;
    do {
      const answer: Answer = await this.#client.ask({
        kind: 'custom fields',
        text: pageQuery('jobs', fieldsOf('jobs', true)),
        roots: ['jobs'],
        variables: (first) => ({ first, after, filter: null, sort: [{ key: 'UPDATED_AT', direction: 'DESCENDING' }] }),
        first: LISTS.jobs.first,
        rowCost: rowCostOf('jobs', true),
      });
      const { nodes, next } = connectionOf(answer, 'jobs');
      missing = missing.filter((name) => !nodes.some((node) => hasCustomField(node, name)));
      // Without a single job nobody can tell.
      if (nodes.length === 0 && after === null) return [];
      after = next;
    } while (after !== null && missing.length > 0);
    return missing;
  }

  /** One page; where the source has forgotten the cursor, the first one of the same reading, once. */
  async #page(
    { stream, pageToken }: ReadRequest,
    list: ListName,
    { filter, sort }: Selection,
  ): Promise<{ readonly answer: Answer; readonly after: string | null }> {
    const custom = usesCustomFields(this.#options.settings);
    const ask = (after: string | null): Promise<Answer> =>
      this.#client.ask({
        kind: list,
        text: pageQuery(list, fieldsOf(list, custom)),
        roots: [list],
        variables: (first) => ({ first, after, filter, ...(sort === null ? {} : { sort }) }),
        first: LISTS[list].first,
        rowCost: rowCostOf(list, custom),
      });
    try {
      return { answer: await ask(pageToken), after: pageToken };
    } catch (error) {
      if (!(error instanceof CursorLost)) throw error;
      if (pageToken === null || this.#restarted.has(stream))
        throw new SourceError('bad_response', `${list}: the source does not know its own cursor`);
      this.#restarted.add(stream);
      return { answer: await ask(null), after: null };
    }
  }

  /**
   * Whether a reading that goes newest first has come past its end. A row that is newer than the one before it means that the order cannot
   * be trusted to tell where to stop, which fails the stream (M-88).
   */
  #isPast(stream: string, nodes: readonly unknown[], { newestFirst }: Selection, first: boolean): boolean {
    if (newestFirst === undefined) return false;
    if (first) this.#lastStamps.delete(stream);
    for (const node of nodes) {
      const value = isObject(node) ? node[newestFirst.stamp] : null;
      const stamp = typeof value === 'string' ? parseInstant(value) : null;
      if (stamp === null) continue;
      const before = this.#lastStamps.get(stream);
      if (before !== undefined && stamp > before)
        throw new SourceError('bad_response', `${stream}: rows do not come in the order that was asked for`);
      this.#lastStamps.set(stream, stamp);
    }
    const last = this.#lastStamps.get(stream);
    return last !== undefined && last < newestFirst.downTo;
  }

  async #byId(plan: StreamPlan, ids: readonly string[]): Promise<readonly MappedRow[]> {
    const custom = usesCustomFields(this.#options.settings);
    const { list } = plan;
    const variables = Object.fromEntries(ids.map((id, at) => [`i${at}`, id]));
    const answer = await this.#client.ask({
      kind: `${list} by id ${ids.length}`,
      text: byIdQuery(list, fieldsOf(list, custom), ids.length),
      roots: [],
      variables: () => variables,
      first: 1,
      rowCost: ids.length * rowCostOf(list, custom),
    });
    // A record that is not there is answered by nothing.
    const nodes = ids.map((_id, at) => answer.data[`n${at}`]).filter((node) => node !== null && node !== undefined);
    return this.#map(plan, nodes, answer, true, null);
  }

  async #map(
    plan: StreamPlan,
    nodes: readonly unknown[],
    answer: Answer,
    byId: boolean,
    list: ListName | null,
  ): Promise<readonly MappedRow[]> {
    const { settings, zone } = this.#options;
    const context: MapContext = { settings, zone, accountId: this.account.id, byId };
    const rows: MappedRow[] = [];
    for (const [at, node] of nodes.entries()) {
      const broken = list === null ? undefined : brokenField(answer, list, at);
      const whole = plan.list === 'visits' ? await this.#withAllAssigned(node) : node;
      rows.push(broken === undefined ? plan.map(whole, context) : rejected(node, broken));
    }
    return rows;
  }

  /** A visit whose people did not all come along, with all of them. */
  async #withAllAssigned(node: unknown): Promise<unknown> {
    if (!isObject(node) || typeof node.id !== 'string' || !isObject(node.assignedUsers)) return node;
    if (!isObject(node.assignedUsers.pageInfo) || node.assignedUsers.pageInfo.hasNextPage !== true) return node;
    const all: unknown[] = [];
    let after: string | null = null;
    for (let page = 0; page < MAX_ASSIGNED_PAGES; page += 1) {
      const variables = { id: node.id, after };
      const answer: Answer = await this.#client.ask({
        kind: 'assigned',
        text: childrenQuery('visits', 'assignedUsers', 'id'),
        roots: [LISTS.visits.one],
        variables: (first) => ({ ...variables, first }),
        first: 100,
        rowCost: 1,
      });
      const visit = answer.data[LISTS.visits.one];
      const { nodes, next } = connectionOf({ data: isObject(visit) ? visit : {} }, 'assignedUsers');
      all.push(...nodes);
      if (next === null) return { ...node, assignedUsers: { nodes: all } };
      after = next;
    }
    throw new SourceError('paging_loop', 'the people of a visit never come to an end');
  }

  #pageOf(rows: readonly MappedRow[], next: string | null): SourcePage {
    return { ...NOTHING, rows, next, sourceTime: this.#client.sourceTime };
  }
}

function planOf(stream: string): StreamPlan {
  const plan = Object.hasOwn(STREAMS, stream) ? STREAMS[stream] : undefined;
  if (plan === undefined) throw new AppError('unknown-stream', { detail: stream });
  return plan;
}

/** The rows of a connection, and the cursor to go on from: what the source says of more rows counts, never how many came (M-87). */
function connectionOf(
  { data }: Pick<Answer, 'data'>,
  name: string,
): { readonly nodes: readonly unknown[]; readonly next: string | null } {
  const connection = data[name];
  const pageInfo = isObject(connection) ? connection.pageInfo : null;
  if (!isObject(connection) || !Array.isArray(connection.nodes) || !isObject(pageInfo))
    throw new SourceError('bad_response', `${name}: the answer is no list`);
  if (pageInfo.hasNextPage !== true) return { nodes: connection.nodes, next: null };
  if (typeof pageInfo.endCursor !== 'string' || pageInfo.endCursor === '')
    throw new SourceError('bad_response', `${name}: more rows are said to follow, but not where`);
  return { nodes: connection.nodes, next: pageInfo.endCursor };
}

/** The field of a row that could not be read at the source; undefined when the row is whole. */
function brokenField({ broken }: Answer, list: ListName, at: number): string | undefined {
  const path = broken.find((one) => one[0] === list && one[2] === at);
  return path === undefined ? undefined : String(path[3]);
}

/** Whether a raw job has a custom field, with or without a value. */
function hasCustomField(node: unknown, name: string): boolean {
  const fields = isObject(node) && Array.isArray(node.customFields) ? node.customFields.filter(isObject) : [];
  return fields.some(({ id, label }) => isNamed({ id: String(id), label: typeof label === 'string' ? label : null }, name));
}

/** A row of which a part is missing is set aside, never stored as if the part were empty (M-90). */
function rejected(node: unknown, field: string): MappedRow {
  const sourceId = isObject(node) && typeof node.id === 'string' ? node.id : null;
  return { kind: 'rejected', rejected: { sourceId, reason: 'row_invalid', field, value: null } };
}

/** Whether a row belongs to a window of days; one that could not be mapped does, since nobody knows better. */
function isInWindow(row: MappedRow, window: { readonly from: string; readonly to: string }): boolean {
  if (row.kind === 'rejected' || !('workDate' in row.record.fields)) return true;
  const { workDate } = row.record.fields;
  return workDate >= window.from && workDate <= window.to;
}
