import { canonicalJson } from '#kernel/canonical.ts';
import { AppError } from '#kernel/errors.ts';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { ConnectorSession, FetchRequest, OpenOptions, ReadRequest, SourcePage } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { Account } from './account.ts';
import { type ListName, type ListPage, MAX_STALE_PAGES, type Parameters, type QuickBooksTimeClient } from './client.ts';
import { idIn, jobcodesIn } from './joins.ts';
import { Lookups } from './lookups.ts';
import { accountBranch, mapFieldItem, mapGroup } from './map/branch.ts';
import { branchSource, type MapContext } from './map/context.ts';
import { readStampOf } from './map/read.ts';
import { inWindow, mapPage, planOf, type StreamPlan } from './streams.ts';

const NOTHING: SourcePage = { rows: [], parts: [], digestText: null, refetch: [], highWater: null, next: null, sourceTime: null };
/** Most ids of one call. */
const FETCH_IDS = 200;
/** A change may be stamped this long before it can be read (M-87). */
const OVERLAP_SECONDS = 600;
/** Pages of lists that several streams read, kept for the next of them. */
const KEPT_PAGES = 100;
const DELETED = 'deleted:';

/** One leg's reading of one account. */
export class QuickBooksTimeSession implements ConnectorSession {
  readonly account: ConnectorSession['account'];
  readonly #client: QuickBooksTimeClient;
  readonly #options: OpenOptions;
  readonly #account: Account;
  readonly #lookups: Lookups;
  #lastModified: Promise<ReadonlyMap<string, Instant | null>> | null = null;
  readonly #pages = new Map<string, ListPage>();
  /** Of each reading under way: rows seen, and pages in a row that showed none that was new. */
  readonly #readings = new Map<string, { readonly seen: Set<string>; stale: number }>();

  constructor(client: QuickBooksTimeClient, account: Account, options: OpenOptions) {
    this.#client = client;
    this.#options = options;
    this.#account = account;
    this.account = { id: account.id, name: account.name };
    this.#lookups = new Lookups(client, options.settings);
  }

  async readPage(request: ReadRequest): Promise<SourcePage> {
    const page = await this.#read(request);
    return { ...page, sourceTime: this.#client.sourceTime };
  }

  async fetch(request: FetchRequest): Promise<SourcePage> {
    if (!('ids' in request)) throw new AppError('stream-without-parent', { detail: request.stream });
    if (request.stream === 'branches') {
      const { rows } = await this.#branches();
      const wanted = new Set(request.ids);
      return { ...NOTHING, rows: rows.filter((row) => row.kind === 'record' && wanted.has(row.record.sourceId)) };
    }
    const plan = planOf(request.stream);
    const raw: unknown[] = [];
    for (let at = 0; at < request.ids.length; at += FETCH_IDS)
      raw.push(...(await this.#client.all(plan.list, { ids: request.ids.slice(at, at + FETCH_IDS).join(',') })));
    // Only what was asked for: a source that takes no notice of the ids would give everything.
    const wanted = new Set(request.ids);
    const asked = raw.filter((row) => wanted.has(idIn(row, 'id') ?? ''));
    return { ...NOTHING, rows: await this.#map(plan, asked, true), sourceTime: this.#client.sourceTime };
  }

  async missingFields(used: readonly string[]): Promise<readonly string[]> {
    const there = new Set((await this.#client.all('customfields')).map((row) => idIn(row, 'id')));
    return used.filter((field) => !there.has(field));
  }

  async #read(request: ReadRequest): Promise<SourcePage> {
    switch (request.stream) {
      case 'branches':
        return this.#branches();
      case 'projects':
        return this.#projects(request.since);
      case 'estimates':
        return { ...NOTHING, digestText: canonicalJson(await this.#lookups.estimateDigest()) };
      default:
        return this.#rows(request, planOf(request.stream));
    }
  }

  /** The branches: the derived one of the account, and those that the contractor keeps as groups or as items of a custom field. */
  async #branches(): Promise<SourcePage> {
    const from = branchSource(this.#options.settings);
    const context = this.#context(false);
    const rows: MappedRow[] = [accountBranch(context, this.#account.name ?? 'All')];
    if (from.kind === 'group') rows.push(...(await this.#client.all('groups')).map(mapGroup));
    if (from.kind === 'field') rows.push(...(await this.#lookups.fieldItems(from.id)).map(mapFieldItem));
    return { ...NOTHING, rows };
  }

  /** Changed projects: their jobcodes are to be read again. A full reading reads them anyway, so it only wants the highest stamp. */
  async #projects(since: Instant | null): Promise<SourcePage> {
    let highWater: Instant | null = null;
    const changed: unknown[] = [];
    for (const raw of await this.#lookups.projectRows()) {
      const value = typeof raw === 'object' && raw !== null && 'last_modified' in raw ? raw.last_modified : null;
      const stamp = typeof value === 'string' ? readStampOf(value) : null;
      if (stamp !== null && (highWater === null || stamp > highWater)) highWater = stamp;
      if (since !== null && stamp !== null && stamp >= since) changed.push(raw);
    }
    const ids = jobcodesIn(changed, 'jobcode_id');
    const refetch: FetchRequest[] = [];
    for (let at = 0; at < ids.length; at += FETCH_IDS) {
      const some = ids.slice(at, at + FETCH_IDS);
      refetch.push({ stream: 'jobs', ids: some }, { stream: 'milestones', ids: some });
    }
    return { ...NOTHING, refetch, highWater };
  }

  /** A page of a list of rows; deleted timesheets follow the timesheets of the same reading, so that they are applied last. */
  async #rows(request: ReadRequest, plan: StreamPlan): Promise<SourcePage> {
    const { stream, pageToken, since, window } = request;
    if (plan.onlyWithClients && !this.#options.settings.jobcodeLevels?.startsWith('client')) return NOTHING;
    const deleted = pageToken?.startsWith(DELETED) ?? false;
    const list = deleted ? plan.deletedList! : plan.list;
    const after = (next: string | null): string | null => next ?? (deleted || !plan.deletedList ? null : `${DELETED}0`);
    if (since !== null && (await this.#isUntouched(list, request))) return { ...NOTHING, next: after(null) };
    const offset = Number((pageToken ?? '0').replace(DELETED, ''));
    if (!Number.isSafeInteger(offset) || offset < 0) throw new AppError('invalid-page-token', { detail: stream });
    const page = await this.#page(
      list,
      plan.parameters({ since, window, settings: this.#options.settings }),
      offset,
      plan.shared,
    );
    const { fresh, unsettled } = this.#fresh(`${stream} ${list}`, page.rows, offset);
    const mapped = deleted
      ? plan.mapDeleted!(fresh, await this.#joined(plan, fresh, false))
      : await this.#map(plan, fresh, false);
    const next = page.next === null ? null : `${deleted ? DELETED : ''}${page.next}`;
    return { ...NOTHING, rows: mapped.filter((row) => window === null || inWindow(row, window)), next: after(next), unsettled };
  }

  /**
   * Whether nothing of a list can have changed since it was last read: its latest change lies further back than the start of that reading
   * less the overlap. One call tells it for all lists.
   */
  async #isUntouched(list: ListName, { knownUpTo }: ReadRequest): Promise<boolean> {
    if (knownUpTo === null || knownUpTo === undefined) return false;
    this.#lastModified ??= this.#client.lastModified(['users', 'jobcodes', 'timesheets', 'timesheets_deleted']);
    const stamp = (await this.#lastModified).get(list) ?? null;
    return stamp !== null && stamp < addSeconds(knownUpTo, -OVERLAP_SECONDS);
  }

  async #page(list: ListName, parameters: Parameters, offset: number, shared: boolean): Promise<ListPage> {
    if (!shared) return this.#client.page(list, parameters, offset);
    const key = canonicalJson([list, parameters, offset]);
    const kept = this.#pages.get(key);
    if (kept !== undefined) return kept;
    const page = await this.#client.page(list, parameters, offset);
    if (this.#pages.size < KEPT_PAGES) this.#pages.set(key, page);
    return page;
  }

  /** The rows of a page that this reading has not shown yet, one without a readable id each time. Throws `paging_loop`. */
  #fresh(reading: string, rows: readonly unknown[], offset: number): { fresh: readonly unknown[]; unsettled: boolean } {
    const state = offset === 0 ? undefined : this.#readings.get(reading);
    const { seen, stale } = state ?? { seen: new Set<string>(), stale: 0 };
    // A row of an earlier page on this one has moved here, and another may have moved the other way.
    const unsettled = rows.some((row) => seen.has(idIn(row, 'id') ?? ''));
    const fresh = rows.filter((row) => {
      const id = idIn(row, 'id');
      if (id === null) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    const staleNow = fresh.length === 0 ? stale + 1 : 0;
    if (staleNow >= MAX_STALE_PAGES) throw new SourceError('paging_loop', `${reading}: the list does not come to an end`);
    this.#readings.set(reading, { seen, stale: staleNow });
    return { fresh, unsettled };
  }

  async #map(plan: StreamPlan, raw: readonly unknown[], byId: boolean): Promise<readonly MappedRow[]> {
    return mapPage(plan, raw, await this.#joined(plan, raw, byId));
  }

  async #joined(plan: StreamPlan, raw: readonly unknown[], byId: boolean): Promise<MapContext> {
    await plan.prepare?.(this.#lookups, raw);
    return this.#context(byId);
  }

  #context(byId: boolean): MapContext {
    const { settings, zone, currency } = this.#options;
    return { settings, zone, currency, byId, accountBranchId: `account:${this.#account.id}`, joins: this.#lookups.table };
  }
}
