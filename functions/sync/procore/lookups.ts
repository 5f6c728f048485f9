import { SourceError } from '#mirror/source-error.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { JobStatus } from '#model/entities.ts';
import type { ProcoreClient } from './client.ts';
import { idOf, Listing } from './listing.ts';
import { LISTS, type List } from './lists.ts';
import { mapBudgetLines } from './map/budget-line.ts';
import { crewKey } from './map/context.ts';
import { type OnlyCrew, projectStatus, type Stages } from './map/project.ts';
import { refId } from './map/read.ts';
import { People } from './people.ts';
import { crewRow, projectRow, stageRow } from './wire.ts';

/** Ids in one address: longer ones are cut by servers. */
const MAX_IDS = 100;

/** Answers that say that a tool of one project, or the project itself, is not ours to see. */
const NOT_OURS: ReadonlySet<string> = new Set(['scope_missing', 'endpoint_gone']);

/** Whether a failure says that we may not see what was asked for: 403, or 404, which also means not permitted. */
export function isNotPermitted(error: unknown): boolean {
  return error instanceof SourceError && NOT_OURS.has(error.code);
}

/**
 * Rows of other lists that the mapping of a page needs, each list read once per login. A reading that failed is no answer: the next one
 * who asks tries again (M-90).
 */
export class Lookups {
  readonly #client: ProcoreClient;
  readonly #settings: ConnectionSettings;
  readonly #kept = new Map<string, Promise<unknown>>();
  readonly #lines = new Map<string, ReadonlySet<string> | null>();

  constructor(client: ProcoreClient, settings: ConnectionSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  list(list: List): Promise<readonly unknown[]> {
    return new Listing(this.#client, list.path, list.query).all();
  }

  /** The categories of the company's stages, by stage id. */
  stages(): Promise<Stages> {
    return this.#once('stages', async () => {
      const stages = new Map<string, string>();
      for (const raw of await this.list(LISTS.stages(this.#client.companyId))) {
        const row = stageRow.safeParse(raw);
        const id = idOf(raw);
        if (row.success && id !== null && row.data.category) stages.set(id, row.data.category);
      }
      return stages;
    });
  }

  activePeople(): Promise<readonly unknown[]> {
    return this.#once('people', () => this.list(LISTS.people(this.#client.companyId)));
  }

  inactivePeople(): Promise<readonly unknown[]> {
    return this.#once('people/inactive', () => this.list(LISTS.inactivePeople(this.#client.companyId)));
  }

  people(): Promise<People> {
    return this.#once('who', async () => {
      const { companyId } = this.#client;
      const people = [...(await this.activePeople()), ...(await this.inactivePeople())];
      const users = [...(await this.list(LISTS.users(companyId))), ...(await this.list(LISTS.inactiveUsers(companyId)))];
      return new People(users, people);
    });
  }

  /** The projects that are switched on and shown to us now, by id. */
  enabledProjects(): Promise<ReadonlyMap<string, unknown>> {
    return this.#once('projects', async () => this.projectsById(this.#settings.projectAllowList ?? []));
  }

  async projectsById(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    const usable = ids.filter((id) => /^\d{1,20}$/.test(id));
    for (let from = 0; from < usable.length; from += MAX_IDS) {
      const some = usable.slice(from, from + MAX_IDS);
      for (const raw of await this.list(LISTS.projects(this.#client.companyId, { ids: some }))) {
        const id = idOf(raw);
        // A source that does not know the filter lists everything.
        if (id !== null && some.includes(id)) found.set(id, raw);
      }
    }
    return found;
  }

  crews(projectId: string): Promise<readonly unknown[]> {
    return this.#once(`crews ${projectId}`, () => this.list(LISTS.crews(projectId)));
  }

  /** The crew of a project that has exactly one, null for any other; `permitted` is false where we may not see its crews. */
  async onlyCrew(projectId: string): Promise<{ readonly crew: OnlyCrew | null; readonly permitted: boolean }> {
    let rows: readonly unknown[];
    try {
      rows = await this.crews(projectId);
    } catch (error) {
      if (isNotPermitted(error)) return { crew: null, permitted: false };
      throw error;
    }
    const row = rows.length === 1 ? crewRow.safeParse(rows[0]) : null;
    const id = rows.length === 1 ? idOf(rows[0]) : null;
    if (row?.success !== true || id === null) return { crew: null, permitted: true };
    return { crew: { crewKey: crewKey(projectId, id), leadId: refId(row.data.lead_party, 'lead_party') }, permitted: true };
  }

  /** The budget lines of a project as rows; what is asked for later in this login knows their keys. */
  async budgetLines(projectId: string): Promise<readonly unknown[]> {
    try {
      const rows = await this.#once(`lines ${projectId}`, () => this.list(LISTS.budgetLines(projectId)));
      this.#lines.set(projectId, new Set(mapBudgetLines(rows, projectId, 'pending').flatMap(keyOf)));
      return rows;
    } catch (error) {
      if (isNotPermitted(error)) this.#lines.set(projectId, null);
      throw error;
    }
  }

  /** Makes sure that the lines of these projects are known, or known not to be ours to see. */
  async knowLines(projectIds: ReadonlySet<string>): Promise<void> {
    for (const projectId of projectIds) {
      if (this.#lines.has(projectId)) continue;
      try {
        await this.budgetLines(projectId);
      } catch (error) {
        if (!isNotPermitted(error)) throw error;
      }
    }
  }

  /** Keys of a project's lines; null where they are not ours to see. */
  linesOf(projectId: string): ReadonlySet<string> | null {
    return this.#lines.get(projectId) ?? null;
  }

  /** The status that a project gives its budget lines. */
  async statusOf(raw: unknown): Promise<JobStatus> {
    const row = projectRow.safeParse(raw);
    const status = row.success ? projectStatus(row.data, this.#settings, await this.stages()) : null;
    return status === null || status === 'draft' ? 'pending' : status;
  }

  #once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(name);
    if (known !== undefined) return known as Promise<T>;
    const reading = read();
    this.#kept.set(name, reading);
    reading.catch(() => this.#kept.delete(name));
    return reading;
  }
}

function keyOf(row: ReturnType<typeof mapBudgetLines>[number]): string[] {
  const id = row.kind === 'record' ? row.record.sourceId : row.rejected.sourceId;
  return id === null ? [] : [id];
}
