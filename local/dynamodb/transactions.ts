// TransactWriteItems and TransactGetItems, which dynalite lacks. A transaction is one unit of work: each action runs
// against the state before it (no item is named twice), and either all of them are committed in one batch or none.
import { createHash } from 'node:crypto';
import { consumedCapacity, itemReadUnits, itemWriteUnits, totalUnits, type Units, writeUnits } from './capacity.ts';
import { library, runAction, validateRequest } from './dynalite.ts';
import { commit, type Engine } from './engine.ts';
import { type Change, itemKey, openUnit, readItem, tableOf } from './storage.ts';
import { rememberToken, tokenOf } from './tokens.ts';
import {
  type Body,
  type CancellationReason,
  cancelled,
  errorName,
  type Item,
  invalid,
  isAnswer,
  isBody,
  WireError,
} from './wire.ts';
import { applyWrite, keyOf, type ParsedWrite, parseWrite } from './writes.ts';

const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
const OPERATIONS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
};

/** TransactWriteItems. */
export async function transactWriteItems(engine: Engine, body: Body): Promise<Body> {
  const { ClientRequestToken: token, ReturnConsumedCapacity: wanted } = body;
  const digest = createHash('sha256').update(JSON.stringify(body.TransactItems)).digest('base64url');
  const actions = actionsOf(body, OPERATIONS).map(([kind, action]) => parseAction(engine, kind, action));
  if (token !== undefined && (typeof token !== 'string' || token.length < 1 || token.length > 36)) {
    throw invalid(
      "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36",
    );
  }
  const targets = actions.map(({ data }) => itemTarget(engine, data));
  refuseTwins(targets);
  return engine.storage.exclusively(async () => {
    const seen = token === undefined ? undefined : tokenOf(engine, token);
    if (seen !== undefined) {
      if (seen.digest !== digest) {
        throw new WireError(
          'IdempotentParameterMismatchException',
          'The request uses the same client token as a previous, but non-identical request',
        );
      }
      return repeated(engine, actions, wanted);
    }
    const unit = openUnit(engine.storage);
    const reasons: CancellationReason[] = [];
    for (const action of actions) reasons.push(await tryAction(engine, unit, action));
    const before = targets.map((target) => (target === undefined ? undefined : readItem(engine.storage, target)));
    if (reasons.some(({ Code }) => Code !== 'None')) {
      actions.forEach(({ data }, index) => {
        engine.counters.add('TransactWriteItems', String(data.TableName), {
          writeUnits: 2 * itemWriteUnits(before[index], undefined),
        });
      });
      throw cancelled(reasons);
    }
    refuseOversize(targets.map((target, index) => unit.changes.get(String(target))?.after ?? before[index]));
    const more = token === undefined ? [] : [rememberToken(engine, token, digest)];
    await commit(engine, unit, more);
    const capacity = perTable(actions, (name, positions) => {
      const table = tableOf(engine.storage, name);
      const changes = positions.map(
        (position): Change => unit.changes.get(String(targets[position])) ?? unchanged(engine, name, before[position]),
      );
      const units = writeUnits(table, changes, 2);
      const itemWrites = positions.filter((position) => actions[position]!.operation !== 'ConditionCheck').length;
      engine.counters.add('TransactWriteItems', name, { itemWrites, writeUnits: totalUnits(units) });
      return consumedCapacity(wanted, units, 'WriteCapacityUnits');
    });
    return capacity.length > 0 ? { ConsumedCapacity: capacity } : {};
  });
}

/** TransactGetItems: all items as of one moment. */
export async function transactGetItems(engine: Engine, body: Body): Promise<Body> {
  const wanted = body.ReturnConsumedCapacity;
  const { store } = openUnit(engine.storage);
  const gets = actionsOf(body, { Get: 'GetItem' }).map(([, action]) => validateRequest(store, 'GetItem', action));
  const targets = gets.map((data) => itemTarget(engine, data));
  refuseTwins(targets);
  return engine.storage.exclusively(async () => {
    const reasons: CancellationReason[] = [];
    const answers: Body[] = [];
    for (const data of gets) {
      const { reason, answer } = await reasonOf(runAction(store, 'GetItem', data));
      reasons.push(reason);
      answers.push(answer ?? {});
    }
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    const capacity = perTable(
      gets.map((data) => ({ data })),
      (name, positions) => {
        const read = positions.map((position) => readItem(engine.storage, String(targets[position])));
        return countReads(engine, 'TransactGetItems', name, read, wanted);
      },
    );
    const responses = answers.map(({ Item: item }) => (item === undefined ? {} : { Item: item }));
    return { Responses: responses, ...(capacity.length > 0 ? { ConsumedCapacity: capacity } : {}) };
  });
}

function actionsOf(body: Body, kinds: Readonly<Record<string, string>>): [string, Body][] {
  const entriesOf = body.TransactItems;
  const bounds = (text: string) =>
    invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${text}`,
    );
  if (!Array.isArray(entriesOf) || entriesOf.length === 0) throw bounds('greater than or equal to 1');
  if (entriesOf.length > MAX_ACTIONS) throw bounds(`less than or equal to ${MAX_ACTIONS}`);
  return entriesOf.map((entry: unknown) => {
    const named = Object.entries(isBody(entry) ? entry : {}).filter(([, action]) => action !== undefined && action !== null);
    const [kind, action] = named[0] ?? [];
    if (named.length !== 1 || kind === undefined || kinds[kind] === undefined || !isBody(action)) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return [kind, action];
  });
}

function parseAction(engine: Engine, kind: string, action: Body): ParsedWrite {
  const operation = OPERATIONS[kind]!;
  const required =
    operation === 'ConditionCheck' ? 'ConditionExpression' : operation === 'UpdateItem' ? 'UpdateExpression' : undefined;
  if (required !== undefined && action[required] === undefined) {
    throw invalid(
      `1 validation error detected: Value null at 'transactItems.member.${required}' failed to satisfy constraint: Member must not be null`,
    );
  }
  // A check is a delete that is never carried out: same members, same condition.
  const parsed = parseWrite(engine, operation === 'ConditionCheck' ? 'DeleteItem' : operation, action);
  tableOf(engine.storage, parsed.data.TableName);
  return { ...parsed, operation };
}

async function tryAction(engine: Engine, unit: ReturnType<typeof openUnit>, action: ParsedWrite): Promise<CancellationReason> {
  if (action.operation !== 'ConditionCheck') return (await reasonOf(applyWrite(engine, unit, action))).reason;
  const check = async (): Promise<Body> => {
    const table = tableOf(engine.storage, action.data.TableName);
    const refused = library.validateKey(keyOf(action.data), table);
    if (refused) throw refused;
    const item = readItem(engine.storage, itemKey(table, keyOf(action.data)));
    const failure = library.checkConditional(action.data, item);
    if (!failure) return {};
    const old = action.returnOldOnFailure && item !== undefined ? { Item: item } : {};
    throw new WireError('ConditionalCheckFailedException', failure.message, old);
  };
  return (await reasonOf(check())).reason;
}

async function reasonOf(work: Promise<Body>): Promise<{ reason: CancellationReason; answer?: Body }> {
  try {
    return { reason: { Code: 'None' }, answer: await work };
  } catch (error) {
    const name = errorName(error);
    if (!isAnswer(error) || (name !== 'ConditionalCheckFailedException' && name !== 'ValidationException')) throw error;
    const message = String(error.body.message);
    if (name === 'ValidationException') return { reason: { Code: 'ValidationError', Message: message } };
    return {
      reason: {
        Code: 'ConditionalCheckFailed',
        Message: message,
        ...(error.body.Item === undefined ? {} : { Item: error.body.Item }),
      },
    };
  }
}

// Undefined for a key that does not fit the table: the action itself says so, in its place among the reasons.
function itemTarget(engine: Engine, data: Body): string | undefined {
  const table = tableOf(engine.storage, data.TableName);
  const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
  const source = keyOf(data);
  const key = Object.fromEntries(names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));
  return library.validateKey(key, table) ? undefined : itemKey(table, key);
}

function refuseTwins(targets: readonly (string | undefined)[]): void {
  const known = targets.filter((target) => target !== undefined);
  if (new Set(known).size < known.length) throw invalid('Transaction request cannot include multiple operations on one item');
}

function refuseOversize(items: readonly (Item | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item === undefined ? 0 : library.itemSize(item)), 0);
  if (bytes > MAX_BYTES) throw invalid('Transaction request size exceeded the limit of 4 MB');
}

function unchanged(engine: Engine, table: string, item: Item | undefined): Change {
  return { table: tableOf(engine.storage, table), ...(item === undefined ? {} : { before: item, after: item }) };
}

function perTable(actions: readonly { data: Body }[], of: (table: string, positions: number[]) => Body | undefined): Body[] {
  const names = [...new Set(actions.map(({ data }) => String(data.TableName)))];
  return names.flatMap((name) => {
    const positions = actions.flatMap(({ data }, index) => (data.TableName === name ? [index] : []));
    const capacity = of(name, positions);
    return capacity === undefined ? [] : [capacity];
  });
}

function countReads(
  engine: Engine,
  operation: string,
  name: string,
  items: readonly (Item | undefined)[],
  wanted: unknown,
): Body | undefined {
  const units: Units = {
    tableName: name,
    table: items.reduce((sum, item) => sum + 2 * itemReadUnits(item), 0),
    global: {},
    local: {},
  };
  engine.counters.add(operation, name, { itemReads: items.length, readUnits: units.table });
  return consumedCapacity(wanted, units, 'ReadCapacityUnits');
}

// The same token with the same request: nothing is written, the items are read.
function repeated(engine: Engine, actions: readonly ParsedWrite[], wanted: unknown): Body {
  const capacity = perTable(actions, (name, positions) => {
    const table = tableOf(engine.storage, name);
    const items = positions.map((position) => readItem(engine.storage, itemKey(table, keyOf(actions[position]!.data))));
    return countReads(engine, 'TransactWriteItems', name, items, wanted);
  });
  return capacity.length > 0 ? { ConsumedCapacity: capacity } : {};
}
