import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { EVENT_VERSION, type EventEnvelope, type FeedEvent } from '#events/event.ts';
import { addSeconds, dayNumberOf, type Instant, msOf } from '#kernel/instant.ts';
import { feedPageKey, feedPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { StoreError } from './store-error.ts';
import type { Item, Table, WriteAction } from './table.ts';

const PAGE_VERSION = 1;
/** What a reader may rely on (M-158). */
export const FEED_DAYS = 90;
/** Later than that by a day, so that what is removed is what nobody is shown any more. */
const KEPT_SECONDS = (FEED_DAYS + 1) * 86_400;
const PAGES_A_DAY = 1_000_000;
const UNWRITTEN = { expression: 'attribute_not_exists(pk)' };
const MOST_EVENTS = 200;
/** Of text, before it is compressed: an item far below what the store takes. */
const MOST_CHARACTERS = 200_000;
/** Writers of one tenant that meet: each try is lost to another one who went on. */
const TRIES = 50;

/** One page of a tenant's feed. Numbers are consecutive; sequences within a page too. */
export interface FeedPage {
  readonly page: number;
  readonly at: Instant;
  /** The first page of a feed that was empty: no page went missing before it. */
  readonly first: boolean;
  readonly events: readonly EventEnvelope[];
}

/**
 * Appends events to the tenant's feed and answers the numbers of their pages. Each page is put under the number behind the last one, if
 * nobody has put one there: no head that all writers wait for, and no gap, so that whoever read to page n has missed nothing. What the last
 * pages tell already (`lookBack` of them) is not told again; what older ones tell is, under the ids it has.
 */
export async function appendEvents(
  table: Table,
  scope: TenantScope,
  events: readonly FeedEvent[],
  now: Instant,
  lookBack = 1,
): Promise<readonly number[]> {
  if (events.length === 0) return [];
  const latest = await readLastPages(table, scope, lookBack);
  const told = new Set(latest.flatMap((page) => page.events.map(({ id }) => id)));
  const written: number[] = [];
  for (const part of partsOf(events.filter(({ id }) => !told.has(id)))) {
    let last = written.at(-1) ?? latest[0]?.page ?? null;
    for (let attempt = 1; ; attempt++) {
      const page: number = last === null ? firstPageOf(now) : last + 1;
      const item = encodeFeedPage(scope, { page, at: now, first: last === null }, part);
      const put: WriteAction = { kind: 'put', item, condition: UNWRITTEN };
      // Whoever begins the feed at midnight meets those who begin it on the other side.
      const beside = last === null ? [page - PAGES_A_DAY, page + PAGES_A_DAY] : [];
      const unbegun = beside.map(
        (other): WriteAction => ({ kind: 'check', key: feedPageKey(scope, other), condition: UNWRITTEN }),
      );
      if ((await table.write(scope, [put, ...unbegun])).applied) {
        written.push(page);
        break;
      }
      if (attempt === TRIES) throw new StoreError('store-conflict', 'the feed is written by others again and again');
      last = (await readLastPages(table, scope, 1))[0]?.page ?? null;
    }
  }
  return written;
}

/** A stored page as it is, or null where it is gone. */
export async function readFeedPage(table: Table, scope: TenantScope, page: number): Promise<FeedPage | null> {
  const item = await table.get(scope, feedPageKey(scope, page));
  return item === null ? null : decodeFeedPage(scope, item);
}

/** The pages from a number on, in their order; at most `limit`. */
export async function listFeedPages(
  table: Table,
  scope: TenantScope,
  from: number,
  limit: number,
): Promise<{ readonly pages: readonly FeedPage[]; readonly more: boolean }> {
  const range = { partition: feedPartition(scope), from: feedPageKey(scope, from).sk, limit };
  const { items, after } = await table.query(scope, range);
  return { pages: items.map((item) => decodeFeedPage(scope, item)), more: after !== null };
}

/** A feed that is empty may have had pages once, before they went with their time: a day's number is ahead of all they can have had. */
function firstPageOf(now: Instant): number {
  return dayNumberOf(now.slice(0, 10)) * PAGES_A_DAY;
}

async function readLastPages(table: Table, scope: TenantScope, limit: number): Promise<readonly FeedPage[]> {
  const { items } = await table.query(scope, { partition: feedPartition(scope), descending: true, limit });
  return items.map((item) => decodeFeedPage(scope, item));
}

/** Pages hold as many events as fit; one event always fits. */
function* partsOf(events: readonly FeedEvent[]): Generator<readonly FeedEvent[]> {
  let part: FeedEvent[] = [];
  let characters = 0;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    if (part.length === MOST_EVENTS || (part.length > 0 && characters + length > MOST_CHARACTERS)) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(event);
    characters += length;
  }
  if (part.length > 0) yield part;
}

function encodeFeedPage(scope: TenantScope, { page, at, first }: Omit<FeedPage, 'events'>, events: readonly FeedEvent[]): Item {
  return {
    ...feedPageKey(scope, page),
    et: 'fe',
    v: PAGE_VERSION,
    at,
    ...(first ? { first } : {}),
    ev: new Uint8Array(deflateRawSync(JSON.stringify(events))),
    expiresAt: Math.ceil(msOf(addSeconds(at, KEPT_SECONDS)) / 1_000),
  };
}

/** The number of a stored page, which its key holds. */
export function feedPageNumber({ sk }: Pick<Item, 'sk'>): number {
  return Number(sk);
}

/** Reads a stored page, or its image in the stream. */
export function decodeFeedPage(scope: TenantScope, item: Item): FeedPage {
  const page = feedPageNumber(item);
  const events = JSON.parse(inflateRawSync(item.ev as Uint8Array).toString('utf8')) as readonly FeedEvent[];
  return {
    page,
    at: item.at as Instant,
    first: item.first === true,
    events: events.map((event, index) => ({
      ...event,
      version: EVENT_VERSION,
      tenantId: scope.tenantId,
      sequence: page * 1_000 + index,
    })),
  };
}
