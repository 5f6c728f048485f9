import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '#events/event.ts';
import { scopeOf } from '#model/scope.ts';
import { appendEvents, type FeedPage, listFeedPages, readFeedPage } from '#store/feed-repository.ts';
import { openTable, type Table } from '#store/table.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';
import { dyingTable, Killed } from '#test/support/mortal-table.ts';

const scope = scopeOf('acme1');
const NOW = '2026-03-10T12:00:00.000Z';

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

const event = (id: string, data: FeedEvent['data'] = {}): FeedEvent => ({
  id,
  type: 'mirror.created',
  occurredAt: NOW,
  subject: { entity: 'job', id },
  actor: { kind: 'system', id: 'run' },
  data,
});
const events = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => event(`${prefix}${n}`));
const append = (list: readonly FeedEvent[], now = NOW) => appendEvents(table, scope, list, now);

async function feed(): Promise<readonly FeedPage[]> {
  const { pages, more } = await listFeedPages(table, scope, 0, 1_000);
  expect(more).toBe(false);
  return pages;
}
const idsOf = (pages: readonly FeedPage[]) => pages.flatMap((page) => page.events.map(({ id }) => id));

function expectConsecutive(pages: readonly FeedPage[]): void {
  expect(pages.map(({ page }) => page)).toEqual(pages.map((_, index) => pages[0]!.page + index));
}

describe('appending events', () => {
  it('gives what was appended back in its order, in envelopes whose sequence grows', async () => {
    await append([event('a', { rev: 1 }), event('b')]);
    const [number] = await append([event('c')]);
    const pages = await feed();
    expect(idsOf(pages)).toEqual(['a', 'b', 'c']);
    const [a] = pages[0]!.events;
    expect(a).toEqual({ ...event('a', { rev: 1 }), version: 1, tenantId: 'acme1', sequence: pages[0]!.page * 1_000 });
    const sequences = pages.flatMap((page) => page.events.map(({ sequence }) => sequence));
    expect(sequences).toEqual([...sequences].sort((x, y) => x - y));
    expect(await readFeedPage(table, scope, number!)).toEqual(pages[1]);
    expect(await readFeedPage(table, scope, number! + 1)).toBeNull();
  });

  it('writes nothing for nothing', async () => {
    db.counters.reset();
    expect(await append([])).toEqual([]);
    expect(db.counters.total({}).requests).toBe(0);
  });

  it('cuts what is many or long into pages that a reader can take', async () => {
    await append(events('e', 450));
    await append([
      event('long', { changedFields: ['x'.repeat(150_000)] }),
      event('longer', { changedFields: ['y'.repeat(150_000)] }),
    ]);
    const pages = await feed();
    expect(pages.map((page) => page.events.length)).toEqual([200, 200, 50, 1, 1]);
    expectConsecutive(pages);
  });

  it('puts the pages of writers at the same time one behind the other, losing none', async () => {
    const lists = Array.from({ length: 24 }, (_, n) => events(`w${n}-`, n % 3 === 0 ? 250 : 3));
    await Promise.all(lists.map((list) => append(list)));
    const pages = await feed();
    expectConsecutive(pages);
    expect([...idsOf(pages)].sort()).toEqual(lists.flatMap((list) => list.map(({ id }) => id)).sort());
    expect(pages.filter(({ first }) => first)).toHaveLength(1);
  });

  it('begins one feed also where two begin it on both sides of midnight', async () => {
    const nights = ['2026-03-10T23:59:59.999Z', '2026-03-11T00:00:00.001Z'];
    await Promise.all(Array.from({ length: 8 }, (_, n) => append([event(`n${n}`)], nights[n % 2]!)));
    const pages = await feed();
    expectConsecutive(pages);
    expect(idsOf(pages)).toHaveLength(8);
  });

  it('goes on above all earlier numbers once every page has gone with its time', async () => {
    await append(events('old', 450));
    const old = await feed();
    for (const { page } of old)
      await table.write(scope, [{ kind: 'delete', key: { pk: 'T#acme1#FEED', sk: String(page).padStart(12, '0') } }]);
    await append([event('new')], '2026-07-01T00:00:00.000Z');
    const [page] = await feed();
    expect(page!.first).toBe(true);
    expect(page!.page).toBeGreaterThan(old.at(-1)!.page);
  });

  it('killed at any call of the store and called again: every event is there, in pages without a gap', async () => {
    for (const late of [false, true]) {
      for (let at = 1; ; at++) {
        const death = { calls: 0, at, late };
        const dying = dyingTable({ client, tableName: db.tableName, now: () => NOW }, death);
        const list = events(`k${late}${at}-`, 401);
        const died = await appendEvents(dying, scope, list, NOW).then(
          () => false,
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return true;
          },
        );
        await append(list);
        const pages = await feed();
        expectConsecutive(pages);
        expect(idsOf(pages)).toEqual(expect.arrayContaining(list.map(({ id }) => id)));
        if (!died) break;
      }
    }
  });
});
