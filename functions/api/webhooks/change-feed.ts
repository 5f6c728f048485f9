import * as z from 'zod/mini';
import { isEventType } from '#events/catalogue.ts';
import { EVENT_VERSION, type EventEnvelope } from '#events/event.ts';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { TenantScope } from '#model/scope.ts';
import { FEED_DAYS, type FeedPage, listFeedPages } from '#store/feed-repository.ts';
import type { Table } from '#store/table.ts';
import { SEE_CHANGES } from '../access.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import { instantText } from '../edge.ts';
import { bindingOf } from '../pages.ts';
import { ApiProblem } from '../problem.ts';
import { PAGING, type QueryParameter } from '../query.ts';
import { defineWebhookRoute } from './ports.ts';

const envelopeShape = z.strictObject({
  id: z.string(),
  type: z.string(),
  version: z.literal(EVENT_VERSION),
  tenantId: z.string(),
  occurredAt: instantText,
  sequence: z.int(),
  subject: z.strictObject({ entity: z.string(), id: z.string() }),
  actor: z.strictObject({ kind: z.enum(['token', 'user', 'system']), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

const types: QueryParameter<string> = {
  schema: z.string().check(
    z.minLength(1),
    z.maxLength(2_000),
    z.refine((text) => text.split(',').every(isEventType), 'must be types of events, with commas between them'),
  ),
  read: (text) => text,
  description: 'Only events of these types, with commas between them',
};

/** Pages of the feed that one answer looks through, so that a filter which nothing matches still answers in time. */
const MOST_PAGES = 200;
const PAGES_A_QUERY = 20;

/** How far a reader has come: the page, how many of its events, and until when nothing before that can have been missed. */
interface Position {
  readonly page: number;
  readonly events: number;
  readonly at: Instant;
}

/** What has changed, oldest first (M-158). Whoever goes on from cursor to cursor misses nothing, and may be told some of it twice. */
export const changeFeed = defineWebhookRoute({
  method: 'GET',
  path: '/v1/changes',
  group: 'webhooks',
  summary: 'What has changed, in mirror and bonus layer, deletions included; go on from nextCursor, always',
  access: SEE_CHANGES,
  query: { ...PAGING, types },
  answer: {
    status: 200,
    description: 'Events, oldest first; nextCursor is never null, hasMore says whether to come back at once',
    schema: z.strictObject({ items: z.array(envelopeShape), nextCursor: z.string(), hasMore: z.boolean() }),
  },
  handler: async (request) => {
    const { ports, scope, query } = request;
    const binding = bindingOf(request);
    const wanted = query.types === undefined ? null : new Set(query.types.split(','));
    const from = query.cursor === undefined ? null : (openCursor(binding, query.cursor) as Position);
    const now = ports.now();
    const oldest = addSeconds(now, -FEED_DAYS * 86_400);
    if (from !== null && from.at < oldest) throw expired();
    const items: EventEnvelope[] = [];
    let position: Position = from ?? { page: 0, events: 0, at: now };
    let hasMore = false;
    let seen = 0;
    for await (const page of pagesFrom(ports.table, scope, position.page)) {
      // A first reader begins with what is kept.
      if (from === null && page.at < oldest) continue;
      hasMore = items.length === query.limit || seen === MOST_PAGES;
      if (hasMore) break;
      // Otherwise a page is missing: it went with its time, or before it.
      const isNext = page.page === position.page || page.page === position.page + 1 || page.first;
      if (!isNext && (from !== null || position.page > 0)) throw expired();
      const begin = page.page === position.page ? position.events : 0;
      const { taken, until } = take(page.events, begin, wanted, query.limit - items.length);
      items.push(...taken);
      position = { page: page.page, events: until, at: page.at };
      seen += 1;
      hasMore = until < page.events.length;
      if (hasMore) break;
    }
    return { body: { items, nextCursor: sealCursor(binding, hasMore ? position : { ...position, at: now }), hasMore } };
  },
});

async function* pagesFrom(table: Table, scope: TenantScope, first: number): AsyncGenerator<FeedPage> {
  for (let from: number | null = first; from !== null; ) {
    const { pages, more }: Awaited<ReturnType<typeof listFeedPages>> = await listFeedPages(table, scope, from, PAGES_A_QUERY);
    yield* pages;
    from = more && pages.length > 0 ? pages.at(-1)!.page + 1 : null;
  }
}

/** The next wanted events of a page, and up to where that is. */
function take(events: readonly EventEnvelope[], begin: number, wanted: ReadonlySet<string> | null, room: number) {
  const taken: EventEnvelope[] = [];
  let until = begin;
  for (; until < events.length && taken.length < room; until++)
    if (wanted === null || wanted.has(events[until]!.type)) taken.push(events[until]!);
  return { taken, until };
}

function expired(): ApiProblem {
  return new ApiProblem('cursor-expired', { detail: `Events are kept for ${FEED_DAYS} days. Read the lists and begin anew.` });
}
