import { type Counters, createCounters } from './counters.ts';
import { type Engine, openEngine } from './engine.ts';
import { createFaults, type FaultControl, tablesOf } from './faults.ts';
import { read } from './reads.ts';
import { serve } from './server.ts';
import type { StreamRecord } from './stream-record.ts';
import {
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
  readStream,
  streamArnOf,
  trimOldRecords,
  trimStream,
} from './streams.ts';
import * as tables from './tables.ts';
import { dropOldTokens } from './tokens.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';
import { type Body, isAnswer, isBody, type WireAnswer, WireError, type WireRequest } from './wire.ts';
import { batchWriteItem, writeItem } from './writes.ts';

export type DynamoDbOptions = {
  /** Directory to keep everything in; in memory when absent. */
  readonly path?: string;
  /** Port on the loopback interface; a free one when absent or 0. */
  readonly port?: number;
  readonly region?: string;
  readonly accountId?: string;
  /** Milliseconds since the epoch, for stream records, token life and index lag. */
  readonly now?: () => number;
};

export type DynamoDb = {
  readonly endpoint: string;
  readonly port: number;
  /** Answers one request without HTTP. Leaves the body alone. Status 0: cut the caller's connection. */
  handle(request: WireRequest): Promise<WireAnswer>;
  streamArnOf(table: string): string | undefined;
  /** Stream records after a sequence number (all kept ones without it), oldest first. */
  readStream(table: string, after?: string, limit?: number): Promise<StreamRecord[]>;
  trimStream(table: string, uptoSequence: string): Promise<void>;
  /** One sweep of the expiry process at this moment; returns how many items it removed. */
  expireItems(nowMs: number): Promise<number>;
  readonly faults: FaultControl;
  readonly counters: Counters;
  stop(): Promise<void>;
};

type Handler = (engine: Engine, body: Body) => Body | Promise<Body>;

const write =
  (operation: string): Handler =>
  (engine, body) =>
    writeItem(engine, operation, body);
const lookUp =
  (operation: string): Handler =>
  (engine, body) =>
    read(engine, operation, body);

const OPERATIONS: Readonly<Record<string, Handler>> = {
  PutItem: write('PutItem'),
  UpdateItem: write('UpdateItem'),
  DeleteItem: write('DeleteItem'),
  BatchWriteItem: batchWriteItem,
  TransactWriteItems: transactWriteItems,
  GetItem: lookUp('GetItem'),
  BatchGetItem: lookUp('BatchGetItem'),
  Query: lookUp('Query'),
  Scan: lookUp('Scan'),
  TransactGetItems: transactGetItems,
  CreateTable: tables.createTable,
  UpdateTable: tables.updateTable,
  DeleteTable: tables.deleteTable,
  DescribeTable: tables.describeTable,
  ListTables: tables.listTables,
  UpdateTimeToLive: tables.updateTimeToLive,
  DescribeTimeToLive: tables.describeTimeToLive,
  UpdateContinuousBackups: tables.updateContinuousBackups,
  DescribeContinuousBackups: tables.describeContinuousBackups,
};
const STREAM_OPERATIONS: Readonly<Record<string, Handler>> = {
  ListStreams: listStreams,
  DescribeStream: describeStream,
  GetShardIterator: getShardIterator,
  GetRecords: getRecords,
};
const SERVICES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  DynamoDB_20120810: OPERATIONS,
  DynamoDBStreams_20120810: STREAM_OPERATIONS,
};

/** Starts DynamoDB on the loopback interface. Rejects when the directory is in use by another process. */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDb> {
  const counters = createCounters();
  const faults = createFaults();
  const { path, port = 0, region = 'us-east-1', accountId = '000000000000', now = Date.now } = options;
  const engine = await openEngine({ path, region, accountId, now, counters, faults });
  await trimOldRecords(engine);
  await dropOldTokens(engine);

  const answer = async (target: string, body: Body): Promise<WireAnswer> => {
    const [service = '', operation = ''] = target.split('.');
    const handler = SERVICES[service]?.[operation];
    try {
      if (handler === undefined) throw new WireError('UnknownOperationException', `Unknown operation ${target}`);
      const named = tablesOf(body);
      for (const table of named.length > 0 ? named : ['']) counters.add(operation, table, { requests: 1 });
      return await faults.around(operation, body, async (actual) => ({ status: 200, body: await handler(engine, actual) }));
    } catch (error) {
      if (!isAnswer(error)) throw error;
      return { status: error.statusCode, body: error.body };
    }
  };
  const server = await serve(port, answer);
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    port: server.port,
    handle: ({ target, body }) => answer(target, isBody(body) ? structuredClone(body) : {}),
    streamArnOf: (table) => streamArnOf(engine, table),
    readStream: (table, after = '', limit = -1) => readStream(engine, table, after, limit),
    trimStream: (table, uptoSequence) => trimStream(engine, table, uptoSequence),
    expireItems: (nowMs) => tables.expireItems(engine, nowMs),
    faults,
    counters,
    stop: async () => {
      await server.close();
      await engine.storage.exclusively(() => engine.storage.db.close());
    },
  };
}
