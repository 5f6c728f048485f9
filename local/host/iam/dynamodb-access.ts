import { validationError } from '../aws/error.ts';
import { isObject, type JsonObject, listOf, objectOf } from '../json.ts';
import { arnOf } from '../template/attributes.ts';
import type { Locality } from '../template/locality.ts';
import type { Access } from './iam.ts';

/** Which attributes hold the partition keys of a table: its own and those of its indexes. */
export type TableKeys = { readonly partitionKey: string; readonly indexes: ReadonlyMap<string, string> };
export type TablesByName = ReadonlyMap<string, TableKeys>;

type Part = {
  readonly action: string;
  readonly table: string;
  readonly index?: string;
  readonly keys: readonly JsonObject[] | null;
};

/**
 * The permissions that a DynamoDB request needs, with the partition keys it really touches as
 * `dynamodb:LeadingKeys`. A transaction needs those of its parts, an index is a resource of its own.
 */
export function dynamoAccess(operation: string, body: JsonObject, tables: TablesByName, locality: Locality): Access[] {
  return partsOf(operation, body, tables).map(({ action, table, index, keys }) => {
    const name = table.slice(table.lastIndexOf('/') + 1);
    const resource = arnOf(locality, 'dynamodb', `table/${name}${index === undefined ? '' : `/index/${index}`}`);
    const definition = tables.get(name);
    const context: Record<string, string[]> = {};
    if (definition !== undefined && keys !== null) {
      const attribute = index === undefined ? definition.partitionKey : definition.indexes.get(index);
      const values = keys.flatMap((key) => scalarOf(attribute === undefined ? undefined : key[attribute]) ?? []);
      if (values.length > 0) context['dynamodb:leadingkeys'] = [...new Set(values)];
    }
    if (operation.startsWith('Transact')) context['dynamodb:enclosingoperation'] = [operation];
    if (typeof body.Select === 'string') context['dynamodb:select'] = [body.Select];
    if (typeof body.ReturnValues === 'string') context['dynamodb:returnvalues'] = [body.ReturnValues];
    return { action: `dynamodb:${action}`, resource, context };
  });
}

function partsOf(operation: string, body: JsonObject, tables: TablesByName): Part[] {
  const table = typeof body.TableName === 'string' ? body.TableName : '*';
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [{ action: operation, table, keys: [objectOf(body.Key, 'Key')] }];
    case 'PutItem':
      return [{ action: operation, table, keys: [objectOf(body.Item, 'Item')] }];
    case 'Query': {
      const index = typeof body.IndexName === 'string' ? { index: body.IndexName } : {};
      return [{ action: operation, table, ...index, keys: [queriedKey(body, tables.get(table), index.index)] }];
    }
    case 'Scan':
      // A scan names no key, so a condition for all leading keys holds: only the action itself can forbid it.
      return [{ action: operation, table, ...(typeof body.IndexName === 'string' ? { index: body.IndexName } : {}), keys: null }];
    case 'BatchGetItem':
      return Object.entries(objectOf(body.RequestItems, 'RequestItems')).map(([name, request]) => ({
        action: operation,
        table: name,
        keys: listOf(objectOf(request, name).Keys).map((key) => objectOf(key, 'Keys')),
      }));
    case 'BatchWriteItem':
      return Object.entries(objectOf(body.RequestItems, 'RequestItems')).map(([name, requests]) => ({
        action: operation,
        table: name,
        keys: listOf(requests).map((request) => {
          const { PutRequest, DeleteRequest } = objectOf(request, name);
          return objectOf(isObject(PutRequest) ? PutRequest.Item : objectOf(DeleteRequest, name).Key, name);
        }),
      }));
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return listOf(body.TransactItems).flatMap((entry) => Object.entries(objectOf(entry, 'TransactItems')).map(transactionPart));
    default:
      if (operation.startsWith('Execute') || operation === 'BatchExecuteStatement')
        throw validationError('PartiQL is not available on the local host');
      return [{ action: operation, table, keys: null }];
  }
}

const PART_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

function transactionPart([kind, part]: [string, unknown]): Part {
  const { TableName, Key, Item } = objectOf(part, kind);
  const action = PART_ACTIONS[kind];
  if (action === undefined) throw validationError(`Unknown transaction part ${kind}`);
  return { action, table: String(TableName), keys: [objectOf(Item ?? Key, kind)] };
}

// Finds `key = :value` for the partition key in a key condition, whichever side it stands on.
function queriedKey(body: JsonObject, table: TableKeys | undefined, index: string | undefined): JsonObject {
  const attribute = index === undefined ? table?.partitionKey : table?.indexes.get(index);
  if (attribute === undefined) return {};
  if (isObject(body.KeyConditions)) {
    const condition = objectOf(body.KeyConditions[attribute], attribute);
    return { [attribute]: listOf(condition.AttributeValueList)[0] };
  }
  const names = objectOf(body.ExpressionAttributeNames, 'ExpressionAttributeNames');
  const values = objectOf(body.ExpressionAttributeValues, 'ExpressionAttributeValues');
  const expression = String(body.KeyConditionExpression ?? '');
  for (const [, left = '', right = ''] of expression.matchAll(/([#:]?[\w.-]+)\s*=\s*([#:]?[\w.-]+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    if ((name.startsWith('#') ? names[name] : name) === attribute) return { [attribute]: values[value] };
  }
  return {};
}

function scalarOf(value: unknown): string[] | null {
  if (!isObject(value)) return null;
  const scalar = value.S ?? value.N ?? value.B;
  return typeof scalar === 'string' ? [scalar] : null;
}
