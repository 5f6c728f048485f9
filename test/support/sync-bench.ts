import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from '#kernel/ids.ts';
import { instantFromMs } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Connector, SourceHttp } from '#mirror/connector.ts';
import type { RunPorts } from '#mirror/leg.ts';
import { type LegResult, runLeg } from '#mirror/run.ts';
import { sourceSteps } from '#mirror/source-steps.ts';
import type { RunMessage } from '#mirror/start.ts';
import type { Connection, ConnectionSettings, SyncState } from '#model/connection.ts';
import { connectionId } from '#model/ids.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { createSourceHttp } from '#platform/http.ts';
import { createConnectionActions, readSyncState } from '#store/connection-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import { openTable, type Table } from '#store/table.ts';
import { localClientConfig, startTestTable, type TestTable } from './dynamodb.ts';

/** A connection over the embedded table, with a clock of its own, for tests of whole runs. */
export interface SyncBench {
  readonly testTable: TestTable;
  readonly table: Table;
  readonly scope: TenantScope;
  readonly connection: Connection;
  /** Milliseconds; move it on to let time pass. */
  clock: { now: number };
  run(message?: Partial<RunMessage>, ports?: Partial<RunPorts>): Promise<LegResult>;
  /** Runs legs until the run has ended. */
  runToEnd(message?: Partial<RunMessage>, ports?: Partial<RunPorts>): Promise<Extract<LegResult, { kind: 'finished' }>>;
  ports(changes?: Partial<RunPorts>): RunPorts;
  state(): Promise<SyncState>;
  /** Every mirror record of the tenant, by entity and source id. */
  mirror(): Promise<Map<string, MirrorRecord>>;
  items(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

export interface SyncBenchOptions {
  readonly connector: Connector;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly settings?: Partial<ConnectionSettings>;
  readonly now: number;
  readonly openHttp?: () => SourceHttp;
  readonly tenantId?: string;
  readonly wrapTable?: (table: Table) => Table;
}

export const SETTINGS: ConnectionSettings = {
  cycleMinutes: 20,
  trailingDays: 14,
  timeImportFrom: '2026-01-01',
  entities: [
    'branch',
    'division',
    'route',
    'client',
    'worker',
    'wage_record',
    'job',
    'milestone',
    'budget_info',
    'time_entry',
    'drive_time',
  ],
  ignoredStatuses: [],
  statusMap: {},
  budgetSource: 'ticket_hours',
  budgetSyncEnabled: true,
  importWages: true,
  roleMap: {},
  managerMap: {},
  payCodeMap: { 'Drive Time': 'drive' },
  employeeContactTypes: ['Employee'],
  recurringTypes: ['Contract'],
};

/** Starts an embedded table with one connection in it. */
export async function startSyncBench(options: SyncBenchOptions): Promise<SyncBench> {
  const clock = { now: options.now };
  const testTable = await startTestTable({ now: () => clock.now });
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(testTable.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const sleep = async () => undefined;
  const plain = openTable({
    client,
    tableName: testTable.tableName,
    now: () => instantFromMs(clock.now),
    sleep,
    random: () => 0.5,
  });
  const table = options.wrapTable?.(plain) ?? plain;
  const scope = scopeOf(options.tenantId ?? 'tenant1');
  const connection: Connection = {
    id: connectionId(scope.tenantId, 1),
    n: 1,
    provider: options.connector.manifest.provider,
    name: 'Source',
    accountId: null,
    accountName: null,
    settings: { ...SETTINGS, ...options.settings },
    disconnectedAt: null,
    disconnectedBy: null,
    createdAt: instantFromMs(options.now),
    revision: 1,
  };
  await plain.write(scope, createConnectionActions(scope, connection, initialSyncState(0), 'c'));
  let seed = 0;
  const bytes = (count: number) =>
    Uint8Array.from({ length: count }, () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return seed >> 16;
    });
  const now = () => instantFromMs(clock.now);
  const openHttp =
    options.openHttp ??
    (() =>
      createSourceHttp({
        allowedHosts: options.connector.manifest.allowedHosts,
        allowLoopback: true,
        requestsPerSecond: 1_000,
        maxCalls: 10_000,
        now: Date.now,
        sleep,
        random: () => 0.5,
      }));

  const ports = (changes: Partial<RunPorts> = {}): RunPorts => ({
    store: openRunStore({ table, scope, n: 1, decrypt: async () => options.credentials ?? {} }),
    connector: options.connector,
    openHttp,
    tenant: { zone: 'America/New_York', currency: 'USD', epoch: 0 },
    now,
    today: () => localDateOf(now(), 'America/New_York'),
    ulid: () => ulid(clock.now, bytes),
    lane: 'bulk',
    steps: sourceSteps,
    remainingMs: () => 180_000,
    every: () => () => undefined,
    ...changes,
  });
  const run = (message: Partial<RunMessage> = {}, changes: Partial<RunPorts> = {}) =>
    runLeg(ports(changes), {
      v: 1,
      tenantId: scope.tenantId,
      connectionId: connection.id,
      kind: 'tick',
      tick: now(),
      ...message,
    });

  async function items(): Promise<Readonly<Record<string, unknown>>[]> {
    const { ScanCommand } = await import('@aws-sdk/lib-dynamodb');
    const all: Readonly<Record<string, unknown>>[] = [];
    let after: Record<string, unknown> | undefined;
    do {
      const answer = await client.send(
        new ScanCommand({ TableName: testTable.tableName, ...(after ? { ExclusiveStartKey: after } : {}) }),
      );
      all.push(...(answer.Items ?? []));
      after = answer.LastEvaluatedKey;
    } while (after);
    return all;
  }

  return {
    testTable,
    table,
    scope,
    connection,
    clock,
    run,
    ports,
    async runToEnd(message = {}, changes = {}) {
      let result = await run(message, changes);
      for (let leg = 0; leg < 300 && result.kind === 'continues'; leg++) {
        result = await run({ kind: 'leg', runId: result.runId, leg: result.leg }, changes);
      }
      if (result.kind !== 'finished') throw new Error(`the run did not finish: ${JSON.stringify(result)}`);
      return result;
    },
    async state() {
      const state = await readSyncState(plain, scope, 1);
      if (!state) throw new Error('no state');
      return state;
    },
    items,
    async mirror() {
      const records = new Map<string, MirrorRecord>();
      for (const item of await items()) {
        if (!isMirrorItem(item)) continue;
        const record = decodeMirrorRecord(item as never);
        records.set(`${record.space}:${record.sourceId}`, record);
      }
      return records;
    },
    stop: () => testTable.stop(),
  };
}
