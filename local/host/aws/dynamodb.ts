import { dynamoAccess } from '../iam/dynamodb-access.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import type { JsonObject } from '../json.ts';
import { type TableDefinition, tableKeyAccess } from '../tables.ts';
import type { Locality } from '../template/locality.ts';
import type { Engine, EngineAnswer } from './engine.ts';

/**
 * Checks a DynamoDB or DynamoDBStreams request against the caller's policies and passes it on to the engine. A caller of
 * a table under a customer-managed key also needs kms:Decrypt on it, which DynamoDB uses in the caller's name.
 */
export function createDynamoGate(tables: readonly TableDefinition[], engine: Engine, iam: Iam, locality: Locality) {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const byArn = new Map(tables.map((table) => [table.arn, table]));

  return async (target: string, operation: string, raw: Buffer, body: JsonObject, caller: Caller): Promise<EngineAnswer> => {
    if (caller.kind !== 'operator') {
      const accesses = target.startsWith('DynamoDBStreams')
        ? [{ action: `dynamodb:${operation}`, resource: typeof body.StreamArn === 'string' ? body.StreamArn : '*' }]
        : dynamoAccess(operation, body, byName, locality);
      for (const access of accesses) {
        iam.require(caller, access);
        const table = byArn.get(access.resource.split(/\/(?:index|stream)\//)[0] ?? '');
        const keyAccess = table === undefined ? null : tableKeyAccess(table, locality);
        if (keyAccess !== null) iam.require(caller, keyAccess);
      }
    }
    return engine.forward(target, raw);
  };
}
