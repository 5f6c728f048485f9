import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import { batchKey, batchTargetsKey } from '#model/keys.ts';
import { scopeOf } from '#model/scope.ts';
import { batchOf } from '#store/batch-hold.ts';
import { listBatchIds } from '#store/batch-repository.ts';
import { actionOf, ifUnchanged } from '#store/conditions.ts';
import { openPlainTable, type PlainTable } from '#store/plain-table.ts';
import { StoreError } from '#store/store-error.ts';
import { changeOf } from '#store/stream-image.ts';
import { type BatchWrite, type StagedWrite, type Table, withBatches } from '#store/table.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';
import { Killed, mortalTable } from '#test/support/mortal-table.ts';

const scope = scopeOf('acme1');
const START = '2026-03-10T12:00:00.000Z';

let db: TestTable;
let client: DynamoDBDocumentClient;
let plain: PlainTable;
let table: Table;
let now: Instant;
beforeEach(async () => {
  now = START;
  db = await startTestTable();
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  plain = openPlainTable({ client, tableName: db.tableName, sleep: async () => {}, random: () => 0.5 });
  table = tableOver(plain);
});
afterEach(async () => {
  client.destroy();
  await db.stop();
});

/** Waits for real, but never long. */
const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 2));
const tableOver = (store: PlainTable) => withBatches(store, { now: () => now, sleep, random: () => 0.5 });
const pass = (seconds: number) => {
  now = addSeconds(now, seconds);
};

const PARTITION = 'T#acme1#P#worker';
const keyOf = (name: string) => ({ pk: PARTITION, sk: name });
const record = (name: string, revision: number, value: string) => ({
  ...keyOf(name),
  bp: 'T#acme1#L#LI',
  bs: `${value}#${name}`,
  et: 'li',
  v: 1,
  revision,
  value,
});
const NAMES = ['a1', 'a2', 'a3'];
const NEW_NAMES = ['b1', 'b2'];
const changed = (name: string, seen = 1, value = 'after'): StagedWrite => ({
  kind: 'replace',
  item: record(name, seen + 1, value),
  counter: 'revision',
  seen,
});
const made = (name: string, value = 'after'): StagedWrite => ({ kind: 'create', item: record(name, 1, value) });
const header = (value = 'after', seen = 1) => actionOf({ ...changed('head', seen, value) });
const whole = (id = 'B1'): BatchWrite => ({
  id,
  actions: [header()],
  staged: [...NAMES.map((name) => changed(name)), ...NEW_NAMES.map((name) => made(name))],
});

async function seed(): Promise<void> {
  for (const name of ['head', ...NAMES]) await plain.write(scope, [{ kind: 'put', item: record(name, 1, 'before') }]);
}

type Seen = Readonly<Record<string, string>>;
const BEFORE: Seen = { head: 'before', a1: 'before', a2: 'before', a3: 'before' };
const AFTER: Seen = { head: 'after', a1: 'after', a2: 'after', a3: 'after', b1: 'after', b2: 'after' };

/** The records as every way of reading shows them; they must agree. */
async function seen(reader = table): Promise<Seen> {
  const names = ['head', ...NAMES, ...NEW_NAMES];
  const valuesOf = (items: readonly (Readonly<Record<string, unknown>> | null)[]): Seen =>
    Object.fromEntries(items.flatMap((item) => (item === null ? [] : [[String(item.sk), String(item.value)]])));
  const queried = valuesOf(await reader.queryAll(scope, { partition: PARTITION }));
  const paged = valuesOf((await reader.query(scope, { partition: PARTITION })).items);
  const got = valuesOf(await Promise.all(names.map((name) => reader.get(scope, keyOf(name)))));
  const batched = valuesOf(await reader.batchGet(scope, names.map(keyOf), { consistent: false }));
  expect([paged, got, batched]).toEqual([queried, queried, queried]);
  return queried;
}

/** What is really stored: nothing held, the index entries of what is seen, no batch under way. */
async function expectSettled(values: Seen): Promise<void> {
  const stored = await plain.queryAll(scope, { partition: PARTITION });
  expect(Object.fromEntries(stored.map((item) => [item.sk, item.value]))).toEqual(values);
  expect(stored.map(batchOf).filter((id) => id !== null)).toEqual([]);
  const listed = await plain.queryAll(scope, { index: 'by', partition: 'T#acme1#L#LI' });
  expect(listed.map((item) => item.bs).sort()).toEqual(
    Object.entries(values)
      .map(([name, value]) => `${value}#${name}`)
      .sort(),
  );
}

describe('a batch', () => {
  it('writes new and changed records together with its header, and leaves nothing held', async () => {
    await seed();
    expect(await table.writeBatch(scope, whole())).toEqual({ applied: true });
    expect(await seen()).toEqual(AFTER);
    await expectSettled(AFTER);
    expect(await listBatchIds(table, scope)).toEqual([]);
    expect(await plain.get(scope, batchTargetsKey(scope, 'B1'))).toBeNull();
    expect(await plain.get(scope, batchKey(scope, 'B1'))).toMatchObject({ state: 'committed' });
  });

  it('costs two writes and a read of each record, and nine requests beside', async () => {
    await seed();
    db.counters.reset();
    await table.writeBatch(scope, whole());
    const requests = (operation: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'TransactWriteItems' | 'GetItem' | 'BatchGetItem') =>
      db.counters.total({ operation }).requests;
    // Opening is two puts; of the staged three are held by updates and two by puts; five puts make them what they are.
    expect(requests('PutItem')).toBe(2 + 2 + 5);
    expect(requests('UpdateItem')).toBe(3 + 1);
    expect(requests('TransactWriteItems')).toBe(1);
    expect(requests('DeleteItem')).toBe(1);
    expect(requests('GetItem')).toBe(2);
    expect(requests('BatchGetItem')).toBe(1);
    expect(db.counters.total({ operation: 'BatchGetItem' }).itemReads).toBe(5);
  });

  it.each([
    ['a changed record', { ...whole(), staged: [changed('a1'), changed('a2', 7), made('b1')] }, 2],
    ['a record that is there already', { ...whole(), staged: [changed('a1'), made('a2')] }, 2],
    ['its header', { ...whole(), actions: [header('after', 7)] }, 0],
  ])('that loses the condition of %s changes nothing and says which', async (_name, write, index) => {
    await seed();
    const outcome = await table.writeBatch(scope, write as BatchWrite);
    expect(outcome).toMatchObject({ applied: false, failed: [{ index, reason: 'condition' }] });
    expect(await seen()).toEqual(BEFORE);
    await expectSettled(BEFORE);
    // What is aborted stays listed until nothing can come of it any more.
    expect(await listBatchIds(table, scope)).toEqual(['B1']);
    pass(1_000);
    await table.endBatch(scope, 'B1');
    expect(await listBatchIds(table, scope)).toEqual([]);
  });

  it('killed at any call, before or after its effect, is seen whole or not at all by everybody, then and when it is ended', async () => {
    const outcomes = new Set<string>();
    for (const late of [false, true])
      for (let at = 1; ; at++) {
        await db.stop();
        client.destroy();
        db = await startTestTable();
        client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
        plain = openPlainTable({ client, tableName: db.tableName, sleep: async () => {}, random: () => 0.5 });
        table = tableOver(plain);
        await seed();
        const death = { calls: 0, at, late };
        const dying = tableOver(mortalTable(plain, death));
        const died = await dying.writeBatch(scope, whole()).then(
          (outcome) => {
            // An answer was given: then it is done.
            expect(outcome).toEqual({ applied: true });
            return false;
          },
          (error: unknown) => {
            expect(error).toBeInstanceOf(Killed);
            return true;
          },
        );
        const left = await seen();
        expect([BEFORE, AFTER], `killed at call ${at}`).toContainEqual(left);
        if (!died) expect(left).toEqual(AFTER);
        // Within its time nobody touches it.
        const state = (await plain.get(scope, batchKey(scope, 'B1')))?.state;
        if (state !== undefined) await table.endBatch(scope, 'B1');
        expect((await plain.get(scope, batchKey(scope, 'B1')))?.state).toBe(state);
        pass(1_000);
        if (state !== undefined) await table.endBatch(scope, 'B1');
        expect(await seen()).toEqual(left);
        await expectSettled(left);
        expect(await listBatchIds(table, scope)).toEqual([]);
        outcomes.add(`${died} ${left.head}`);
        if (death.calls < at) break;
      }
    expect([...outcomes].sort()).toEqual(['false after', 'true after', 'true before']);
  }, 60_000);

  it('that was killed is ended by the next writer who wants one of its records, once its time has passed', async () => {
    await seed();
    // Dies when everything is held and nothing is committed.
    const dying = tableOver(mortalTable(plain, { calls: 0, at: 8, late: false }));
    await expect(dying.writeBatch(scope, whole())).rejects.toThrow(Killed);
    const next: BatchWrite = { id: 'B2', actions: [], staged: [changed('a1', 1, 'next'), made('b1', 'next')] };
    await expect(table.write(scope, [actionOf(changed('a1', 1, 'next'))])).rejects.toMatchObject({ code: 'store-conflict' });
    await expect(table.writeBatch(scope, next)).rejects.toMatchObject({ code: 'store-conflict' });
    expect(await seen()).toEqual(BEFORE);
    pass(61);
    expect(await table.write(scope, [actionOf(changed('a1', 1, 'next'))])).toEqual({ applied: true });
    expect(await table.writeBatch(scope, { ...next, id: 'B3', staged: [changed('a2', 1, 'next'), made('b1', 'next')] })).toEqual({
      applied: true,
    });
    const values = { ...BEFORE, a1: 'next', a2: 'next', b1: 'next' };
    expect(await seen()).toEqual(values);
    pass(1_000);
    for (const id of await listBatchIds(table, scope)) await table.endBatch(scope, id);
    await expectSettled(values);
  });

  it('that was killed after its commit is finished by the next writer, who then meets the new record', async () => {
    await seed();
    const dying = tableOver(mortalTable(plain, { calls: 0, at: 9, late: false }));
    expect(await dying.writeBatch(scope, whole())).toEqual({ applied: true });
    expect(batchOf(await plain.get(scope, keyOf('a1')))).toBe('B1');
    const outcome = await table.write(scope, [actionOf(changed('a1', 1, 'next'))]);
    expect(outcome).toMatchObject({ applied: false, failed: [{ current: { value: 'after', revision: 2 } }] });
    expect(await table.write(scope, [actionOf(changed('a1', 2, 'next'))])).toEqual({ applied: true });
    expect(await seen()).toEqual({ ...AFTER, a1: 'next' });
  });

  it('never lets a writer through to a record that it holds, in whatever transaction', async () => {
    await seed();
    const dying = tableOver(mortalTable(plain, { calls: 0, at: 8, late: false }));
    await expect(dying.writeBatch(scope, whole())).rejects.toThrow(Killed);
    const actions = [header('other'), { kind: 'delete' as const, key: keyOf('a3'), condition: ifUnchanged('revision', 1) }];
    await expect(table.write(scope, actions)).rejects.toMatchObject({ code: 'store-conflict' });
    expect(await seen()).toEqual(BEFORE);
  });
});

describe('a store that fails once', () => {
  it('at any call, before or after its effect: the answer tells what has happened, and the next try needs not wait', async () => {
    const told = new Set<boolean>();
    for (const late of [false, true])
      for (let at = 1; ; at++) {
        for (const item of await plain.queryAll(scope, { partition: PARTITION }))
          await plain.write(scope, [{ kind: 'delete', key: { pk: item.pk, sk: item.sk } }]);
        await seed();
        const id = `F${late}${String(at).padStart(2, '0')}`;
        let calls = 0;
        const failing =
          <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
          async (...args: A): Promise<R> => {
            calls += 1;
            if (calls === at && !late) throw new StoreError('store-throttled', 'too much at once');
            const result = await call(...args);
            if (calls === at) throw new StoreError('store-unavailable', 'the answer was lost');
            return result;
          };
        const store: PlainTable = {
          get: failing(plain.get),
          query: failing(plain.query),
          queryAll: failing(plain.queryAll),
          batchGet: failing(plain.batchGet),
          write: failing(plain.write),
        };
        const applied = await tableOver(store)
          .writeBatch(scope, whole(id))
          .then(
            (outcome) => outcome.applied,
            (error: unknown) => {
              expect(error).toBeInstanceOf(StoreError);
              return false;
            },
          );
        told.add(applied);
        expect(await seen(), `failed at call ${at}`).toEqual(applied ? AFTER : BEFORE);
        const next = await table.writeBatch(scope, {
          id: `G${id}`,
          actions: [],
          staged: NAMES.map((name) => changed(name, applied ? 2 : 1, 'next')),
        });
        expect(next, `failed at call ${at}`).toEqual({ applied: true });
        if (calls < at) break;
      }
    expect([...told].sort()).toEqual([false, true]);
  }, 60_000);
});

describe('two batches that want the same records', () => {
  it('end with exactly one of them, whatever the order of their calls', async () => {
    for (let round = 0; round < 20; round++) {
      const names = ['x', 'y', 'z'].map((name) => `${name}${round}`);
      for (const name of [...names, `h${round}`, `i${round}`])
        await plain.write(scope, [{ kind: 'put', item: record(name, 1, 'before') }]);
      const write = (id: string, head: string, order: readonly string[]) =>
        table.writeBatch(scope, {
          id,
          actions: [actionOf(changed(head, 1, id))],
          staged: order.map((name) => changed(name, 1, id)),
        });
      const [left, right] = await Promise.all([
        write(`L${round}`, `h${round}`, names),
        write(`K${round}`, `i${round}`, [...names].reverse()),
      ]);
      expect([left!.applied, right!.applied].filter(Boolean), `round ${round}`).toHaveLength(1);
      const winner = left!.applied ? `L${round}` : `K${round}`;
      const values = await Promise.all(names.map(async (name) => (await table.get(scope, keyOf(name)))!.value));
      expect(values).toEqual([winner, winner, winner]);
      const heads = await Promise.all(
        [`h${round}`, `i${round}`].map(async (name) => (await table.get(scope, keyOf(name)))!.value),
      );
      expect(heads).toEqual(left!.applied ? [winner, 'before'] : ['before', winner]);
    }
  });

  it('let the older one go first: it takes the records of the younger, which then fails whole', async () => {
    await seed();
    let olderDone = false;
    const younger = withBatches(
      {
        ...plain,
        write: async (inScope, actions, token) => {
          // The younger one has everything and is about to commit.
          if (actions.length > 1) {
            expect(await table.writeBatch(scope, { id: 'A0', actions: [], staged: [changed('a2', 1, 'older')] })).toEqual({
              applied: true,
            });
            olderDone = true;
          }
          return plain.write(inScope, actions, token);
        },
      },
      { now: () => now, sleep, random: () => 0.5 },
    );
    expect(await younger.writeBatch(scope, whole('B1'))).toMatchObject({ applied: false });
    expect(olderDone).toBe(true);
    expect(await seen()).toEqual({ ...BEFORE, a2: 'older' });
    await expectSettled({ ...BEFORE, a2: 'older' });
  });
});

describe('a commit whose answer is lost', () => {
  it('is found out: what has happened stands, what has not is undone', async () => {
    for (const applied of [true, false]) {
      await seed();
      const store: PlainTable = {
        ...plain,
        write: async (inScope, actions, token) => {
          if (actions.length === 1) return plain.write(inScope, actions, token);
          if (applied) await plain.write(inScope, actions, token);
          throw new Error('the connection broke');
        },
      };
      const writing = tableOver(store).writeBatch(scope, whole(`B${applied}`));
      if (applied) expect(await writing).toEqual({ applied: true });
      else await expect(writing).rejects.toThrow('the connection broke');
      await expectSettled(applied ? AFTER : BEFORE);
      for (const name of NEW_NAMES) await plain.write(scope, [{ kind: 'delete', key: keyOf(name) }]);
    }
  });
});

describe('the stream of a batch', () => {
  it('shows each record change once, when it has become what it is, with what it was', async () => {
    await seed();
    await db.drainStream();
    await table.writeBatch(scope, whole());
    const changes = (await db.drainStream()).map((one) => changeOf(one as never));
    const records = changes.filter((one) => (one.after ?? one.before)?.et === 'li' && !one.held && one.after?.sk !== 'head');
    expect(records.map(({ before, after }) => [after!.sk, before?.value ?? null, after!.value]).sort()).toEqual([
      ['a1', 'before', 'after'],
      ['a2', 'before', 'after'],
      ['a3', 'before', 'after'],
      ['b1', null, 'after'],
      ['b2', null, 'after'],
    ]);
    const held = changes.filter((one) => one.held);
    expect(held).toHaveLength(5);
    expect(held.map(({ before, after }) => [before?.value ?? null, after?.value ?? null])).toEqual(
      expect.arrayContaining([
        [null, null],
        ['before', 'before'],
      ]),
    );
  });
});
