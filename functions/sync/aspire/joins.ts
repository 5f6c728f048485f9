import { ianaZone } from '#kernel/windows-zones.ts';
import { sameName } from '#mirror/import-scope.ts';
import type { ListPage } from './client.ts';
import { idOf, idsOf } from './listing.ts';
import { LISTS, type ListName } from './lists.ts';
import { JoinTable } from './map/joined.ts';

/** Where rows of other lists come from: the source, or a recorded data set. */
export interface RowSource {
  /** Every row of a list that passes the filter. */
  all(list: ListName, filter: string | null): Promise<readonly unknown[]>;
  /** The rows with these ids; may end as soon as every id was found. */
  byKey(list: ListName, ids: readonly string[]): Promise<readonly unknown[]>;
}

/** Most ids in one `in (…)`: longer ones make addresses that servers cut. */
export const MAX_IDS = 100;
/** From this many single look-ups on, reading the list whole is cheaper than asking for its rows. */
const WHOLE_FROM = 300;

/** System names of job statuses; another name has to be looked up, since tenants rename them. */
const JOB_STATUS_NAMES = new Set(['open', 'in process', 'in progress', 'complete', 'completed', 'canceled', 'cancelled']);

/**
 * Fetches what the mapping of a page needs from other lists, each row once per login (M-90: a failure here fails the page). Whole small
 * lists are kept; large ones are asked for by id, or by the id range of a page that holds every id of that range.
 */
export class JoinLoader {
  readonly table = new JoinTable();
  readonly #source: RowSource;
  readonly #whole = new Map<ListName, Promise<readonly unknown[]>>();
  readonly #asked = new Map<ListName, Set<string>>();

  /** `zones`: of the branches by id, where the caller knows them already. */
  constructor(source: RowSource, zones: Readonly<Record<string, string | null>> = {}) {
    this.#source = source;
    for (const [id, zone] of Object.entries(zones)) this.table.branchZones.set(id, zone);
  }

  /** A small list, read whole once per login. */
  whole(list: ListName): Promise<readonly unknown[]> {
    const known = this.#whole.get(list);
    if (known !== undefined) return known;
    const reading = this.#source.all(list, null);
    this.#whole.set(list, reading);
    // A failed reading is not an answer: the next one who asks tries again.
    reading.catch(() => this.#whole.delete(list));
    return reading;
  }

  /** Zones of the branches: those known from before, or the list. */
  async branches(): Promise<void> {
    if (this.table.branchZones.size === 0) this.table.addBranches(await this.whole('Branches'));
  }

  async routes(): Promise<void> {
    this.table.addRoutes(await this.whole('Routes'));
  }

  /** Services, and their types by id only where a service does not carry the name itself. */
  async services(): Promise<{ readonly services: readonly unknown[]; readonly types: readonly unknown[] }> {
    const services = await this.whole('Services');
    const bare = services.some((row) => idOf(row, 'ServiceTypeID') !== null && field(row, 'ServiceTypeName') === null);
    const types = bare ? await this.whole('ServiceTypes') : [];
    this.table.addServices(services, types);
    return { services, types };
  }

  /** `whole`: every contact is being read, so every login will be asked for in the end. */
  async forContacts(rows: readonly unknown[], whole: boolean): Promise<void> {
    this.table.addUsers(await (whole ? this.whole('Users') : this.#byKey('Users', idsOf(rows, 'UserID'))));
  }

  /** `contiguous`: the page holds every opportunity between its lowest and its highest id. */
  async forOpportunities(rows: readonly unknown[], contiguous: boolean): Promise<void> {
    const ids = idsOf(rows, 'OpportunityID');
    if (ids.length === 0) return;
    this.table.addLines(await this.#byParent('OpportunityServices', 'OpportunityID', ids, contiguous), ids);
    if (this.table.lines.size > 0) await this.services();
    this.table.addJobs(await this.#byParent('Jobs', 'OpportunityID', ids, contiguous), ids);
    this.table.addOpportunities(rows);
    this.#note('Opportunities', ids);
    const renamed = rows.some((row) => {
      const name = field(row, 'JobStatusName');
      return typeof name === 'string' && !JOB_STATUS_NAMES.has(sameName(name));
    });
    if (renamed) this.table.addJobStatuses(await this.whole('JobStatuses'));
    const jobs = ids.map((id) => this.table.jobs.get(id));
    const dated = rows.some((row) => field(row, 'CompleteDate') !== null || field(row, 'LostDate') !== null);
    if (dated || jobs.some((job) => job?.cancelDate || job?.completeDate)) await this.branches();
    if (ids.some((id) => this.table.linesOf.get(id)?.some((line) => line.routeIds.length > 0))) await this.routes();
  }

  /** `contiguous`: the page holds every ticket between its lowest and its highest id. */
  async forTickets(rows: readonly unknown[], contiguous: boolean): Promise<void> {
    const ids = idsOf(rows, 'WorkTicketID');
    if (ids.length === 0) return;
    this.table.addTickets(rows);
    this.table.addVisits(await this.#byParent('WorkTicketVisits', 'WorkTicketID', ids, contiguous), ids);
    const lineIds = idsOf(rows, 'OpportunityServiceID').filter((id) => !this.table.lines.has(id));
    this.table.addLines(await this.#byKey('OpportunityServices', lineIds), []);
    if (idsOf(rows, 'OpportunityServiceID').length > 0) await this.services();
    this.table.addOpportunities(await this.#byKey('Opportunities', idsOf(rows, 'OpportunityID')));
    if (rows.some((row) => field(row, 'CompleteDate') !== null)) await this.branches();
    const leaderless = rows.some(
      (row) => field(row, 'CrewLeaderContactID') === null && this.#hasRoute(idOf(row, 'WorkTicketID')),
    );
    if (leaderless) await this.routes();
  }

  #hasRoute(ticketId: string | null): boolean {
    return this.table.visits.get(ticketId ?? '')?.some((visit) => visit.routeId !== null) === true;
  }

  /** `codes`: whether pay codes decide anything, that is, whether any are mapped. */
  async forTimes(rows: readonly unknown[], codes: boolean): Promise<void> {
    if (rows.length === 0) return;
    const zoned = (row: unknown): boolean => {
      const name = field(row, 'BranchTimeZone');
      return typeof name === 'string' && ianaZone(name) !== null;
    };
    if (!rows.every(zoned)) await this.branches();
    if (codes) this.table.addPayCodes(await this.whole('PayCodes'));
    this.table.addDivisions(await this.whole('Divisions'));
    if (!this.table.overheadPossible) return;
    const ticketIds = idsOf(rows, 'WorkTicketID');
    const unknown = ticketIds.filter((id) => !this.table.jobOfTicket.has(id));
    this.table.addTickets(await this.#byKey('WorkTickets', unknown));
    const jobIds = ticketIds.map((id) => this.table.jobOfTicket.get(id) ?? null).filter((id) => id !== null);
    this.table.addOpportunities(await this.#byKey('Opportunities', [...new Set(jobIds)]));
  }

  /** The workers' branches, unless every branch keeps the tenant's time anyway. */
  async forShifts(rows: readonly unknown[], tenantZone: string): Promise<void> {
    if (rows.length === 0) return;
    await this.branches();
    const known = ![...this.table.unreadable.keys()].some((key) => key.startsWith('Branches.'));
    if (known && [...this.table.branchZones.values()].every((zone) => zone === null || zone === tenantZone)) return;
    this.table.addContacts(await this.#byKey('Contacts', idsOf(rows, 'ContactID')));
  }

  #note(list: ListName, ids: readonly string[]): Set<string> {
    const asked = this.#asked.get(list) ?? new Set();
    this.#asked.set(list, asked);
    for (const id of ids) asked.add(id);
    return asked;
  }

  /** Rows by their own ids that nobody asked for yet; the whole list where that takes fewer calls. */
  async #byKey(list: ListName, ids: readonly string[]): Promise<readonly unknown[]> {
    const reading = this.#whole.get(list);
    if (reading !== undefined) return reading;
    const asked = this.#note(list, []);
    const missing = ids.filter((id) => !asked.has(id));
    if (missing.length === 0) return [];
    if (missing.length > WHOLE_FROM) return this.whole(list);
    const rows = await this.#source.byKey(list, missing);
    this.#note(list, missing);
    return rows;
  }

  /** Rows that belong to any of the ids, complete. */
  async #byParent(list: ListName, parent: string, ids: readonly string[], contiguous: boolean): Promise<readonly unknown[]> {
    if (contiguous) {
      const ordered = ids.map(BigInt).sort((a, b) => (a < b ? -1 : 1));
      return this.#source.all(list, `${parent} ge ${ordered[0]} and ${parent} le ${ordered.at(-1)}`);
    }
    const rows: unknown[] = [];
    for (const filter of inFilters(parent, ids)) rows.push(...(await this.#source.all(list, filter)));
    return rows;
  }
}

/** `Field in (…)` filters for the ids, at most 100 each. Texts that are no ids of this source can match nothing and are left out. */
export function inFilters(name: string, ids: readonly string[]): string[] {
  const usable = ids.filter((id) => /^\d{1,18}$/.test(id));
  const filters: string[] = [];
  for (let from = 0; from < usable.length; from += MAX_IDS)
    filters.push(`${name} in (${usable.slice(from, from + MAX_IDS).join(',')})`);
  return filters;
}

/** The rows of a client's lists, read to the end. */
export function rowSourceOf(
  list: (
    name: ListName,
    filter: string | null,
  ) => { rest(): Promise<readonly unknown[]>; next(): Promise<ListPage & { last: boolean }> },
): RowSource {
  return {
    all: (name, filter) => list(name, filter).rest(),
    async byKey(name, ids) {
      const rows: unknown[] = [];
      for (const filter of inFilters(LISTS[name], ids)) {
        const wanted = filter.split(',').length;
        const listing = list(name, filter);
        for (let found = 0; found < wanted; ) {
          const page = await listing.next();
          if (page.last) break;
          // Ids are unique: once each was answered nothing more can come, and the empty page need not be asked for.
          found += page.rows.length;
          rows.push(...page.rows);
        }
      }
      return rows;
    },
  };
}

function field(row: unknown, name: string): unknown {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, name)) return null;
  return (row as Record<string, unknown>)[name] ?? null;
}
