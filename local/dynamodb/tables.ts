// Tables: dynalite's descriptions plus what it does not know (streams, TTL, point-in-time flag, indexes added later).
import { type IndexDescription, library, type Operation, runAction, type TableDescription, validateRequest } from './dynalite.ts';
import { changeSettings, commit, type Engine, settingsOf } from './engine.ts';
import { entries, openUnit, prefixed, readItem, tableOf } from './storage.ts';
import { streamArnOf } from './streams.ts';
import { type Body, type Item, invalid, isBody, WireError } from './wire.ts';

const EXPIRY = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };
const FIVE_YEARS_SECONDS = 5 * 366 * 86_400;

/** CreateTable. The table is usable at once; the answer says CREATING, as the service does. */
export async function createTable(engine: Engine, body: Body): Promise<Body> {
  const wanted = body.StreamSpecification;
  const unit = openUnit(engine.storage);
  const data = validateRequest(unit.store, 'CreateTable', body);
  return engine.storage.exclusively(async () => {
    const answer = structuredClone(await runAction(unit.store, 'CreateTable', data));
    const created = structuredClone(answer.TableDescription) as TableDescription;
    // Settings first: a kill in between leaves no table, rather than one without its stream.
    engine.settings.delete(created.TableName);
    if (isBody(wanted)) await switchStream(engine, created.TableName, wanted);
    await saveTable(engine, activated(created));
    return { TableDescription: { ...created, TableStatus: 'CREATING', ...streamMembers(engine, created.TableName) } };
  });
}

/** DescribeTable. */
export function describeTable(engine: Engine, body: Body): Body {
  const table = engine.storage.tables.get(String(body.TableName));
  if (table === undefined)
    throw new WireError('ResourceNotFoundException', `Requested resource not found: Table: ${String(body.TableName)} not found`);
  return { Table: { ...table, ...streamMembers(engine, table.TableName) } };
}

/** ListTables, in name order. */
export function listTables(engine: Engine, body: Body): Body {
  const names = [...engine.storage.tables.keys()]
    .sort()
    .filter((name) => body.ExclusiveStartTableName === undefined || name > String(body.ExclusiveStartTableName));
  const limit = body.Limit === undefined ? 100 : Number(body.Limit);
  return { TableNames: names.slice(0, limit), ...(names.length > limit ? { LastEvaluatedTableName: names[limit - 1] } : {}) };
}

/** UpdateTable: billing, throughput, the stream, and indexes created (filled at once) or deleted. */
export async function updateTable(engine: Engine, body: Body): Promise<Body> {
  const { StreamSpecification: stream, AttributeDefinitions: attributes, ...rest } = body;
  const name = String(body.TableName);
  return engine.storage.exclusively(async () => {
    const changes = (Array.isArray(rest.GlobalSecondaryIndexUpdates) ? rest.GlobalSecondaryIndexUpdates : []).filter(isBody);
    const table = structuredClone(tableOf(engine.storage, name));
    if (Array.isArray(attributes)) table.AttributeDefinitions = attributes;
    for (const { Create: create, Delete: remove } of changes) {
      if (isBody(create)) await addIndex(engine, table, create as unknown as IndexDescription);
      if (isBody(remove)) await removeIndex(engine, table, String(remove.IndexName));
    }
    if (rest.BillingMode !== undefined) table.BillingModeSummary = { BillingMode: rest.BillingMode };
    if (isBody(rest.ProvisionedThroughput))
      table.ProvisionedThroughput = { ...rest.ProvisionedThroughput, NumberOfDecreasesToday: 0 };
    await saveTable(engine, activated(table));
    if (isBody(stream)) await switchStream(engine, name, stream);
    return { TableDescription: { ...table, TableStatus: 'UPDATING', ...streamMembers(engine, name) } };
  });
}

/** DeleteTable, with everything in it and its stream. */
export async function deleteTable(engine: Engine, body: Body): Promise<Body> {
  const table = tableOf(engine.storage, body.TableName);
  const name = table.TableName;
  return engine.storage.exclusively(async () => {
    const gone: Operation[] = [`table~${name}`, `settings~${name}`].map((key) => ({ type: 'del', key }));
    for (const prefix of [`item-${name}~`, `index-global~${name}~`, `index-local~${name}~`, `stream~${name}~`])
      gone.push(...(await removals(engine, prefix)));
    await engine.storage.db.batch(gone);
    engine.storage.tables.delete(name);
    engine.settings.delete(name);
    return { TableDescription: { ...table, TableStatus: 'DELETING' } };
  });
}

/** UpdateTimeToLive. */
export async function updateTimeToLive(engine: Engine, body: Body): Promise<Body> {
  const name = tableOf(engine.storage, body.TableName).TableName;
  const wanted = body.TimeToLiveSpecification;
  if (!isBody(wanted) || typeof wanted.AttributeName !== 'string')
    throw invalid('TimeToLiveSpecification with AttributeName is required');
  const attribute = wanted.AttributeName;
  return engine.storage.exclusively(async () => {
    const enabled = settingsOf(engine, name).timeToLiveAttribute !== undefined;
    if (enabled === Boolean(wanted.Enabled)) throw invalid(`TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`);
    const { timeToLiveAttribute: _old, ...rest } = settingsOf(engine, name);
    engine.settings.set(name, rest);
    await changeSettings(engine, name, wanted.Enabled ? { timeToLiveAttribute: attribute } : {});
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: Boolean(wanted.Enabled) } };
  });
}

/** DescribeTimeToLive. */
export function describeTimeToLive(engine: Engine, body: Body): Body {
  const attribute = settingsOf(engine, tableOf(engine.storage, body.TableName).TableName).timeToLiveAttribute;
  const description =
    attribute === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
  return { TimeToLiveDescription: description };
}

/** UpdateContinuousBackups: the flag only, nothing is backed up. */
export async function updateContinuousBackups(engine: Engine, body: Body): Promise<Body> {
  const name = tableOf(engine.storage, body.TableName).TableName;
  const wanted = body.PointInTimeRecoverySpecification;
  const pointInTimeRecovery = isBody(wanted) && wanted.PointInTimeRecoveryEnabled === true;
  await engine.storage.exclusively(() => changeSettings(engine, name, { pointInTimeRecovery }));
  return describeContinuousBackups(engine, body);
}

/** DescribeContinuousBackups. */
export function describeContinuousBackups(engine: Engine, body: Body): Body {
  const { pointInTimeRecovery } = settingsOf(engine, tableOf(engine.storage, body.TableName).TableName);
  const status = pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
    },
  };
}

/**
 * Removes what has expired at `nowMs`, as the service does in its own time: items whose TTL attribute is a number of
 * epoch seconds in the past, but no more than five years ago. Returns how many went.
 */
export async function expireItems(engine: Engine, nowMs: number): Promise<number> {
  let count = 0;
  for (const table of engine.storage.tables.values()) {
    const attribute = settingsOf(engine, table.TableName).timeToLiveAttribute;
    if (attribute === undefined) continue;
    const expired = (item: Item | undefined) => {
      const seconds = Number(item?.[attribute]?.N ?? Number.NaN);
      return seconds <= nowMs / 1000 && seconds > nowMs / 1000 - FIVE_YEARS_SECONDS;
    };
    for await (const [key, value] of entries(engine.storage.db, prefixed(`item-${table.TableName}~`))) {
      if (!expired(value as Item)) continue;
      count += await engine.storage.exclusively(async () => {
        const item = readItem(engine.storage, key);
        if (item === undefined || !expired(item)) return 0;
        const unit = openUnit(engine.storage);
        const Key = Object.fromEntries(table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
        await runAction(unit.store, 'DeleteItem', { TableName: table.TableName, Key });
        await commit(engine, unit, [], EXPIRY);
        return 1;
      });
    }
  }
  return count;
}

async function saveTable(engine: Engine, table: TableDescription): Promise<void> {
  await engine.storage.db.batch([{ type: 'put', key: `table~${table.TableName}`, value: table }]);
  engine.storage.tables.set(table.TableName, table);
}

function activated(table: TableDescription): TableDescription {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  return { ...table, TableStatus: 'ACTIVE', ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }) };
}

function streamMembers(engine: Engine, name: string): Body {
  const stream = settingsOf(engine, name).stream;
  if (stream === undefined) return {};
  const specification = { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } };
  return {
    ...(stream.enabled ? specification : {}),
    LatestStreamArn: streamArnOf(engine, name),
    LatestStreamLabel: stream.label,
  };
}

async function switchStream(engine: Engine, name: string, wanted: Body): Promise<void> {
  const old = settingsOf(engine, name).stream;
  if (wanted.StreamEnabled !== true) {
    if (old !== undefined) await changeSettings(engine, name, { stream: { ...old, enabled: false } });
    return;
  }
  if (old?.enabled) throw invalid(`Table already has an enabled stream: TableName: ${name}`);
  if (typeof wanted.StreamViewType !== 'string')
    throw invalid('One or more parameter values were invalid: StreamViewType must be specified');
  const label = new Date(engine.now()).toISOString().slice(0, -1);
  await changeSettings(engine, name, {
    stream: { label, viewType: wanted.StreamViewType, enabled: true, after: String(engine.sequence) },
  });
}

async function addIndex(engine: Engine, table: TableDescription, wanted: IndexDescription): Promise<void> {
  const present = table.GlobalSecondaryIndexes ?? [];
  if (present.some(({ IndexName }) => IndexName === wanted.IndexName))
    throw invalid(`Attempting to create an index which already exists: ${wanted.IndexName}`);
  const index = { ...wanted, IndexArn: `${table.TableArn}/index/${wanted.IndexName}`, ItemCount: 0, IndexSizeBytes: 0 };
  table.GlobalSecondaryIndexes = [...present, index];
  const fill: Operation[] = [];
  for await (const [, value] of entries(engine.storage.db, prefixed(`item-${table.TableName}~`))) {
    for (const { key, item } of library.getIndexActions([index], undefined, value as Item, table).puts) {
      fill.push({ type: 'put', key: `index-global~${table.TableName}~${index.IndexName}~${key}`, value: item });
    }
  }
  await engine.storage.db.batch(fill);
}

async function removeIndex(engine: Engine, table: TableDescription, name: string): Promise<void> {
  const present = table.GlobalSecondaryIndexes ?? [];
  const kept = present.filter(({ IndexName }) => IndexName !== name);
  if (kept.length === present.length)
    throw new WireError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
  if (kept.length > 0) table.GlobalSecondaryIndexes = kept;
  else delete table.GlobalSecondaryIndexes;
  await engine.storage.db.batch(await removals(engine, `index-global~${table.TableName}~${name}~`));
}

async function removals(engine: Engine, prefix: string): Promise<Operation[]> {
  const gone: Operation[] = [];
  for await (const [key] of entries(engine.storage.db, prefixed(prefix))) gone.push({ type: 'del', key });
  return gone;
}
