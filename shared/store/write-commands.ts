import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from '#model/keys.ts';
import { StoreError } from './store-error.ts';
import type { Condition, FailedAction, Item, WriteAction } from './write-action.ts';

/** Sends one action as a plain write (half the price of a transaction), several as one transaction. */
export async function sendWrite(
  client: DynamoDBDocumentClient,
  tableName: string,
  actions: readonly WriteAction[],
  token: string | undefined,
): Promise<void> {
  const [only] = actions;
  if (actions.length === 1 && only !== undefined && only.kind !== 'check') {
    await sendSingle(client, tableName, only);
    return;
  }
  const TransactItems = actions.map((action) => transactItem(tableName, action));
  await client.send(new TransactWriteCommand({ TransactItems, ...(token === undefined ? {} : { ClientRequestToken: token }) }));
}

async function sendSingle(
  client: DynamoDBDocumentClient,
  tableName: string,
  action: Exclude<WriteAction, { kind: 'check' }>,
): Promise<void> {
  const item = transactItem(tableName, action);
  if (item.Put) await client.send(new PutCommand(item.Put));
  else if (item.Update) await client.send(new UpdateCommand({ ...item.Update }));
  else if (item.Delete) await client.send(new DeleteCommand(item.Delete));
}

const REASONS: Readonly<Record<string, FailedAction['reason']>> = {
  ConditionalCheckFailed: 'condition',
  TransactionConflict: 'conflict',
  ThrottlingError: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
};

/** Which actions were lost, and to what; null when the error is something else and nobody knows whether the write was applied. */
export function lostActions(error: unknown, count: number): readonly FailedAction[] | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'ConditionalCheckFailedException') return [{ index: 0, reason: 'condition', current: currentItem(error) }];
  if (error.name === 'TransactionConflictException') return [{ index: 0, reason: 'conflict', current: null }];
  if (error.name === 'TransactionInProgressException') return [{ index: 0, reason: 'conflict', current: null }];
  if (error.name !== 'TransactionCanceledException') return null;
  const reasons = (error as { CancellationReasons?: readonly { Code?: string }[] }).CancellationReasons ?? [];
  if (reasons.length !== count) throw new StoreError('store-refused', 'a cancelled transaction without reasons', error);
  const lost: FailedAction[] = [];
  for (const [index, reason] of reasons.entries()) {
    if (reason.Code === undefined || reason.Code === 'None') continue;
    const known = REASONS[reason.Code];
    if (known === undefined) throw new StoreError('store-refused', `a transaction was cancelled for ${reason.Code}`, error);
    lost.push({ index, reason: known, current: currentItem(reason) });
  }
  return lost;
}

/** The losing item travels in the error, so a lost condition costs no second read. Single writes carry it in its low-level form. */
function currentItem(source: object): Item | null {
  const item = (source as { Item?: Record<string, unknown> }).Item;
  if (!item || Object.keys(item).length === 0) return null;
  const pk = item.pk;
  const lowLevel = typeof pk === 'object' && pk !== null;
  return (lowLevel ? unmarshall(item as Parameters<typeof unmarshall>[0]) : item) as Item;
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function transactItem(tableName: string, action: WriteAction): TransactItem {
  const onFailure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  switch (action.kind) {
    case 'put':
      return { Put: { TableName: tableName, Item: action.item, ...conditionInput(action.condition), ...onFailure } };
    case 'update':
      return {
        Update: { TableName: tableName, Key: keyOf(action.key), ...updateInput(action.update, action.condition), ...onFailure },
      };
    case 'delete':
      return { Delete: { TableName: tableName, Key: keyOf(action.key), ...conditionInput(action.condition), ...onFailure } };
    case 'check':
      return {
        ConditionCheck: {
          TableName: tableName,
          Key: keyOf(action.key),
          ConditionExpression: action.condition.expression,
          ...expressionParts(action.condition),
          ...onFailure,
        },
      };
  }
}

const keyOf = (key: Key): { pk: string; sk: string } => ({ pk: key.pk, sk: key.sk });

function conditionInput(condition: Condition | undefined) {
  return condition === undefined ? {} : { ConditionExpression: condition.expression, ...expressionParts(condition) };
}

function updateInput(update: Condition, condition: Condition | undefined) {
  return {
    UpdateExpression: update.expression,
    ...(condition ? { ConditionExpression: condition.expression } : {}),
    ...expressionParts({
      expression: '',
      names: { ...update.names, ...condition?.names },
      values: { ...update.values, ...condition?.values },
    }),
  };
}

function expressionParts(condition: Condition) {
  const names = condition.names ?? {};
  const values = condition.values ?? {};
  return {
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: { ...names } } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: { ...values } } : {}),
  };
}
