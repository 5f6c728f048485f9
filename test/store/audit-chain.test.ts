import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditHeadKey, auditKey } from '#model/keys.ts';
import { scopeOf } from '#model/scope.ts';
import { brokenMonths, listAuditHeads, readAuditMonth, sealEntries, sealOf } from '#store/audit-chain.ts';
import { auditAction } from '#store/ledger.ts';
import { type Item, openTable, type Table } from '#store/table.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';
import { dyingTable, Killed } from '#test/support/mortal-table.ts';

const scope = scopeOf('acme1');
const NOW = '2026-03-10T12:00:00.000Z';
const LATER = '2026-03-10T18:00:00.000Z';

let db: TestTable;
let client: DynamoDBDocumentClient;
let table: Table;
beforeEach(async () => {
  db = await startTestTable();
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  table = openTable({ client, tableName: db.tableName, now: () => NOW, sleep: async () => {}, random: () => 0.5 });
});
afterEach(async () => {
  client.destroy();
  await db.stop();
});

const keyOf = (n: number, month = '2026-03') => auditKey(scope, month, `E${String(n).padStart(4, '0')}`);

async function write(from: number, count: number, month = '2026-03') {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  for (const n of numbers)
    await table.write(scope, [
      auditAction(scope, {
        id: keyOf(n).sk,
        at: `${month}-10T12:00:00.000Z`,
        actor: { kind: 'user', id: 'ann' },
        action: 'settings.changed',
        entity: 'settings',
        entityId: 'pay',
        before: { b: [1, { y: 1, x: null }], a: n },
        after: { zone: 'UTC', rate: n },
        reason: null,
        requestId: 'r',
        source: 'API',
      }),
    ]);
  return numbers.map((n) => keyOf(n, month));
}

async function findings(month = '2026-03', now = LATER) {
  const heads = await listAuditHeads(table, scope);
  const found = await readAuditMonth(table, scope, month, heads, now);
  return { broken: [...brokenMonths(heads), ...found.broken], unsealed: found.unsealed.length };
}
const SOUND = { broken: [], unsealed: 0 };
const entries = (month = '2026-03') => table.queryAll(scope, { partition: auditKey(scope, month, '').pk });
const put = (item: Item) => table.write(scope, [{ kind: 'put', item }]);

/** 250 entries that are sealed. */
async function sealed(): Promise<void> {
  await sealEntries(table, scope, await write(0, 25));
}

describe('sealing', () => {
  it('gives every entry one place, in the order of the entries, and leaves the content as it was', async () => {
    const keys = await write(0, 205);
    const before = await entries();
    await sealEntries(table, scope, keys);
    const after = await entries();
    expect(after.map((item) => sealOf(item)?.seq)).toEqual(keys.map((_, index) => index + 1));
    const bare = after.map(({ seq: _seq, prevHash: _prev, hash: _hash, ...content }) => content);
    expect(bare).toEqual(before);
    for (const [index, item] of after.entries())
      if (index > 0) expect(sealOf(item)!.prevHash).toBe(sealOf(after[index - 1]!)!.hash);
    expect(await findings()).toEqual(SOUND);
  });

  it('seals nothing twice, and writes nothing for what is sealed', async () => {
    const keys = await write(0, 5);
    await sealEntries(table, scope, keys);
    const before = await entries();
    db.counters.reset();
    await sealEntries(table, scope, keys);
    expect(db.counters.total().itemWrites).toBe(0);
    expect(await entries()).toEqual(before);
  });

  it('ends well with many sealers of the same and of other entries at once', async () => {
    const keys = await write(0, 60);
    const lists = [keys, keys.slice(0, 30), keys.slice(20), [...keys].reverse(), keys.slice(10, 50)];
    await Promise.all(lists.map((list) => sealEntries(table, scope, list)));
    expect(new Set((await entries()).map((item) => sealOf(item)?.seq)).size).toBe(60);
    expect(await findings()).toEqual(SOUND);
  });

  it('killed at any call of the store, and done again: every entry has its place', async () => {
    let written = 0;
    for (const late of [false, true]) {
      for (let at = 1; ; at++) {
        const keys = await write(written, 100);
        written += 100;
        const dying = dyingTable({ client, tableName: db.tableName, now: () => NOW }, { calls: 0, at, late });
        const died = await sealEntries(dying, scope, keys).then(
          () => false,
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return true;
          },
        );
        await sealEntries(table, scope, keys);
        expect(await findings()).toEqual(SOUND);
        if (!died) break;
      }
    }
  });

  it('chains the months, late entries of an earlier one too', async () => {
    await sealEntries(table, scope, await write(0, 3, '2026-02'));
    await sealEntries(table, scope, await write(0, 3, '2026-03'));
    await sealEntries(table, scope, await write(3, 2, '2026-02'));
    await sealEntries(table, scope, await write(0, 1, '2026-05'));
    for (const month of ['2026-02', '2026-03', '2026-05']) expect(await findings(month)).toEqual(SOUND);
    const [first, second, third] = await listAuditHeads(table, scope);
    expect([first!.from, second!.from?.month, second!.from?.seq, third!.from?.month]).toEqual([null, '2026-02', 3, '2026-03']);
  });

  it('misses an entry that nobody has sealed within an hour', async () => {
    await sealed();
    await write(100, 2);
    expect(await findings('2026-03', '2026-03-10T12:59:00.000Z')).toEqual(SOUND);
    expect(await findings()).toEqual({ broken: [], unsealed: 2 });
  });
});

describe('tampering is found', () => {
  it.each([0, 1, 12, 24])('with the content of entry %s', async (n) => {
    await sealed();
    const item = (await table.get(scope, keyOf(n)))!;
    for (const change of [
      { after: { zone: 'UTC', rate: 999 } },
      { actor: { kind: 'user', id: 'bob' } },
      { reason: 'x' },
      { more: 1 },
    ]) {
      await put({ ...item, ...change });
      expect((await findings()).broken).not.toEqual([]);
    }
    await put(item);
    expect(await findings()).toEqual(SOUND);
  });

  it('with the order of two entries', async () => {
    await sealed();
    const [a, b] = [(await table.get(scope, keyOf(4)))!, (await table.get(scope, keyOf(5)))!];
    await put({ ...a, ...sealOf(b) });
    await put({ ...b, ...sealOf(a) });
    expect((await findings()).broken).not.toEqual([]);
  });

  it.each([0, 12, 24])('with entry %s gone', async (n) => {
    await sealed();
    await table.write(scope, [{ kind: 'delete', key: keyOf(n) }]);
    expect((await findings()).broken).not.toEqual([]);
  });

  it('with the last entries gone and the head set back, where the next month knows better', async () => {
    await sealed();
    await sealEntries(table, scope, await write(0, 1, '2026-04'));
    const earlier = (await table.get(scope, keyOf(23)))!;
    const head = (await table.get(scope, auditHeadKey(scope, '2026-03')))!;
    await table.write(scope, [{ kind: 'delete', key: keyOf(24) }]);
    await put({ ...head, seq: earlier.seq, hash: earlier.hash });
    expect((await findings()).broken).not.toEqual([]);
  });

  it('with an entry between others, or behind the last', async () => {
    await sealed();
    const item = (await table.get(scope, keyOf(12)))!;
    await put({ ...item, sk: 'E0012X', id: 'E0012X' });
    expect((await findings()).broken).not.toEqual([]);
    await table.write(scope, [{ kind: 'delete', key: { pk: item.pk, sk: 'E0012X' } }]);
    await put({ ...item, sk: 'E0099', id: 'E0099', seq: 26 });
    expect((await findings()).broken).not.toEqual([]);
  });

  it('with a seal, a head or a whole month taken away', async () => {
    await sealEntries(table, scope, await write(0, 3, '2026-02'));
    await sealed();
    const { seq: _seq, prevHash: _prev, hash: _hash, ...bare } = (await table.get(scope, keyOf(7)))!;
    const item = (await table.get(scope, keyOf(7)))!;
    await put(bare as Item);
    expect((await findings()).broken).not.toEqual([]);
    await put(item);
    for (const n of [0, 1, 2]) await table.write(scope, [{ kind: 'delete', key: keyOf(n, '2026-02') }]);
    expect((await findings('2026-02')).broken).not.toEqual([]);
    await table.write(scope, [{ kind: 'delete', key: auditHeadKey(scope, '2026-02') }]);
    expect((await findings()).broken).not.toEqual([]);
  });
});
