import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type Key, tenantKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { StoreError, toStoreError } from './store-error.ts';
import type { Item, WriteAction, WriteOutcome } from './write-action.ts';
import { lostActions, sendWrite } from './write-commands.ts';

export interface QueryRequest {
  readonly index?: 'id' | 'by';
  readonly partition: string;
  /** Exact begin of the sort key, or an inclusive range. */
  readonly prefix?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly descending?: boolean;
  readonly consistent?: boolean;
}

export interface QueryPage {
  readonly items: readonly Item[];
  /** Where the next page begins; null when the range is read to its end. */
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** The requests that the service itself knows. Nothing but table.ts uses them as they are: it adds what batches need (decision 009). */
export interface PlainTable {
  get(scope: TenantScope, key: Key, options?: { consistent?: boolean }): Promise<Item | null>;
  query(scope: TenantScope, request: QueryRequest): Promise<QueryPage>;
  /** Follows the continuation key to the end, also over empty pages (fault 49). */
  queryAll(scope: TenantScope, request: Omit<QueryRequest, 'limit' | 'after'>): Promise<readonly Item[]>;
  /** In the order of the keys; null where nothing is. What the service leaves unprocessed is asked again, and only that (fault 42). */
  batchGet(scope: TenantScope, keys: readonly Key[], options?: { consistent?: boolean }): Promise<readonly (Item | null)[]>;
  /** One action is a plain write, several are one transaction (at most 100). `token` makes a repeated transaction the same one. */
  write(scope: TenantScope, actions: readonly WriteAction[], token?: string): Promise<WriteOutcome>;
}

/** Raised when a key of another tenant reaches the store: a defect, never an answer to a user. */
class ScopeViolation extends Error {}

/** Names as the table has them: DynamoDB wants three characters at least. */
const INDEX_NAMES = { id: 'id-index', by: 'by-index' } as const;
const BATCH_GET_LIMIT = 100;
/** Actions of one transaction. */
export const TRANSACTION_LIMIT = 100;
/** Bound of the loops that follow the service: beyond it something is broken, and saying so is better than going on. */
const MAX_PAGES = 10_000;
const MAX_ATTEMPTS = 8;

export interface PlainTableOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
}

/** Milliseconds to wait before the n-th try: twice as long each time, up to two seconds, with jitter. */
export const backOffMs = (attempt: number, random: () => number): number =>
  Math.floor(random() * Math.min(2_000, 50 * 2 ** attempt));

/** Opens the plain table over a document client. */
export function openPlainTable({ client, tableName, sleep, random }: PlainTableOptions): PlainTable {
  const backOff = (attempt: number) => sleep(backOffMs(attempt, random));

  async function get(scope: TenantScope, key: Key, options: { consistent?: boolean } = {}): Promise<Item | null> {
    assertOwned(scope, key.pk);
    const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: options.consistent ?? true });
    const answer = await send(() => client.send(command));
    return (answer.Item as Item | undefined) ?? null;
  }

  async function query(scope: TenantScope, request: QueryRequest): Promise<QueryPage> {
    assertOwned(scope, request.partition);
    // A range whose end lies before its begin holds nothing; the service would call it an error.
    if (request.from !== undefined && request.to !== undefined && request.from > request.to) return { items: [], after: null };
    const answer = await send(() => client.send(new QueryCommand(queryInput(tableName, request))));
    return { items: (answer.Items ?? []) as Item[], after: answer.LastEvaluatedKey ?? null };
  }

  async function queryAll(scope: TenantScope, request: Omit<QueryRequest, 'limit' | 'after'>): Promise<readonly Item[]> {
    const items: Item[] = [];
    let after: QueryPage['after'] = null;
    for (let page = 0; page < MAX_PAGES; page++) {
      const read: QueryPage = await query(scope, { ...request, after });
      items.push(...read.items);
      after = read.after;
      if (after === null) return items;
    }
    throw new StoreError('collection-too-large', 'a collection exceeds the bound of pages');
  }

  async function batchGet(
    scope: TenantScope,
    keys: readonly Key[],
    options: { consistent?: boolean } = {},
  ): Promise<readonly (Item | null)[]> {
    for (const key of keys) assertOwned(scope, key.pk);
    const found = new Map<string, Item>();
    const wanted = [...new Map(keys.map((key) => [keyText(key), { pk: key.pk, sk: key.sk }])).values()];
    for (let at = 0; at < wanted.length; at += BATCH_GET_LIMIT) {
      let pending: Record<string, unknown>[] = wanted.slice(at, at + BATCH_GET_LIMIT);
      for (let attempt = 0; pending.length > 0; attempt++) {
        if (attempt >= MAX_ATTEMPTS) throw new StoreError('store-throttled', 'reads stay unprocessed');
        if (attempt > 0) await backOff(attempt);
        const command = new BatchGetCommand({
          RequestItems: { [tableName]: { Keys: pending, ConsistentRead: options.consistent ?? true } },
        });
        const answer = await send(() => client.send(command));
        for (const item of (answer.Responses?.[tableName] ?? []) as Item[]) found.set(keyText(item), item);
        pending = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
    }
    return keys.map((key) => found.get(keyText(key)) ?? null);
  }

  async function write(scope: TenantScope, actions: readonly WriteAction[], token?: string): Promise<WriteOutcome> {
    if (actions.length === 0) return { applied: true };
    if (actions.length > TRANSACTION_LIMIT) throw new StoreError('transaction-too-large', `${actions.length} actions`);
    for (const action of actions) assertOwned(scope, action.kind === 'put' ? action.item.pk : action.key.pk);
    for (let attempt = 0; ; attempt++) {
      try {
        await sendWrite(client, tableName, actions, token);
        return { applied: true };
      } catch (error) {
        const failed = lostActions(error, actions.length);
        if (failed === null) throw toStoreError(error);
        if (failed.some((one) => one.reason === 'condition')) return { applied: false, failed };
        // Conflicts and throttled parts: the whole transaction again, bounded, with the same token (fault 45).
        if (attempt + 1 >= MAX_ATTEMPTS)
          throw new StoreError('store-conflict', 'the transaction meets others again and again', error);
        await backOff(attempt);
      }
    }
  }

  return { get, query, queryAll, batchGet, write };
}

function assertOwned(scope: TenantScope, partitionKey: string): void {
  const own = tenantKey(scope);
  if (partitionKey !== own && !partitionKey.startsWith(`${own}#`))
    throw new ScopeViolation('a key of another tenant reached the store');
}

const keyText = (key: Key): string => `${key.pk}\n${key.sk}`;

async function send<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
}

function queryInput(tableName: string, request: QueryRequest): QueryCommandInput {
  const [partitionName, sortName] = request.index === 'id' ? ['ip', 'is'] : request.index === 'by' ? ['bp', 'bs'] : ['pk', 'sk'];
  const values: Record<string, unknown> = { ':p': request.partition };
  let expression = '#p = :p';
  if (request.prefix !== undefined) {
    expression += ' AND begins_with(#s, :s)';
    values[':s'] = request.prefix;
  } else if (request.from !== undefined || request.to !== undefined) {
    expression += ' AND #s BETWEEN :f AND :t';
    values[':f'] = request.from ?? ' ';
    values[':t'] = request.to ?? '\u{10ffff}';
  }
  const usesSort = expression.includes('#s');
  return {
    TableName: tableName,
    ...(request.index ? { IndexName: INDEX_NAMES[request.index] } : { ConsistentRead: request.consistent ?? true }),
    KeyConditionExpression: expression,
    ExpressionAttributeNames: { '#p': partitionName!, ...(usesSort ? { '#s': sortName! } : {}) },
    ExpressionAttributeValues: values,
    ...(request.limit === undefined ? {} : { Limit: request.limit }),
    ...(request.after ? { ExclusiveStartKey: request.after } : {}),
    ...(request.descending ? { ScanIndexForward: false } : {}),
  };
}
