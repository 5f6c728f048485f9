import { canonicalJson } from '#kernel/canonical.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { QuickBooksTimeClient } from './client.ts';
import { JobcodeTree } from './jobcode-tree.ts';
import { branchIdsByName, idIn, jobcodesIn, projectsByJobcode, secondsByProject } from './joins.ts';
import { branchSource, type Joins } from './map/context.ts';
import { fieldsWithUse } from './map/custom-fields.ts';

/** Where rows of other lists come from: the source, or a recorded company. */
export type RowSource = Pick<QuickBooksTimeClient, 'all'>;

const FETCH_IDS = 200;
const NO_JOINS: Omit<Joins, 'nodes'> = { projects: new Map(), estimates: new Map(), branchItems: new Map() };

/** Rows of other lists that the mapping needs, each list read once per login. */
export class Lookups {
  readonly #source: RowSource;
  readonly #settings: ConnectionSettings;
  readonly #tree: JobcodeTree;
  #projects: Promise<readonly unknown[]> | null = null;
  #estimates: Promise<readonly [readonly unknown[], readonly unknown[]]> | null = null;
  readonly #items = new Map<string, Promise<readonly unknown[]>>();
  #joined = NO_JOINS;

  constructor(source: RowSource, settings: ConnectionSettings) {
    this.#source = source;
    this.#settings = settings;
    this.#tree = new JobcodeTree(async (ids) => {
      const rows: unknown[] = [];
      for (let at = 0; at < ids.length; at += FETCH_IDS)
        rows.push(...(await source.all('jobcodes', { ids: ids.slice(at, at + FETCH_IDS).join(',') })));
      return rows;
    });
  }

  get table(): Joins {
    return { ...this.#joined, nodes: this.#tree.nodes };
  }

  projectRows(): Promise<readonly unknown[]> {
    this.#projects ??= this.#source.all('projects');
    return this.#projects;
  }

  fieldItems(fieldId: string): Promise<readonly unknown[]> {
    let items = this.#items.get(fieldId);
    if (items === undefined) {
      items = this.#source.all('customfielditems', { customfield_id: fieldId });
      this.#items.set(fieldId, items);
    }
    return items;
  }

  /** What the estimates say, as one value, whatever order their rows came in; nothing where budgets stand in a custom field. */
  async estimateDigest(): Promise<unknown> {
    if (!this.#wantsEstimates()) return null;
    const seconds = secondsByProject(...(await this.#estimateRows()));
    return [...seconds].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }

  /** Parents, projects, estimates and branches of jobcodes. */
  async forJobcodes(rows: readonly unknown[]): Promise<void> {
    this.#tree.note(rows);
    if (rows.length === 0) return;
    await this.#tree.complete(jobcodesIn(rows, 'id'));
    await this.forUsers();
    const projects = this.#joined.projects.size > 0 ? this.#joined.projects : projectsByJobcode(await this.projectRows());
    const standing = rows.some((row) => projects.has(idIn(row, 'id') ?? ''));
    const estimates =
      standing && this.#wantsEstimates() ? secondsByProject(...(await this.#estimateRows())) : this.#joined.estimates;
    this.#joined = { ...this.#joined, projects, estimates };
  }

  /** The branches of a custom field, where branches come from one. */
  async forUsers(): Promise<void> {
    const from = branchSource(this.#settings);
    if (from.kind !== 'field' || this.#joined.branchItems.size > 0) return;
    this.#joined = { ...this.#joined, branchItems: branchIdsByName(await this.fieldItems(from.id), from.id) };
  }

  /** The jobcodes of timesheets, with all above them. */
  forTimesheets(rows: readonly unknown[]): Promise<void> {
    return this.#tree.complete(jobcodesIn(rows, 'jobcode_id'));
  }

  #estimateRows(): Promise<readonly [readonly unknown[], readonly unknown[]]> {
    this.#estimates ??= Promise.all([this.#source.all('estimates'), this.#source.all('estimate_items')]);
    return this.#estimates;
  }

  /** An estimate counts where no custom field holds the budget, or where somebody chose it. */
  #wantsEstimates(): boolean {
    const { budgetSource, jobcodeSettings = {} } = this.#settings;
    return (
      fieldsWithUse(this.#settings, 'hours_budget').length === 0 ||
      budgetSource === 'project_estimate' ||
      Object.values(jobcodeSettings).some((one) => one.budgetSource === 'project_estimate')
    );
  }
}
