// PutItem, UpdateItem, DeleteItem and BatchWriteItem: dynalite decides what changes, we commit it with its stream records.
import { consumedCapacity, itemWriteUnits, totalUnits, writeUnits } from './capacity.ts';
import { correctConditions } from './conditions.ts';
import { runAction, type TableDescription, validateRequest } from './dynalite.ts';
import { commit, type Engine } from './engine.ts';
import { type Change, itemKey, openUnit, readItem, tableOf, type Unit } from './storage.ts';
import { type Body, errorName, type Item, invalid, isAnswer, WireError } from './wire.ts';

/** A request after validation, with what dynalite's validation would drop. */
export type ParsedWrite = { readonly operation: string; readonly data: Body; readonly returnOldOnFailure: boolean };

/** Validates a single write. Consumes `body`. */
export function parseWrite(engine: Engine, operation: string, body: Body): ParsedWrite {
  const returnOldOnFailure = body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const data = validateRequest(openUnit(engine.storage).store, operation, body);
  correctConditions(data);
  orderRemovals(data);
  return { operation, data, returnOldOnFailure };
}

/** Applies a validated write to a unit of work; rejects with the service's error, the old item in it when asked for. */
export async function applyWrite(
  engine: Engine,
  unit: Unit,
  { operation, data, returnOldOnFailure }: ParsedWrite,
): Promise<Body> {
  const table = tableOf(engine.storage, data.TableName);
  try {
    const answer = await runAction(unit.store, operation, { ...data, ReturnConsumedCapacity: undefined });
    const changes = [...unit.changes.values()];
    const last = changes.at(-1);
    if (last?.after !== undefined) refuseEmptyIndexKeys(last.table, last.after);
    return answer;
  } catch (error) {
    if (errorName(error) !== 'ConditionalCheckFailedException' || !returnOldOnFailure) throw error;
    const old = readItem(engine.storage, itemKey(table, keyOf(data)));
    if (old === undefined || !isAnswer(error)) throw error;
    throw new WireError('ConditionalCheckFailedException', String(error.body.message), { Item: old });
  }
}

/** PutItem, UpdateItem, DeleteItem. */
export async function writeItem(engine: Engine, operation: string, body: Body): Promise<Body> {
  const wanted = body.ReturnConsumedCapacity;
  const write = parseWrite(engine, operation, body);
  const table = tableOf(engine.storage, write.data.TableName);
  return engine.storage.exclusively(async () => {
    const unit = openUnit(engine.storage);
    let answer: Body;
    try {
      answer = await applyWrite(engine, unit, write);
    } catch (error) {
      // A failed condition is billed by the size of the item it looked at.
      if (errorName(error) === 'ConditionalCheckFailedException') {
        const old = readItem(engine.storage, itemKey(table, keyOf(write.data)));
        engine.counters.add(operation, table.TableName, { writeUnits: itemWriteUnits(old, undefined) });
      }
      throw error;
    }
    await commit(engine, unit);
    const units = writeUnits(table, changesOrNothing(unit, table), 1);
    engine.counters.add(operation, table.TableName, { itemWrites: 1, writeUnits: totalUnits(units) });
    const { Attributes: attributes, ConsumedCapacity: _theirs, ...rest } = answer;
    const capacity = consumedCapacity(wanted, units);
    return {
      ...rest,
      ...(isEmpty(attributes) ? {} : { Attributes: attributes }),
      ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
    };
  });
}

/** BatchWriteItem. All of it is applied at once, which the service does not promise. */
export async function batchWriteItem(engine: Engine, body: Body): Promise<Body> {
  const wanted = body.ReturnConsumedCapacity;
  const data = validateRequest(openUnit(engine.storage).store, 'BatchWriteItem', body);
  return engine.storage.exclusively(async () => {
    const unit = openUnit(engine.storage);
    await runAction(unit.store, 'BatchWriteItem', { ...data, ReturnConsumedCapacity: undefined });
    for (const { table, after } of unit.changes.values()) if (after !== undefined) refuseEmptyIndexKeys(table, after);
    await commit(engine, unit);
    const capacity = Object.keys(data.RequestItems as Body).flatMap((name) => {
      const table = tableOf(engine.storage, name);
      const changes = [...unit.changes.values()].filter((change) => change.table.TableName === name);
      const units = writeUnits(table, changes, 1);
      engine.counters.add('BatchWriteItem', name, { itemWrites: changes.length, writeUnits: totalUnits(units) });
      return consumedCapacity(wanted, units) ?? [];
    });
    return { UnprocessedItems: {}, ...(capacity.length > 0 ? { ConsumedCapacity: capacity } : {}) };
  });
}

/** The key, or the item that contains it, of a single write. */
export function keyOf(data: Body): Item {
  return (data.Key ?? data.Item) as Item;
}

// A delete of what is not there changes nothing and still costs a unit.
function changesOrNothing(unit: Unit, table: TableDescription): Change[] {
  return unit.changes.size === 0 ? [{ table }] : [...unit.changes.values()];
}

function isEmpty(attributes: unknown): boolean {
  return typeof attributes !== 'object' || attributes === null || Object.keys(attributes).length === 0;
}

function refuseEmptyIndexKeys(table: TableDescription, item: Item): void {
  for (const index of [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]) {
    for (const { AttributeName: name } of index.KeySchema) {
      const value = item[name];
      if (value === undefined) continue;
      if (value.S === '' || value.B === '') {
        throw invalid(
          'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
            `The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.IndexName}, IndexKey: ${name}`,
        );
      }
      const type = table.AttributeDefinitions.find((definition) => definition.AttributeName === name)?.AttributeType;
      if (type !== undefined && value[type] === undefined) {
        throw invalid(
          'One or more parameter values were invalid: ' +
            `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${Object.keys(value)[0]} IndexName: ${index.IndexName}`,
        );
      }
    }
  }
}

// Positions in REMOVE mean the list as it was; dynalite removes one after the other, so the last position goes first.
function orderRemovals(data: Body): void {
  const updates = data._updates as { sections: { type: string; path: (string | number)[] }[] } | undefined;
  updates?.sections.sort((a, b) => {
    const [x, y] = [a.path.at(-1), b.path.at(-1)];
    return a.type === 'remove' && b.type === 'remove' && typeof x === 'number' && typeof y === 'number' ? y - x : 0;
  });
}
