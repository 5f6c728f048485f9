import { AppError } from '#kernel/errors.ts';
import { addDays, type Instant } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { ConnectorSession, FetchRequest, OpenOptions, ReadRequest, SourcePage } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { ProcoreClient } from './client.ts';
import { idOf, Listing } from './listing.ts';
import { LISTS, type List, type TimecardPart } from './lists.ts';
import { isNotPermitted, Lookups } from './lookups.ts';
import { mapBudgetLines } from './map/budget-line.ts';
import { isEnabled, type MapContext, projectOfKey } from './map/context.ts';
import { companyBranch, mapCrew, mapDepartment, mapOffice, mapRegion } from './map/organisation.ts';
import { customFieldKey, mapProject, unpermittedProject } from './map/project.ts';
import { mapTimecard } from './map/timecard.ts';
import { mapPerson } from './map/worker.ts';
import { projectRow } from './wire.ts';

const NOTHING: SourcePage = { rows: [], parts: [], digestText: null, refetch: [], highWater: null, next: null, sourceTime: null };
/** Entries may be written for the days ahead, such as planned leave. */
const DAYS_AHEAD = 366;
/** Sorts behind every project. */
const PAST_ALL = '~';

type Page = { readonly rows: readonly MappedRow[]; readonly next: string | null };

/** One login to one company: reads pages and rows by id, and keeps rows of other lists that the mapping needs. */
export class ProcoreSession implements ConnectorSession {
  readonly account: ConnectorSession['account'];
  readonly #client: ProcoreClient;
  readonly #options: OpenOptions;
  readonly #lookups: Lookups;
  /** Listings under way: what they have seen tells rows that moved and pages that repeat. */
  readonly #listings = new Map<string, Listing>();

  constructor(client: ProcoreClient, options: OpenOptions, accountName: string | null) {
    this.#client = client;
    this.#options = options;
    this.#lookups = new Lookups(client, options.settings);
    this.account = { id: client.companyId, name: accountName };
  }

  async readPage(request: ReadRequest): Promise<SourcePage> {
    const page = await this.#read(request);
    return { ...NOTHING, ...page, sourceTime: this.#client.sourceTime };
  }

  async fetch(request: FetchRequest): Promise<SourcePage> {
    if (!('ids' in request)) throw new AppError('stream-without-parent', { detail: request.stream });
    const wanted = new Set(request.ids);
    const rows = (await this.#rowsById(request.stream, request.ids)).filter((row) => wanted.has(sourceIdOf(row) ?? ''));
    return { ...NOTHING, rows, sourceTime: this.#client.sourceTime };
  }

  #read(request: ReadRequest): Promise<Page> {
    switch (request.stream) {
      case 'branches':
        return this.#whole(this.#branches());
      case 'departments':
        return this.#whole(this.#departments());
      case 'crews':
        return this.#byProject(request, (projectId) => this.#crews(projectId));
      case 'people':
        return this.#people(request.pageToken);
      case 'projects':
        return this.#projects(request);
      case 'budget_lines':
        return this.#byProject(request, (projectId) => this.#budgetLines(projectId));
      case 'timecards':
        return this.#timecards(request);
      default:
        throw new AppError('unknown-stream', { detail: request.stream });
    }
  }

  /** A field stands on every project, with or without a value; without a project nobody can tell. */
  async missingFields(used: readonly string[]): Promise<readonly string[]> {
    const projects = await this.#lookups.list(LISTS.projects(this.#client.companyId, {}));
    const shown = new Set(projects.flatMap((row) => Object.keys(fieldOf(row, 'custom_fields') ?? {})));
    return projects.length === 0 ? [] : used.filter((field) => !shown.has(customFieldKey(field)));
  }

  async #rowsById(stream: string, ids: readonly string[]): Promise<readonly MappedRow[]> {
    const context = this.#context(true);
    switch (stream) {
      case 'branches':
        return this.#branches();
      case 'departments':
        return this.#departments();
      case 'people':
        return [...(await this.#persons(true)), ...(await this.#persons(false))];
      case 'projects': {
        const found = await this.#lookups.projectsById(ids);
        const hidden = ids.filter((id) => isEnabled(this.#options.settings, id) && !found.has(id));
        return [...(await this.#mapProjects([...found.values()], context)), ...hidden.map(unpermittedProject)];
      }
      case 'crews':
        return this.#ofProjects(ids, (projectId) => this.#crews(projectId));
      case 'budget_lines':
        return this.#ofProjects(ids, (projectId) => this.#budgetLines(projectId));
      case 'timecards': {
        const usable = ids.filter((id) => /^\d{1,20}$/.test(id));
        const rows: unknown[] = [];
        for (let from = 0; from < usable.length; from += 100)
          rows.push(...(await this.#lookups.list(this.#timeList({ ids: usable.slice(from, from + 100) }))));
        return this.#mapTimecards(rows, context);
      }
      default:
        throw new AppError('unknown-stream', { detail: stream });
    }
  }

  async #whole(rows: Promise<readonly MappedRow[]>): Promise<Page> {
    return { rows: await rows, next: null };
  }

  async #branches(): Promise<readonly MappedRow[]> {
    const { branchFrom } = this.#options.settings;
    const { companyId } = this.#client;
    const own = companyBranch(this.#context(false), this.account.name);
    if (branchFrom === 'office') return [own, ...(await this.#lookups.list(LISTS.offices(companyId))).map(mapOffice)];
    if (branchFrom === 'region') return [own, ...(await this.#lookups.list(LISTS.regions(companyId))).map(mapRegion)];
    return [own];
  }

  async #departments(): Promise<readonly MappedRow[]> {
    if (this.#options.settings.divisionFrom !== 'department') return [];
    return (await this.#lookups.list(LISTS.departments(this.#client.companyId))).map(mapDepartment);
  }

  async #crews(projectId: string): Promise<readonly MappedRow[]> {
    return (await this.#lookups.crews(projectId)).map((raw) => mapCrew(raw, projectId));
  }

  async #budgetLines(projectId: string): Promise<readonly MappedRow[]> {
    const rows = await this.#lookups.budgetLines(projectId);
    const project = (await this.#lookups.enabledProjects()).get(projectId);
    return mapBudgetLines(rows, projectId, await this.#lookups.statusOf(project));
  }

  /** The active people first, then the inactive ones: absence from the first list alone means nothing (M-69). */
  async #people(pageToken: string | null): Promise<Page> {
    if (pageToken === 'inactive') return { rows: await this.#persons(false), next: null };
    return { rows: await this.#persons(true), next: 'inactive' };
  }

  async #persons(active: boolean): Promise<readonly MappedRow[]> {
    const people = await this.#lookups.people();
    const activeRows = await this.#lookups.activePeople();
    if (active) return activeRows.map((raw) => mapPerson(raw, people, true));
    const known = new Set(activeRows.map(idOf));
    const gone = (await this.#lookups.inactivePeople()).filter((raw) => idOf(raw) === null || !known.has(idOf(raw)));
    return gone.map((raw) => mapPerson(raw, people, false));
  }

  /**
   * Project by project of those that are switched on and shown to us. The token is the project that is next and, behind a mark, the first
   * one whose list was not ours to see: what can be read is stored, then the stream fails, so that its listing proves no absence.
   */
  async #byProject(request: ReadRequest, read: (projectId: string) => Promise<readonly MappedRow[]>): Promise<Page> {
    const [from = '', refusedBefore] = (request.pageToken ?? '').split('!');
    const ids = [...(await this.#lookups.enabledProjects()).keys()].sort().filter((id) => id >= from);
    const [projectId, next] = ids;
    let refused = refusedBefore;
    if (projectId === undefined) {
      if (refused !== undefined) throw new SourceError('scope_missing', `not permitted on project ${refused}, perhaps on others`);
      return { rows: [], next: null };
    }
    let rows: readonly MappedRow[] = [];
    try {
      rows = await read(projectId);
    } catch (error) {
      if (!isNotPermitted(error)) throw error;
      refused ??= projectId;
    }
    if (refused === undefined) return { rows, next: next ?? null };
    return { rows, next: `${next ?? PAST_ALL}!${refused}` };
  }

  async #ofProjects(
    ids: readonly string[],
    read: (projectId: string) => Promise<readonly MappedRow[]>,
  ): Promise<readonly MappedRow[]> {
    const enabled = await this.#lookups.enabledProjects();
    const projects = new Set(ids.map(projectOfKey).filter((id) => id !== null && enabled.has(id)));
    const rows: MappedRow[] = [];
    for (const projectId of projects) rows.push(...(await read(projectId!)));
    return rows;
  }

  /** Changed projects, or all of them; then those that are switched on and shown to us no more (M-66). */
  async #projects(request: ReadRequest): Promise<Page> {
    if (request.pageToken === 'hidden') {
      const shown = await this.#lookups.enabledProjects();
      const hidden = (this.#options.settings.projectAllowList ?? []).filter((id) => !shown.has(id));
      return { rows: hidden.map(unpermittedProject), next: null };
    }
    const list = LISTS.projects(this.#client.companyId, request.since === null ? {} : { since: request.since });
    const part = await this.#part(request, list);
    return { rows: await this.#mapProjects(part.rows, this.#context(false)), next: part.next ?? 'hidden' };
  }

  async #mapProjects(rows: readonly unknown[], context: MapContext): Promise<readonly MappedRow[]> {
    if (rows.length === 0) return [];
    const stages = await this.#lookups.stages();
    const mapped: MappedRow[] = [];
    for (const raw of rows) {
      this.#requireOwn(raw);
      const id = idOf(raw);
      const joins = id !== null && isEnabled(context.settings, id) && context.settings.entities.includes('route');
      const { crew, permitted } = joins ? await this.#lookups.onlyCrew(id) : { crew: null, permitted: true };
      const row = mapProject(raw, context, stages, crew);
      mapped.push(permitted ? row : warned(row, 'crews_not_permitted'));
    }
    return mapped;
  }

  /** A project names its company: another one's ends the run before anything of it is kept (M-42). */
  #requireOwn(raw: unknown): void {
    const row = projectRow.safeParse(raw);
    const companyId = row.success && row.data.company ? idOf(row.data.company) : null;
    if (companyId !== null && companyId !== this.#client.companyId)
      throw new SourceError('account_mismatch', 'the source answers with the projects of another company');
  }

  /** Live entries, then deleted ones where the source lists them. */
  async #timecards(request: ReadRequest): Promise<Page> {
    const context = this.#context(false);
    const [phase, place] = (request.pageToken ?? 'live').split(':');
    if (phase === 'deleted') return this.#deletedTimecards(request, place ?? null, context);
    const range = request.window ?? {};
    const list = this.#timeList({ ...range, ...(request.since === null ? {} : { since: request.since }) });
    const part = await this.#part({ ...request, pageToken: place ?? null }, list);
    const rows = await this.#mapTimecards(part.rows, context);
    return { rows, next: part.next === null ? 'deleted' : `live:${part.next}` };
  }

  /** The feed of deletions. Some tenants refuse its filter and some ignore it: then absence from listings has to prove (M-102). */
  async #deletedTimecards(request: ReadRequest, place: string | null, context: MapContext): Promise<Page> {
    const since: Instant = request.since ?? `${request.window?.from ?? context.settings.timeImportFrom}T00:00:00.000Z`;
    const list = this.#timeList({ deletedSince: since });
    try {
      const part = await this.#part({ ...request, stream: 'timecards deleted', pageToken: place }, list);
      const deleted = part.rows.filter(isDeleted);
      const ignored = deleted.length < part.rows.length;
      const next = part.next === null || ignored ? null : `deleted:${part.next}`;
      return { rows: await this.#mapTimecards(deleted, context), next };
    } catch (error) {
      if (error instanceof SourceError && error.code === 'request_rejected') return { rows: [], next: null };
      throw error;
    }
  }

  #timeList(part: Partial<TimecardPart>): List {
    const { settings } = this.#options;
    const ahead = addDays(this.#context(false).today, DAYS_AHEAD);
    return LISTS.timecards(this.#client.companyId, { from: settings.timeImportFrom, to: ahead, ...part });
  }

  async #mapTimecards(rows: readonly unknown[], context: MapContext): Promise<readonly MappedRow[]> {
    const projects = new Set<string>();
    let needsPeople = false;
    for (const raw of rows) {
      const project = fieldOf(raw, 'project');
      const projectId = project === null ? null : idOf(project);
      if (projectId !== null && fieldOf(raw, 'cost_code') !== null && isEnabled(context.settings, projectId))
        projects.add(projectId);
      if (fieldOf(raw, 'party') === null) needsPeople = true;
    }
    await this.#lookups.knowLines(projects);
    const people = needsPeople ? await this.#lookups.people() : null;
    const joins = {
      linesOf: (projectId: string) => this.#lookups.linesOf(projectId),
      personOf: (loginId: string) => people?.personOf(loginId) ?? null,
    };
    return rows.map((raw) => mapTimecard(raw, context, joins));
  }

  /** The next page of a paged reading; a page is asked for again after a failure in the middle of it. */
  #part(request: ReadRequest, list: List): ReturnType<Listing['read']> {
    const { stream, pageToken } = request;
    const kept = this.#listings.get(stream);
    const goesOn = pageToken !== null && kept !== undefined && kept.at === pageToken;
    const listing = goesOn ? kept : new Listing(this.#client, list.path, list.query);
    this.#listings.set(stream, listing);
    return listing.read(pageToken);
  }

  #context(byId: boolean): MapContext {
    const { settings, zone, now } = this.#options;
    return { settings, companyId: this.#client.companyId, zone, today: localDateOf(now(), zone), byId };
  }
}

function sourceIdOf(row: MappedRow): string | null {
  return row.kind === 'record' ? row.record.sourceId : row.rejected.sourceId;
}

function warned(row: MappedRow, warning: string): MappedRow {
  if (row.kind === 'rejected') return row;
  return { ...row, record: { ...row.record, warnings: [...(row.record.warnings ?? []), warning] } };
}

function isDeleted(raw: unknown): boolean {
  const at = fieldOf(raw, 'deleted_at');
  return at !== null && at !== '';
}

/** A field of a raw row, null when absent: what only selects rows need not pass the schema. */
function fieldOf(raw: unknown, name: string): unknown {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, name)) return null;
  return (raw as Record<string, unknown>)[name] ?? null;
}
