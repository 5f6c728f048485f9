// GetItem, BatchGetItem, Query and Scan: dynalite's own, with the costs counted and cut to what the request asked for.
import { correctConditions } from './conditions.ts';
import { runAction, validateRequest } from './dynalite.ts';
import { applyLaggedIndexes, type Engine } from './engine.ts';
import { openUnit } from './storage.ts';
import { type Body, isBody } from './wire.ts';

/** Answers a read. A query on a global index first lets the index changes in whose lag is over. */
export async function read(engine: Engine, operation: string, body: Body): Promise<Body> {
  const wanted = body.ReturnConsumedCapacity;
  const { store } = openUnit(engine.storage);
  const data = validateRequest(store, operation, body);
  correctConditions(data);
  if (data.IndexName !== undefined && engine.lagged.length > 0)
    await engine.storage.exclusively(() => applyLaggedIndexes(engine));
  const { ConsumedCapacity: capacity, ...answer } = await runAction(store, operation, {
    ...data,
    ReturnConsumedCapacity: 'INDEXES',
  });
  restoreRequests(answer, data);
  const perTable = (Array.isArray(capacity) ? capacity : [capacity]).filter(isBody).map((part) => atLeastOneRead(part, data));
  for (const part of perTable) {
    const table = String(part.TableName);
    engine.counters.add(operation, table, { itemReads: itemReads(answer, data, table), readUnits: Number(part.CapacityUnits) });
  }
  const shown = perTable.map((part) =>
    wanted === 'INDEXES' ? part : { TableName: part.TableName, CapacityUnits: part.CapacityUnits },
  );
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return answer;
  return { ...answer, ConsumedCapacity: Array.isArray(capacity) ? shown : shown[0] };
}

// Unprocessed keys come back as a request to repeat; dynalite forgets the projection in it.
function restoreRequests(answer: Body, { RequestItems: requests }: Body): void {
  if (!isBody(answer.UnprocessedKeys) || !isBody(requests)) return;
  for (const [table, rest] of Object.entries(answer.UnprocessedKeys)) {
    const request = requests[table];
    if (!isBody(request) || !isBody(rest)) continue;
    const { _projection: _parsed, ...asSent } = request;
    answer.UnprocessedKeys[table] = { ...asSent, Keys: rest.Keys };
  }
}

// A Query or Scan that finds nothing costs as much as one of a single small item; dynalite counts nothing.
function atLeastOneRead(part: Body, data: Body): Body {
  if (part.CapacityUnits !== 0) return part;
  const units = data.ConsistentRead ? 1 : 0.5;
  const index = typeof data.IndexName === 'string' && isBody(part.GlobalSecondaryIndexes) ? data.IndexName : undefined;
  if (index === undefined) return { ...part, CapacityUnits: units, Table: { CapacityUnits: units } };
  return { ...part, CapacityUnits: units, GlobalSecondaryIndexes: { [index]: { CapacityUnits: units } } };
}

function itemReads(answer: Body, data: Body, table: string): number {
  if (typeof answer.ScannedCount === 'number') return answer.ScannedCount;
  if (!isBody(data.RequestItems)) return 1;
  const request = data.RequestItems[table];
  return isBody(request) && Array.isArray(request.Keys) ? request.Keys.length : 0;
}
