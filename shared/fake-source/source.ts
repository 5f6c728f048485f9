import type { EntitySpec, Row, SourceDataset } from './dataset.ts';
import type { FakeRequest, Route } from './exchange.ts';
import { GENERAL_SWITCHES } from './faults.ts';
import { type SeededRandom, seededRandom } from './random.ts';
import { RequestLog } from './request-log.ts';
import { Switchboard, type SwitchSpec } from './switches.ts';
import { type Edit, TenantData } from './tenant-data.ts';
import { openTenantState, type TenantState } from './tenant-state.ts';

/** One tenant of a fake: an account of the source system with its own data. */
export type FakeTenant = { readonly id: string; readonly dataset: SourceDataset };

/** What a source system adds to the common shell. */
export type SourceSpec = {
  readonly source: string;
  /** At least one; the first is the one the control door means when no tenant is named. */
  readonly tenants: readonly FakeTenant[];
  readonly entities: readonly EntitySpec[];
  readonly switches: readonly SwitchSpec[];
  /** Doors that are no lists but can be named in a fault, such as a login. */
  readonly doors: readonly string[];
  /** The fake's clock in milliseconds since 1970. */
  readonly now: () => number;
  readonly seed: string | number;
  /**
   * Folder in which the tenants' data outlive the process, null or left out to keep them in memory only. Datasets given later for a
   * tenant known there are not looked at: the first one stays. Switches, stopped own changes and the request log start afresh.
   */
  readonly statePath?: string | null;
  /** Finds what a request asks for; null answers 404. */
  route(request: FakeRequest, shell: Shell): Route | null;
  /** Called after every edit, for what the source moves along with it; `at` is the instant the edit counts from. */
  afterEdit?(edit: Edit, at: string, data: TenantData, shell: Shell): void;
  /** Data answered by `otherAccount` when the fake has a single tenant. */
  otherDataset(dataset: SourceDataset): SourceDataset;
  /** One round of the demo's own changes in a tenant's data. */
  liveChange?(data: TenantData, shell: Shell): void;
};

/** The state common to every fake source: data and switches per tenant, the request log, the clock and the chance. */
export class Shell {
  readonly spec: SourceSpec;
  readonly log = new RequestLog();
  readonly random: SeededRandom;
  /** Listings that began with a duplicate row, by tenant and list. */
  readonly duplicating = new Set<string>();
  readonly #data = new Map<string, TenantData>();
  readonly #switches = new Map<string, Switchboard>();
  readonly #quiet = new Set<string>();
  readonly #other = new Map<string, TenantData>();
  readonly #states: TenantState[] = [];
  #together = 0;

  constructor(spec: SourceSpec) {
    this.spec = spec;
    this.random = seededRandom(spec.seed);
    for (const tenant of spec.tenants) {
      this.#data.set(tenant.id, this.#open(tenant));
      this.#switches.set(tenant.id, new Switchboard([...GENERAL_SWITCHES, ...spec.switches]));
    }
    if (this.#data.size === 0) throw new Error(`the fake of ${spec.source} needs a tenant`);
  }

  #open(tenant: FakeTenant): TenantData {
    const { source, entities, statePath } = this.spec;
    if (statePath === undefined || statePath === null) return new TenantData(tenant.id, tenant.dataset, entities);
    const state = openTenantState(statePath, source, tenant, entities);
    this.#states.push(state);
    state.data.onChange = (change) => this.together(() => state.note(change));
    return state.data;
  }

  /** Runs an action whose changes belong together: where they are kept, a kill leaves all of a tenant's or none of them. */
  together<T>(run: () => T): T {
    this.#together += 1;
    try {
      return run();
    } finally {
      this.#together -= 1;
      if (this.#together === 0) for (const state of this.#states) state.write();
    }
  }

  /** The clock as an ISO instant with milliseconds. */
  instant(): string {
    return new Date(this.spec.now()).toISOString();
  }

  /** The data of a tenant; throws for an unknown one. */
  data(tenant: string): TenantData {
    const data = this.#data.get(tenant);
    if (data === undefined) throw new Error(`no tenant ${tenant}`);
    return data;
  }

  /** The ids of all tenants, in the order given. */
  tenants(): string[] {
    return [...this.#data.keys()];
  }

  /** The switches of a tenant. */
  switches(tenant: string): Switchboard {
    const board = this.#switches.get(tenant);
    if (board === undefined) throw new Error(`no tenant ${tenant}`);
    return board;
  }

  /** Another account's data: the next tenant's, or made-up data when there is only one. */
  otherAccount(tenant: string): TenantData {
    const ids = this.tenants();
    const next = ids[(ids.indexOf(tenant) + 1) % ids.length];
    if (next !== undefined && next !== tenant) return this.data(next);
    let made = this.#other.get(tenant);
    if (made === undefined) {
      made = new TenantData(`${tenant}-other`, this.spec.otherDataset(this.data(tenant).dataset), this.spec.entities);
      this.#other.set(tenant, made);
    }
    return made;
  }

  /** Merges rows as the source would on an edit of today: the modified stamp moves unless the row gives one. */
  put(data: TenantData, spec: EntitySpec, row: Row): void {
    const given = spec.stamp === null ? undefined : row[spec.stamp];
    const at = typeof given === 'string' ? given : this.instant();
    this.together(() => {
      const edit = data.merge(spec, spec.stamp !== null && !(spec.stamp in row) ? { ...row, [spec.stamp]: at } : row);
      this.spec.afterEdit?.(edit, at, data, this);
    });
  }

  /** Removes a row; false when there was none. */
  delete(data: TenantData, spec: EntitySpec, key: string | number, at = this.instant()): boolean {
    return this.together(() => {
      const edit = data.remove(spec, key);
      if (edit !== null) this.spec.afterEdit?.(edit, at, data, this);
      return edit !== null;
    });
  }

  /** Lets every tenant whose own changes are not stopped have one round of them. */
  tick(): void {
    this.together(() => {
      for (const [id, data] of this.#data) if (!this.#quiet.has(id)) this.spec.liveChange?.(data, this);
    });
  }

  /** Whether a tenant's own changes are made. */
  isLive(tenant: string): boolean {
    return this.spec.liveChange !== undefined && !this.#quiet.has(tenant);
  }

  /** Stops or resumes the own changes of a tenant. */
  setLive(tenant: string, on: boolean): void {
    if (on) this.#quiet.delete(tenant);
    else this.#quiet.add(tenant);
  }

  /** Puts a tenant's data and switches back to how they started. */
  reset(tenant: string): void {
    this.data(tenant).reset();
    this.switches(tenant).clear();
    for (const key of this.duplicating) if (key.startsWith(`${tenant} `)) this.duplicating.delete(key);
  }
}
