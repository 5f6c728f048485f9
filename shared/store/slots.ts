import { createHash } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '#kernel/instant.ts';
import { connectionId, parseConnectionId } from '#model/ids.ts';
import { dailySlotKey, dailySlotPartition, slotKey, slotPartition, tenantIdOfKey, tickKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { toStoreError } from './store-error.ts';

/**
 * The schedule's own items: which connection is due in which minute of its cycle. The one place outside a tenant's partitions; what a
 * slot names is checked against the connection record before anything is done with it (M-76).
 */
export interface Slots {
  /** Connection ids due in a minute of a cycle. */
  due(provider: string, cycleMinutes: number, minute: number): Promise<readonly string[]>;
  /** Puts a connection into its minute, and its tenant into its hour of the day. */
  occupy(provider: string, cycleMinutes: number, scope: TenantScope, n: number): Promise<void>;
  free(provider: string, cycleMinutes: number, scope: TenantScope, n: number): Promise<void>;
  /** Ids of the tenants whose daily work falls into an hour; what they name is checked against the tenant's own records. */
  dueToday(hour: number): Promise<readonly string[]>;
  /** The last minute that was dispatched; null before the first. */
  lastTick(provider: string): Promise<Instant | null>;
  /** Moves the tick on, unless somebody has moved it further. False: another dispatcher was faster. */
  moveTick(provider: string, from: Instant | null, to: Instant): Promise<boolean>;
}

/** The minute of its cycle that a connection owns: a hash of its id, so that starts spread evenly (M-75, P13). */
export function minuteOfCycle(connection: string, cycleMinutes: number): number {
  return createHash('sha256').update(connection).digest().readUInt32BE(0) % cycleMinutes;
}

/** The hour of the day (UTC) in which a tenant's daily work is done: a hash of its id. */
export function hourOfDay(scope: TenantScope): number {
  return createHash('sha256').update(scope.tenantId).digest().readUInt32BE(0) % 24;
}

/** Opens the slots of the table. */
export function openSlots({ client, tableName }: { client: DynamoDBDocumentClient; tableName: string }): Slots {
  const send = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toStoreError(error);
    }
  };
  const listPartition = async (pk: string): Promise<string[]> => {
    const keys: string[] = [];
    let after: Record<string, unknown> | undefined;
    do {
      const answer = await send(() =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': pk },
            ...(after ? { ExclusiveStartKey: after } : {}),
          }),
        ),
      );
      keys.push(...(answer.Items ?? []).map((item) => String(item.sk)));
      after = answer.LastEvaluatedKey;
    } while (after !== undefined);
    return keys;
  };
  const keyFor = (provider: string, cycleMinutes: number, scope: TenantScope, n: number) =>
    slotKey(provider, cycleMinutes, minuteOfCycle(connectionId(scope.tenantId, n), cycleMinutes), scope, n);

  return {
    async due(provider, cycleMinutes, minute) {
      const keys = await listPartition(slotPartition(provider, cycleMinutes, minute));
      return keys.flatMap((key) => idOfSlot(key) ?? []);
    },
    async dueToday(hour) {
      const keys = await listPartition(dailySlotPartition(hour));
      return keys.flatMap((key) => tenantIdOfKey(key) ?? []);
    },
    async occupy(provider, cycleMinutes, scope, n) {
      for (const key of [keyFor(provider, cycleMinutes, scope, n), dailySlotKey(hourOfDay(scope), scope)])
        await send(() => client.send(new PutCommand({ TableName: tableName, Item: { ...key, et: 'sl', v: 1 } })));
    },
    async free(provider, cycleMinutes, scope, n) {
      await send(() => client.send(new DeleteCommand({ TableName: tableName, Key: keyFor(provider, cycleMinutes, scope, n) })));
    },
    async lastTick(provider) {
      const answer = await send(() =>
        client.send(new GetCommand({ TableName: tableName, Key: tickKey(provider), ConsistentRead: true })),
      );
      return (answer.Item?.at as Instant | undefined) ?? null;
    },
    async moveTick(provider, from, to) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...tickKey(provider), et: 'tk', v: 1, at: to },
            ConditionExpression: from === null ? 'attribute_not_exists(pk)' : '#at = :from',
            ...(from === null ? {} : { ExpressionAttributeNames: { '#at': 'at' }, ExpressionAttributeValues: { ':from': from } }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw toStoreError(error);
      }
    },
  };
}

/** A slot's sort key is its connection's partition: `T#<tenant>#C#<n>`. */
function idOfSlot(sortKey: string): string | null {
  const match = /^T#([a-z0-9]+)#C#(\d+)$/.exec(sortKey);
  const id = match ? `${match[1]}.${match[2]}` : '';
  return parseConnectionId(id) === null ? null : id;
}
