import { instantFromMs } from '#kernel/instant.ts';
import type { Connector, FetchRequest, ReadRequest, SourceHttp, SourcePage } from '#mirror/connector.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow, SkipReason } from '#model/mapped-record.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { BLANK_JOB, BLANK_MILESTONE, BLANK_WORKER } from './blank-records.ts';

/** One record of the model source. */
export interface ModelRow {
  readonly id: string;
  readonly at: number;
  readonly createdAt?: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly skip?: SkipReason;
  /** Set for a job or a ticket that brings a budget along; its id is `b:` and the row's own. */
  readonly budget?: Readonly<Record<string, unknown>>;
  /** Set to make the row unreadable. */
  readonly reject?: boolean;
}

const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
const SWEEP = { kind: 'sweep' } as const;
const stream = (name: string, entity: EntityName, more: Partial<StreamManifest> = {}): StreamManifest => ({
  stream: name,
  entity,
  space: entity as IdentitySpace,
  refresh: 'cycle',
  delta: STAMPED,
  deletes: SWEEP,
  dependsOn: [],
  ...more,
});

export const MODEL_MANIFEST: IntegrationManifest = {
  provider: 'model',
  name: 'Model',
  auth: 'key',
  cycles: [20],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [],
  settings: {},
  allowedHosts: [],
  requestsPerSecond: 1_000,
  entities: ['branch', 'division', 'worker', 'job', 'milestone', 'budget_info', 'time_entry'],
  streams: [
    stream('branches', 'branch', { refresh: 'hourly', delta: { kind: 'whole' } }),
    stream('divisions', 'division', { refresh: 'hourly', delta: { kind: 'whole' } }),
    stream('workers', 'worker'),
    stream('jobs', 'job', { also: ['budget_info'] }),
    stream('milestones', 'milestone', { also: ['budget_info'], dependsOn: ['jobs'] }),
    stream('times', 'time_entry', { space: 'time', deletes: { kind: 'window_sweep' }, dependsOn: ['workers'] }),
  ],
  auxiliary: [],
};

/** A source in memory: rows by stream, paged, filtered by stamp and window; every call passes `onCall`, where a test puts its faults. */
export class ModelSource {
  readonly rows: Record<string, Map<string, ModelRow>> = {};
  pageSize = 100;
  calls = 0;
  accountId: string | null = 'account-1';
  onCall: (call: { kind: 'open' | 'page' | 'fetch'; stream: string; pageToken: string | null }) => void | Promise<void> = () =>
    undefined;
  /** Replaces a page's rows, for lists that lie. */
  lie: (stream: string, rows: MappedRow[]) => MappedRow[] = (_stream, rows) => rows;

  put(name: string, row: ModelRow): void {
    this.rows[name] ??= new Map();
    this.rows[name].set(row.id, row);
  }

  remove(name: string, id: string): void {
    this.rows[name]?.delete(id);
  }

  connector(mappingVersion = 1): Connector {
    return {
      manifest: MODEL_MANIFEST,
      mappingVersion,
      check: async () => ({ accountId: this.accountId, accountName: null, branchSourceIds: [], missingScopes: [] }),
      open: async () => {
        await this.onCall({ kind: 'open', stream: '', pageToken: null });
        return {
          account: { id: this.accountId, name: null },
          readPage: (request) => this.#page(request),
          fetch: (request) => this.#fetch(request),
        };
      },
    };
  }

  http(): SourceHttp {
    const source = this;
    return {
      get calls() {
        return source.calls;
      },
      call: () => Promise.reject(new Error('the model source has no wire')),
    };
  }

  async #page(request: ReadRequest): Promise<SourcePage> {
    this.calls += 1;
    await this.onCall({ kind: 'page', stream: request.stream, pageToken: request.pageToken });
    const since = request.since === null ? 0 : Date.parse(request.since);
    const all = [...(this.rows[request.stream]?.values() ?? [])]
      .filter((row) => row.at >= since)
      .filter((row) => {
        const day = String(row.fields.workDate ?? EMPTY.time_entry?.workDate);
        return request.window === null || (day >= request.window.from && day <= request.window.to);
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const from = request.pageToken === null ? 0 : Number(request.pageToken);
    const rows = this.lie(
      request.stream,
      all.slice(from, from + this.pageSize).map((row) => toMapped(request.stream, row)),
    );
    const end = from + this.pageSize;
    return {
      rows,
      parts: [],
      digestText: null,
      refetch: [],
      highWater: null,
      next: end < all.length ? String(end) : null,
      sourceTime: null,
    };
  }

  async #fetch(request: FetchRequest): Promise<SourcePage> {
    this.calls += 1;
    await this.onCall({ kind: 'fetch', stream: request.stream, pageToken: null });
    const wanted = new Set('ids' in request ? request.ids : []);
    const rows = [...(this.rows[request.stream]?.values() ?? [])]
      .filter((row) => wanted.has(row.id))
      // What is asked for by id is wanted however old it is (M-78).
      .map((row) => toMapped(request.stream, row.skip?.code === 'before_import_window' ? withoutSkip(row) : row));
    return {
      rows: this.lie(request.stream, rows),
      parts: [],
      digestText: null,
      refetch: [],
      highWater: null,
      next: null,
      sourceTime: null,
    };
  }
}

function toMapped(name: string, row: ModelRow): MappedRow {
  const manifest = MODEL_MANIFEST.streams.find((one) => one.stream === name)!;
  if (row.reject) return { kind: 'rejected', rejected: { sourceId: row.id, reason: 'type_invalid', field: 'name', value: 'x' } };
  const record = {
    entity: manifest.entity,
    space: manifest.space,
    sourceId: row.id,
    sourceUpdatedAt: instantFromMs(row.at),
    sourceCreatedAt: row.createdAt === undefined ? null : instantFromMs(row.createdAt),
    sourceStatus: null,
    fields: { ...EMPTY[manifest.entity], ...row.fields },
    ...(row.skip ? { skip: row.skip } : {}),
  } as unknown as MappedRecord;
  return { kind: 'record', record, also: row.budget === undefined ? [] : [budgetOf(row, manifest.entity)] };
}

function budgetOf(row: ModelRow, entity: EntityName): MappedRecord {
  const jobId = entity === 'job' ? row.id : row.fields.jobId;
  const milestoneId = entity === 'job' ? null : row.id;
  return {
    entity: 'budget_info',
    space: 'budget_info',
    sourceId: `b:${row.id}`,
    sourceUpdatedAt: instantFromMs(row.at),
    sourceCreatedAt: null,
    sourceStatus: null,
    fields: { ...EMPTY.budget_info, jobId, milestoneId, ...row.budget },
  } as unknown as MappedRecord;
}

function withoutSkip({ skip: _skip, ...row }: ModelRow): ModelRow {
  return row;
}

const EMPTY: Partial<Record<EntityName, Record<string, unknown>>> = {
  branch: { name: 'Branch', code: null, zone: null, city: null, active: true, derived: false },
  division: { name: 'Division', code: null, branchId: null, overhead: false, active: true, origin: 'synced' },
  budget_info: {
    ...NO_BUDGET,
    budgetSeconds: 36_000,
    basis: 'Hours',
  },
  worker: { ...BLANK_WORKER },
  job: { ...BLANK_JOB },
  milestone: { ...BLANK_MILESTONE, jobId: 'j1' },
  time_entry: {
    workerId: 'w1',
    jobId: null,
    milestoneId: null,
    start: null,
    end: null,
    workDate: '2026-03-16',
    zone: 'America/New_York',
    durationSeconds: 3_600,
    open: false,
    category: 'work',
    breakSeconds: 0,
    warranty: false,
    sourceOvertimeSeconds: null,
    approvedAtSource: null,
    lockedAtSource: null,
  },
};

/** A small company: one branch, two workers, two jobs with two tickets each, and an entry on every ticket. */
export function smallCompany(at: number): ModelSource {
  const source = new ModelSource();
  source.put('branches', { id: 'b1', at, fields: { name: 'North' } });
  for (const id of ['w1', 'w2']) source.put('workers', { id, at, fields: { displayName: `Worker ${id}`, branchId: 'b1' } });
  for (const job of ['j1', 'j2']) {
    source.put('jobs', { id: job, at, fields: { name: `Job ${job}`, branchId: 'b1' } });
    for (const n of [1, 2]) {
      const ticket = `${job}t${n}`;
      source.put('milestones', { id: ticket, at, fields: { jobId: job, name: ticket } });
      source.put('times', { id: `e-${ticket}`, at, fields: { workerId: n === 1 ? 'w1' : 'w2', milestoneId: ticket } });
    }
  }
  return source;
}
