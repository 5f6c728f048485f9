// Random requests on a small table, so that keys, conditions and index entries meet often. Same seed, same requests.

export type RandomRequest = { readonly operation: string; readonly body: Record<string, unknown> };
type Value = Record<string, unknown>;
type Pick = <T>(choices: readonly T[]) => T;

export const TABLE = 'differential';
export const INDEX = 'byPlace';

/** A stream of random requests from a seed. */
export function randomRequests(seed: number): () => RandomRequest {
  const random = mulberry32(seed);
  const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)]!;
  const maybe = <T>(share: number, value: () => T): T | undefined => (random() < share ? value() : undefined);
  const kinds: readonly (() => RandomRequest)[] = [
    () => put(pick, maybe),
    () => put(pick, maybe),
    () => update(pick, maybe),
    () => update(pick, maybe),
    () => update(pick, maybe),
    () => remove(pick, maybe),
    () => loneUpdate(pick),
    () => get(pick, maybe),
    () => query(pick, maybe),
    () => query(pick, maybe),
    () => queryIndex(pick, maybe),
    () => batchWrite(pick, maybe),
    () => batchGet(pick),
    () => transaction(pick, maybe),
    () => transaction(pick, maybe),
    () => transactGet(pick),
  ];
  return () => withoutUndefined(pick(kinds)());
}

type Maybe = <T>(share: number, value: () => T) => T | undefined;

const key = (pick: Pick) => ({ pk: { S: pick(['a', 'b', 'c']) }, sk: { S: pick(['1', '10', '2', '20', '3']) } });

function item(pick: Pick, maybe: Maybe): Value {
  const own = key(pick);
  return withoutUndefined({
    ...own,
    n: maybe(0.7, () => ({ N: pick(['0', '1', '-2.50', '3', '12345678901234567890', '1e3']) })),
    s: maybe(0.5, () => ({ S: pick(['', 'x', 'xy', 'ünï']) })),
    flag: maybe(0.3, () => pick([{ BOOL: true }, { BOOL: false }, { NULL: true }])),
    list: maybe(0.4, () => ({ L: [{ N: '1' }, { S: 'two' }, { M: { deep: { N: '3' } } }].slice(0, pick([0, 1, 2, 3])) })),
    map: maybe(0.5, () => ({ M: { x: { N: pick(['1', '2']) }, y: { S: 'z' } } })),
    tags: maybe(0.4, () => ({ SS: pick([['p'], ['p', 'q'], ['q', 'r', 's']]) })),
    ...maybe(0.5, () => ({
      place: { S: pick(['north', 'south']) },
      rank: { S: `${pick(['1', '2', '3'])}-${own.pk.S}${own.sk.S}` },
    })),
    place2: maybe(0.02, () => ({ S: 'only half of an index key' })),
  });
}

const CONDITIONS = [
  'attribute_not_exists(pk)',
  'attribute_exists(pk)',
  'n = :n',
  'n < :n',
  'n > :n OR attribute_not_exists(n)',
  'n BETWEEN :low AND :n',
  'begins_with(s, :s)',
  'contains(tags, :s)',
  'size(#list) > :low',
  'attribute_type(flag, :bool)',
  '#map.x = :n AND NOT s = :s',
  '#list[0] = :n',
  'n IN (:n, :low)',
  'n <> :n',
  'flag IN (:no, :n)',
  's IN (:empty, :s)',
  's BETWEEN :empty AND :s',
  'flag = :no',
  'attribute_type(s, :string)',
];
const VALUES: Record<string, Value> = {
  ':n': { N: '1' },
  ':low': { N: '0' },
  ':s': { S: 'x' },
  ':bool': { S: 'BOOL' },
  ':list': { L: [{ N: '9' }] },
  ':tags': { SS: ['p', 'z'] },
  ':map': { M: { x: { N: '1' } } },
  ':place': { S: 'north' },
  ':empty': { S: '' },
  ':no': { BOOL: false },
  ':string': { S: 'S' },
};
const REMOVE_FIRST = 'REMOVE #list[0]';
const UPDATES = [
  REMOVE_FIRST,
  'SET n = :n',
  'SET n = n + :n',
  'SET n = if_not_exists(n, :low) + :n',
  'SET s = :s, n = :n REMOVE flag',
  'SET #map.x = :n',
  'SET #map = :map',
  'SET #list = list_append(if_not_exists(#list, :list), :list)',
  'SET #list[0] = :s',
  'REMOVE n, s',
  'ADD n :n',
  'ADD tags :tags',
  'DELETE tags :tags',
  'REMOVE place',
  'SET place = :place',
  'SET n = s',
  'SET flag = n REMOVE n',
  'ADD s :n',
];

// Engines disagree on whether these are refused before or after a condition, so they come without one.
const LONE_UPDATES = ['SET place = :empty', 'SET place = :n'];

function expressions(...texts: readonly (string | undefined)[]) {
  const used = (name: string) => texts.some((text) => text !== undefined && new RegExp(`${name}\\b`).test(text));
  const values = Object.fromEntries(Object.entries(VALUES).filter(([name]) => used(name)));
  const names = Object.fromEntries(['map', 'list'].filter((name) => used(`#${name}`)).map((name) => [`#${name}`, name]));
  return {
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
  };
}

const OPTIONS = (pick: Pick, maybe: Maybe) => ({
  ReturnConsumedCapacity: maybe(0.5, () => pick(['TOTAL', 'INDEXES'])),
  ReturnValuesOnConditionCheckFailure: maybe(0.5, () => 'ALL_OLD'),
});

function put(pick: Pick, maybe: Maybe): RandomRequest {
  const condition = maybe(0.4, () => pick(CONDITIONS));
  const ReturnValues = maybe(0.5, () => pick(['NONE', 'ALL_OLD']));
  return {
    operation: 'PutItem',
    body: {
      TableName: TABLE,
      Item: item(pick, maybe),
      ConditionExpression: condition,
      ReturnValues,
      ...OPTIONS(pick, maybe),
      ...expressions(condition),
    },
  };
}

function update(pick: Pick, maybe: Maybe): RandomRequest {
  const change = pick(UPDATES);
  // Removing from a list that is not there: only the service knows.
  const condition = change === REMOVE_FIRST ? 'attribute_exists(#list)' : maybe(0.3, () => pick(CONDITIONS));
  const ReturnValues = maybe(0.7, () => pick(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']));
  return {
    operation: 'UpdateItem',
    body: {
      TableName: TABLE,
      Key: key(pick),
      UpdateExpression: change,
      ConditionExpression: condition,
      ReturnValues,
      ...OPTIONS(pick, maybe),
      ...expressions(change, condition),
    },
  };
}

function loneUpdate(pick: Pick): RandomRequest {
  const change = pick(LONE_UPDATES);
  return {
    operation: 'UpdateItem',
    body: { TableName: TABLE, Key: key(pick), UpdateExpression: change, ...expressions(change) },
  };
}

function remove(pick: Pick, maybe: Maybe): RandomRequest {
  const condition = maybe(0.4, () => pick(CONDITIONS));
  const ReturnValues = maybe(0.5, () => 'ALL_OLD');
  return {
    operation: 'DeleteItem',
    body: {
      TableName: TABLE,
      Key: key(pick),
      ConditionExpression: condition,
      ReturnValues,
      ...OPTIONS(pick, maybe),
      ...expressions(condition),
    },
  };
}

function get(pick: Pick, maybe: Maybe): RandomRequest {
  const ProjectionExpression = maybe(0.4, () => pick(['n, s', '#map.x, tags', '#list[1]', 'pk']));
  return {
    operation: 'GetItem',
    body: {
      TableName: TABLE,
      Key: key(pick),
      ConsistentRead: pick([true, false]),
      ProjectionExpression,
      ReturnConsumedCapacity: 'TOTAL',
      ...expressions(ProjectionExpression),
    },
  };
}

function query(pick: Pick, maybe: Maybe): RandomRequest {
  const ranges = [
    '',
    ' AND sk = :sk',
    ' AND sk < :sk',
    ' AND sk >= :sk',
    ' AND begins_with(sk, :sk)',
    ' AND sk BETWEEN :sk AND :to',
  ];
  const range = pick(ranges);
  const partition = pick(['a', 'b', 'c', 'nobody']);
  const FilterExpression = maybe(0.3, () => pick(['n = :n', 'attribute_exists(place)', 'contains(tags, :s)']));
  const { ExpressionAttributeValues: values } = expressions(FilterExpression);
  return {
    operation: 'Query',
    body: {
      TableName: TABLE,
      KeyConditionExpression: `pk = :pk${range}`,
      FilterExpression,
      ExpressionAttributeValues: {
        ...values,
        ':pk': { S: partition },
        ...(range === '' ? {} : { ':sk': { S: pick(['1', '2']) } }),
        ...(range.includes(':to') ? { ':to': { S: '25' } } : {}),
      },
      Limit: maybe(0.4, () => pick([1, 2, 5])),
      ScanIndexForward: pick([true, false]),
      ConsistentRead: pick([true, false]),
      Select: maybe(0.1, () => 'COUNT'),
      ReturnConsumedCapacity: 'TOTAL',
      ExclusiveStartKey: range === '' ? maybe(0.2, () => ({ pk: { S: partition }, sk: { S: '10' } })) : undefined,
    },
  };
}

function queryIndex(pick: Pick, maybe: Maybe): RandomRequest {
  const range = pick(['', ' AND begins_with(#rank, :rank)', ' AND #rank > :rank']);
  return {
    operation: 'Query',
    body: {
      TableName: TABLE,
      IndexName: INDEX,
      KeyConditionExpression: `place = :place${range}`,
      ExpressionAttributeValues: {
        ':place': { S: pick(['north', 'south', 'nowhere']) },
        ...(range === '' ? {} : { ':rank': { S: '2' } }),
      },
      ExpressionAttributeNames: range === '' ? undefined : { '#rank': 'rank' },
      Limit: maybe(0.4, () => pick([1, 3])),
      ScanIndexForward: pick([true, false]),
      ConsistentRead: maybe(0.05, () => true),
      ReturnConsumedCapacity: 'INDEXES',
    },
  };
}

function several<T>(pick: Pick, most: number, make: () => T): T[] {
  const count = pick(Array.from({ length: most }, (_, index) => index + 1));
  return Array.from({ length: count }, make);
}

function batchWrite(pick: Pick, maybe: Maybe): RandomRequest {
  const requests = several(pick, 5, () =>
    pick([{ PutRequest: { Item: item(pick, maybe) } }, { DeleteRequest: { Key: key(pick) } }]),
  );
  return {
    operation: 'BatchWriteItem',
    body: { RequestItems: { [TABLE]: requests }, ReturnConsumedCapacity: maybe(0.5, () => 'TOTAL') },
  };
}

function batchGet(pick: Pick): RandomRequest {
  const request = { Keys: several(pick, 6, () => key(pick)), ConsistentRead: pick([true, false]) };
  return { operation: 'BatchGetItem', body: { RequestItems: { [TABLE]: request }, ReturnConsumedCapacity: 'TOTAL' } };
}

function transaction(pick: Pick, maybe: Maybe): RandomRequest {
  const actions = several(pick, 4, () => {
    const { operation, body } = pick([put, put, update, update, remove])(pick, maybe);
    const { ReturnValues: _values, ReturnConsumedCapacity: _capacity, ...action } = body;
    const checked = maybe(0.2, () => pick(CONDITIONS));
    if (checked === undefined) return { [operation.replace('Item', '')]: action };
    return {
      ConditionCheck: {
        TableName: TABLE,
        Key: key(pick),
        ConditionExpression: checked,
        ...expressions(checked),
        ...pick([{}, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }]),
      },
    };
  });
  const ClientRequestToken = maybe(0.2, () => `token-${pick(['a', 'b', 'c'])}`);
  return {
    operation: 'TransactWriteItems',
    body: { TransactItems: actions, ClientRequestToken, ReturnConsumedCapacity: maybe(0.5, () => pick(['TOTAL', 'INDEXES'])) },
  };
}

function transactGet(pick: Pick): RandomRequest {
  const gets = several(pick, 4, () => ({ Get: { TableName: TABLE, Key: key(pick) } }));
  return { operation: 'TransactGetItems', body: { TransactItems: gets, ReturnConsumedCapacity: 'TOTAL' } };
}

function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
