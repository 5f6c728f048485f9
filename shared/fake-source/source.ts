import { type ControlOrder, describeData, readControl } from './control.ts';
import { type DatasetChange, type EntitySpec, entityKey, type Row, type SourceDataset } from './dataset.ts';
import type { FakeReply, FakeRequest, Route } from './exchange.ts';
import { GENERAL_SWITCHES } from './faults.ts';
import { type SeededRandom, seededRandom } from './random.ts';
import { RequestLog } from './request-log.ts';
import { Switchboard, type SwitchSpec } from './switches.ts';
import { type Edit, TenantData } from './tenant-data.ts';

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

  constructor(spec: SourceSpec) {
    this.spec = spec;
    this.random = seededRandom(spec.seed);
    for (const tenant of spec.tenants) {
      this.#data.set(tenant.id, new TenantData(tenant.id, tenant.dataset, spec.entities));
      this.#switches.set(tenant.id, new Switchboard([...GENERAL_SWITCHES, ...spec.switches]));
    }
    if (this.#data.size === 0) throw new Error(`the fake of ${spec.source} needs a tenant`);
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
    const edit = data.merge(spec, spec.stamp !== null && !(spec.stamp in row) ? { ...row, [spec.stamp]: at } : row);
    this.spec.afterEdit?.(edit, at, data, this);
  }

  /** Removes a row; false when there was none. */
  delete(data: TenantData, spec: EntitySpec, key: string | number, at = this.instant()): boolean {
    const edit = data.remove(spec, key);
    if (edit !== null) this.spec.afterEdit?.(edit, at, data, this);
    return edit !== null;
  }

  /** Lets every tenant whose own changes are not stopped have one round of them. */
  tick(): void {
    for (const [id, data] of this.#data) if (!this.#quiet.has(id)) this.spec.liveChange?.(data, this);
  }

  /** Answers the control door. */
  control(request: FakeRequest): FakeReply {
    const path = request.path.replace(/\/$/, '');
    if (request.method === 'GET' && path === '/__control/requests') return { status: 200, body: this.log.list() };
    if (request.method === 'GET' && path === '/__control') return { status: 200, body: this.#describe() };
    if (request.method === 'POST' && path === '/__control') return this.order(request.body);
    return { status: 404, body: { error: 'the control door has GET /__control, GET /__control/requests and POST /__control' } };
  }

  /** Carries out a control body, given as JSON text; answers 400 with the reason when it cannot. */
  order(text: string): FakeReply {
    const read = readControl(text);
    if ('wrong' in read) return { status: 400, body: { error: read.wrong } };
    const tenant = read.tenant ?? this.tenants()[0]!;
    if (!this.#data.has(tenant)) {
      return { status: 400, body: { error: `unknown tenant "${tenant}"; known: ${this.tenants().join(', ')}` } };
    }
    const done = this.#carryOut(read.order, tenant, read.tenant !== null);
    return typeof done === 'string' ? { status: 400, body: { error: done } } : { status: 200, body: { ok: true, ...done } };
  }

  #carryOut(order: ControlOrder, tenant: string, named: boolean): Record<string, unknown> | string {
    const data = this.data(tenant);
    switch (order.kind) {
      case 'fault': {
        const { entity } = order.order;
        const known = [...this.spec.entities.map((spec) => spec.name), ...this.spec.doors];
        if (entity !== undefined && !known.some((name) => entityKey(name) === entityKey(entity))) return this.#noEntity(entity);
        return this.switches(tenant).set(order.name, order.order) ?? { tenant, fault: order.name, ...order.order };
      }
      case 'put':
        return this.#putAll(data, order.rows) ?? { tenant, put: mapValues(order.rows, (rows) => rows.length) };
      case 'delete': {
        const strange = Object.keys(order.ids).find((name) => data.entity(name) === null);
        if (strange !== undefined) return this.#noEntity(strange);
        const deleted = mapValues(order.ids, (ids, name) => ids.filter((id) => this.delete(data, data.entity(name)!, id)).length);
        return { tenant, deleted };
      }
      case 'step': {
        const changes = data.dataset.changes.filter((change) => change.step === order.name);
        const steps = [...new Set(data.dataset.changes.map((change) => change.step))];
        if (changes.length === 0) return `unknown step "${order.name}"; known: ${steps.join(', ')}`;
        for (const change of changes) this.#apply(data, change);
        return { tenant, step: order.name, changes: changes.length };
      }
      case 'live':
        for (const id of named ? [tenant] : this.tenants()) {
          if (order.on) this.#quiet.delete(id);
          else this.#quiet.add(id);
        }
        return { live: order.on };
      case 'reset': {
        // Without a tenant everything goes back: a check that starts afresh must not inherit another tenant's faults.
        const ids = named ? [tenant] : this.tenants();
        for (const id of ids) {
          this.data(id).reset();
          this.switches(id).clear();
          for (const key of this.duplicating) if (key.startsWith(`${id} `)) this.duplicating.delete(key);
        }
        return { reset: ids };
      }
    }
  }

  #putAll(data: TenantData, lists: Readonly<Record<string, readonly Row[]>>): string | null {
    const edits: [EntitySpec, Row][] = [];
    for (const [name, rows] of Object.entries(lists)) {
      const spec = data.entity(name);
      if (spec === null) return this.#noEntity(name);
      for (const row of rows) {
        if (spec.key.some((field) => row[field] === undefined || row[field] === null)) {
          return `every row of ${spec.name} needs ${spec.key.join(' and ')}`;
        }
        edits.push([spec, row]);
      }
    }
    for (const [spec, row] of edits) this.put(data, spec, row);
    return null;
  }

  /**
   * A recorded change keeps its own stamp while that is not older than anything the list holds; else the change would lie before
   * what a reader has already seen, which no source does, so it is stamped now. A stamp ahead of the clock is cut to it likewise.
   */
  #apply(data: TenantData, change: DatasetChange): void {
    const spec = data.entityAt(change.path);
    if (spec === null) throw new Error(`step ${change.step} names the unknown list ${change.path}`);
    const now = this.spec.now();
    if (change.op === 'remove' || change.row === null) {
      this.delete(data, spec, change.key, Date.parse(change.at) <= now ? change.at : this.instant());
      return;
    }
    const { stamp } = spec;
    if (stamp === null) {
      this.spec.afterEdit?.(data.merge(spec, change.row), Date.parse(change.at) <= now ? change.at : this.instant(), data, this);
      return;
    }
    const newest = Math.max(...data.rows(spec).map((row) => Date.parse(String(row[stamp])) || 0));
    const given = Date.parse(String(change.row[stamp]));
    this.put(data, spec, given >= newest && given <= now ? change.row : { ...change.row, [stamp]: this.instant() });
  }

  #noEntity(name: string): string {
    return `unknown entity "${name}"; known: ${[...this.spec.entities.map((spec) => spec.name), ...this.spec.doors].join(', ')}`;
  }

  #describe(): Record<string, unknown> {
    const first = this.data(this.tenants()[0]!);
    const specs = [...GENERAL_SWITCHES, ...this.spec.switches];
    const { entities, steps } = describeData(this.spec.entities, first.dataset.changes, (spec) => first.count(spec));
    return {
      source: this.spec.source,
      now: this.instant(),
      tenants: this.tenants(),
      switches: specs.map((spec) => spec.name),
      entities: Object.keys(entities),
      steps: Object.keys(steps),
      live: Object.fromEntries(this.tenants().map((id) => [id, this.spec.liveChange !== undefined && !this.#quiet.has(id)])),
      details: {
        switches: Object.fromEntries(specs.map((spec) => [spec.name, this.#describeSwitch(spec)])),
        entities,
        steps,
      },
      counters: this.log.counters(),
    };
  }

  #describeSwitch(spec: SwitchSpec): Record<string, unknown> {
    const armed = this.tenants().flatMap((tenant) =>
      this.switches(tenant)
        .list(spec.name)
        .map((order) => ({ tenant, ...order })),
    );
    return { effect: spec.effect, default: spec.default, armed };
  }
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
