import { type InputsEvent, inputsHandler } from '#functions/bonus/on-inputs/handle.ts';
import type { InputsPorts } from '#functions/bonus/on-inputs/process-batch.ts';
import { type ResultsPorts, resultsHandler } from '#functions/bonus/on-results/handle.ts';
import type { EntityFields, EntityName, IdentitySpace } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import { decodeMirrorRecord, encodeMirrorRecord } from '#model/mirror-item.ts';
import { type MirrorRecord, NO_BONUS } from '#model/mirror-record.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { BonusPool, TenantContext } from '#model/settings.ts';
import { POOL_DEFAULTS } from '#model/tenant-context.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readContext, saveContextAction } from '#store/settings-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { startTestApi, type TestApi } from './api.ts';
import type { TestStreamRecord } from './dynamodb.ts';
import { seedConnection, seedTenant } from './mirror-seed.ts';

/** Entity marks that wake each function, as the stream's filters have them. */
const INPUTS = new Set(['jb', 'ms', 'bu', 'ma', 'ti', 'dr', 'wk', 'wg', 're', 'cx']);
const RESULTS = new Set(['pp', 'pr', 'gm', 'gx', 'li', 'st', 'ap', 'au', 'bt', 'rn']);

/** The API with a mirror to fill and the stream's functions to drive by hand. */
export interface BonusBench {
  readonly api: TestApi;
  readonly table: Table;
  readonly scope: TenantScope;
  readonly ports: InputsPorts & ResultsPorts;
  /** Bodies sent to the recalculation queue and not delivered yet. */
  readonly queue: string[];
  /** Makes the queue refuse what is sent to it. */
  refuseQueue: boolean;
  put<E extends EntityName>(
    entity: E,
    sourceId: string,
    fields: EntityFields[E],
    envelope?: Partial<MirrorRecord>,
  ): Promise<string>;
  /** The same in another tenant of the table. */
  putIn(
    scope: TenantScope,
    entity: EntityName,
    sourceId: string,
    fields: object,
    envelope?: Partial<MirrorRecord>,
  ): Promise<string>;
  context(change: (context: TenantContext) => TenantContext): Promise<void>;
  /** The stream's records since the last call, for the function that recalculates. */
  inputs(): Promise<readonly TestStreamRecord[]>;
  feed(records: readonly TestStreamRecord[]): Promise<readonly string[]>;
  /** Delivers stream and queue until both are empty. */
  settle(): Promise<void>;
  state(target: ProPayTarget): ReturnType<typeof readProPayState>;
  stop(): Promise<void>;
}

export const POOL: BonusPool = {
  ...POOL_DEFAULTS,
  id: 'pool-default',
  name: 'Standard',
  default: true,
  crewBp: 7_000,
  crewLeadBp: 2_000,
  managerBp: 1_000,
  otherBp: 0,
  companyBp: 0,
};

const SPACES: Partial<Record<EntityName, IdentitySpace>> = { time_entry: 'time', drive_time: 'time' };

/** Starts API, functions and a tenant with a connection, the pool above and a launch date before everything. */
export async function startBonusBench(
  options: Parameters<typeof startTestApi>[0] & { wrap?: (table: Table) => Table } = {},
): Promise<BonusBench> {
  const { wrap, ...apiOptions } = options;
  const api = await startTestApi(apiOptions);
  const { table, scope } = api;
  const queue: string[] = [];
  const bench: { refuseQueue: boolean } = { refuseQueue: false };
  const ports: InputsPorts & ResultsPorts = {
    table: wrap?.(table) ?? table,
    now: api.now,
    ulid: api.ports.ulid,
    log: (line) => void api.logs.push(line),
    later: {
      send: async (messages) => {
        if (bench.refuseQueue) throw new Error('the queue is out of reach');
        queue.push(...messages.map((message) => (typeof message === 'string' ? message : message.body)));
      },
    },
    // Whoever is to be told of new pages of the feed has a bench of its own.
    events: { send: async () => {} },
    mails: { send: async () => {} },
  };
  const onInputs = inputsHandler(ports);
  const onResults = resultsHandler(ports);
  const results: TestStreamRecord[] = [];
  await seedTenant(table, scope);
  await seedConnection(table, scope);

  const drain = async (): Promise<TestStreamRecord[]> => {
    const records = await api.db.drainStream();
    results.push(...records.filter((record) => wakes(record, RESULTS)));
    return records.filter((record) => wakes(record, INPUTS));
  };
  const feed = async (records: readonly TestStreamRecord[]): Promise<readonly string[]> => {
    if (records.length === 0) return [];
    const { batchItemFailures } = await onInputs({ Records: records } as unknown as InputsEvent, 'stream');
    return batchItemFailures.map((failure) => failure.itemIdentifier);
  };
  const whole = Object.assign(bench, {
    api,
    table,
    scope,
    ports,
    queue,
    put: (async (entity, sourceId, fields, envelope = {}) =>
      putMirror(table, scope, entity, sourceId, fields, envelope)) as BonusBench['put'],
    putIn: (into: TenantScope, entity: EntityName, sourceId: string, fields: object, envelope: Partial<MirrorRecord> = {}) =>
      putMirror(table, into, entity, sourceId, fields as EntityFields[EntityName], envelope),
    context: async (change: (context: TenantContext) => TenantContext) => {
      const context = (await readContext(table, scope))!;
      await table.write(scope, [saveContextAction(scope, change(context))]);
    },
    inputs: drain,
    feed,
    settle: async () => {
      for (let round = 0; round < 50; round++) {
        const records = await drain();
        const messages = queue.splice(0);
        const later = results.splice(0);
        if (records.length + messages.length + later.length === 0) return;
        await feed(records);
        const Records = messages.map((body, index) => ({ messageId: String(index), body, eventSource: 'aws:sqs' as const }));
        if (Records.length > 0) await onInputs({ Records }, 'queue');
        if (later.length > 0) await onResults({ Records: later as never }, 'results');
      }
      throw new Error('the stream never comes to rest');
    },
    state: (target: ProPayTarget) => readProPayState(table, scope, target, () => true),
    stop: api.stop,
  });
  await whole.context((context) => ({ ...context, pools: [POOL], launch: { mode: 'date', date: '2026-01-01' } }));
  return whole;
}

function wakes(record: TestStreamRecord, marks: ReadonlySet<string>): boolean {
  const of = (image: unknown): string => (image as { et?: { S?: string } } | undefined)?.et?.S ?? '';
  return marks.has(of(record.dynamodb.NewImage)) || marks.has(of(record.dynamodb.OldImage));
}

/** Puts a record as a run would: the next revision where it exists, what other owners keep on it left alone. */
async function putMirror<E extends EntityName>(
  table: Table,
  scope: TenantScope,
  entity: E,
  sourceId: string,
  fields: EntityFields[E],
  envelope: Partial<MirrorRecord>,
): Promise<string> {
  const space = SPACES[entity] ?? (entity as IdentitySpace);
  const id = mirrorId(`${scope.tenantId}.1`, space, sourceId);
  const record = {
    id,
    entity,
    space,
    connectionId: `${scope.tenantId}.1`,
    sourceId,
    generation: 1,
    fields,
    sourceUpdatedAt: null,
    sourceCreatedAt: null,
    sourceStatus: null,
    contentHash: 'h'.repeat(43),
    mappingVersion: 1,
    revision: 1,
    fence: 1,
    firstSeenRunId: 'R',
    lastChangedRunId: 'R',
    lastChangedAt: '2026-03-10T11:40:00.000Z',
    tombstone: null,
    aliasOf: null,
    outOfScope: null,
    sourceIgnored: false,
    pendingDeletion: false,
    pendingRefs: [],
    own: NO_FACTS,
    bonus: NO_BONUS,
    ...envelope,
  } as MirrorRecord<E>;
  const first = encodeMirrorRecord(scope, record);
  const known = await table.get(scope, { pk: first.pk, sk: first.sk });
  const before = known === null ? null : decodeMirrorRecord(known);
  const item = {
    ...encodeMirrorRecord(scope, { ...record, revision: (before?.revision ?? 0) + 1, own: before?.own ?? NO_FACTS }),
    ...Object.fromEntries(
      ['b', 'o', 'or', 'al', 'sf'].flatMap((name) => (known?.[name] === undefined ? [] : [[name, known[name]]])),
    ),
  };
  await table.write(scope, [{ kind: 'put', item: item as unknown as Item }]);
  return id;
}
