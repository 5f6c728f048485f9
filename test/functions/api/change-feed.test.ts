import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventEnvelope, FeedEvent } from '#events/event.ts';
import { feedPageKey } from '#model/keys.ts';
import { ROLES } from '#model/people.ts';
import { appendEvents, listFeedPages } from '#store/feed-repository.ts';
import { OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';

interface Feed {
  readonly items: readonly EventEnvelope[];
  readonly nextCursor: string;
  readonly hasMore: boolean;
}

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

const DAY = 86_400;
const event = (id: string, type: FeedEvent['type'] = 'mirror.created'): FeedEvent => ({
  id,
  type,
  occurredAt: api.now(),
  subject: { entity: 'job', id },
  actor: { kind: 'system', id: 'run' },
  data: { entity: 'job', id },
});
const append = (...ids: readonly string[]) =>
  appendEvents(
    api.table,
    api.scope,
    ids.map((id) => event(id)),
    api.now(),
  );
const read = (cursor: string | null, more = '', limit = 3) =>
  api.call<Feed>('GET', '/v1/changes', { rawQuery: `limit=${limit}${more}${cursor === null ? '' : `&cursor=${cursor}`}` });

/** Follows the feed to its end, as a consumer does. */
async function follow(cursor: string | null, more = ''): Promise<{ readonly ids: readonly string[]; readonly cursor: string }> {
  const ids: string[] = [];
  for (let at = cursor; ; ) {
    const { status, body } = await read(at, more);
    expect(status).toBe(200);
    ids.push(...body.items.map(({ id }) => id));
    at = body.nextCursor;
    if (!body.hasMore) return { ids, cursor: at };
  }
}

describe('GET /v1/changes', () => {
  it('is empty before anything has happened, and its cursor leads to what happens then', async () => {
    const { body } = await read(null);
    expect(body).toEqual({ items: [], nextCursor: expect.any(String), hasMore: false });
    await append('a', 'b');
    expect((await follow(body.nextCursor)).ids).toEqual(['a', 'b']);
  });

  it('gives every event once at any size of pages, while more are appended', async () => {
    for (let page = 0; page < 5; page++) await append(...Array.from({ length: page * 2 + 1 }, (_, n) => `${page}-${n}`));
    const all = (await listFeedPages(api.table, api.scope, 0, 100)).pages.flatMap(({ events }) => events.map(({ id }) => id));
    for (const limit of [1, 2, 3, 7, 24, 25, 26, 200]) {
      const ids: string[] = [];
      let cursor: string | null = null;
      for (let more = true; more; ) {
        const { body }: { body: Feed } = await read(cursor, '', limit);
        ids.push(...body.items.map(({ id }) => id));
        cursor = body.nextCursor;
        more = body.hasMore;
      }
      expect([limit, ids]).toEqual([limit, all]);
      await append(`late-${limit}`);
      const late = await read(cursor, '', limit);
      expect(late.body.items.map(({ id }) => id)).toEqual([`late-${limit}`]);
      all.push(`late-${limit}`);
    }
  });

  it('answers the end again and again until something happens', async () => {
    await append('a');
    const { cursor } = await follow(null);
    const again = await follow(cursor);
    expect(again.ids).toEqual([]);
    await append('b');
    expect((await follow(again.cursor)).ids).toEqual(['b']);
    expect((await follow(cursor)).ids).toEqual(['b']);
  });

  it('tells only the types that are asked for, and goes on past the others', async () => {
    for (let n = 0; n < 9; n++) await append(`x${n}`);
    await appendEvents(api.table, api.scope, [event('paid', 'statement.paid'), event('y')], api.now());
    const { ids, cursor } = await follow(null, '&types=statement.paid,export.exported');
    expect(ids).toEqual(['paid']);
    await append('z');
    expect((await follow(cursor, '&types=statement.paid,export.exported')).ids).toEqual([]);
    expect((await read(cursor)).body).toMatchObject({ code: 'invalid-cursor' });
    expect((await read(null, '&types=statement.paid,nothing.else')).status).toBe(400);
  });

  it('refuses a cursor after 90 days, whatever the time to live has removed, and a first reader begins with what is kept', async () => {
    await append('old');
    const { body } = await read(null);
    await append('later');
    api.pass(89 * DAY);
    expect((await follow(body.nextCursor)).ids).toEqual(['later']);
    await append('new');
    api.pass(2 * DAY);
    const gone = await read(body.nextCursor);
    expect([gone.status, gone.body]).toEqual([410, expect.objectContaining({ code: 'cursor-expired' })]);
    expect((await follow(null)).ids).toEqual(['new']);
  });

  it('keeps a reader who has come to the end and stays within the time, although everything it has read is gone', async () => {
    await append('old');
    api.pass(80 * DAY);
    const { cursor } = await follow(null);
    await removePages();
    api.pass(80 * DAY);
    await append('new');
    expect((await follow(cursor)).ids).toEqual(['new']);
  });

  it('tells a reader that a page went before its time, instead of passing over it (fault 50)', async () => {
    await append('a');
    const { cursor } = await follow(null);
    const [lost] = await append('b');
    await append('c');
    await api.table.write(api.scope, [{ kind: 'delete', key: feedPageKey(api.scope, lost!) }]);
    expect((await read(cursor)).status).toBe(410);
  });

  it('is for those who see all records of the tenant (M-145)', async () => {
    const statuses = await Promise.all(ROLES.map(async (as) => [as, (await api.call('GET', '/v1/changes', { as })).status]));
    expect(Object.fromEntries(statuses)).toEqual({
      owner: 200,
      admin: 200,
      auditor: 200,
      manager: 403,
      crew_lead: 403,
      worker: 403,
    });
  });

  it('is the tenant’s own, and so is its cursor', async () => {
    await append('ours');
    const { cursor } = await follow(null);
    const theirs = await api.call<Feed>('GET', '/v1/changes', { tenant: OTHER_TENANT });
    expect(theirs.body.items).toEqual([]);
    const foreign = await api.call('GET', '/v1/changes', { rawQuery: `limit=3&cursor=${cursor}`, tenant: OTHER_TENANT });
    expect(foreign.body).toMatchObject({ code: 'invalid-cursor' });
  });
});

async function removePages(): Promise<void> {
  for (const { page } of (await listFeedPages(api.table, api.scope, 0, 1_000)).pages)
    await api.table.write(api.scope, [{ kind: 'delete', key: feedPageKey(api.scope, page) }]);
}
