import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '#events/event.ts';
import { type DeliverPorts, deliver } from '#functions/events/deliver/deliver.ts';
import { dispatchPage } from '#functions/events/dispatch/dispatch.ts';
import { addSeconds } from '#kernel/instant.ts';
import { deliveriesPartition } from '#model/keys.ts';
import type { Attempt, Delivery } from '#model/webhook.ts';
import type { QueueMessage } from '#platform/message-queue.ts';
import { appendEvents } from '#store/feed-repository.ts';
import type { Table } from '#store/table.ts';
import { decodeDelivery, readWebhook } from '#store/webhook-repository.ts';
import { startTestApi, TENANT, type TestApi } from '#test/support/api.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { type Death, dyingTable, Killed } from '#test/support/mortal-table.ts';
import { decodeDeliveryMessage } from '#webhooks/messages.ts';
import { RETRY_WAITS_SECONDS } from '#webhooks/retries.ts';

/** A queue that tells its messages when they are due, and can be out of reach. */
class TestQueue {
  waiting: { body: string; due: string }[] = [];
  fails = false;
  readonly #now: () => string;
  constructor(now: () => string) {
    this.#now = now;
  }
  async send(messages: readonly QueueMessage[], delaySeconds = 0): Promise<void> {
    if (this.fails) throw new Error('the queue is out of reach');
    expect(delaySeconds).toBeLessThanOrEqual(900);
    for (const message of messages)
      this.waiting.push({
        body: typeof message === 'string' ? message : message.body,
        due: addSeconds(this.#now(), delaySeconds),
      });
  }
}

let api: TestApi;
let queue: TestQueue;
let posts: { url: string; headers: Readonly<Record<string, string>>; body: string }[];
let answer: (count: number) => Pick<Attempt, 'outcome' | 'answer'>;
beforeEach(async () => {
  api = await startTestApi();
  queue = new TestQueue(api.now);
  posts = [];
  answer = () => ({ outcome: 'delivered', answer: 200 });
});
afterEach(() => api.stop());

const ports = (table: Table = api.table): DeliverPorts => ({
  table,
  queue,
  vault: api.outside.vault,
  post: async (sent) => {
    posts.push(sent);
    return { at: api.now(), durationMs: 3, ...answer(posts.length) };
  },
  waits: RETRY_WAITS_SECONDS,
  now: api.now,
  random: () => 0,
  ulid: api.ports.ulid,
});

async function endpoint(events: readonly string[] = ['propay.approved']): Promise<string> {
  const made = await api.call<{ id: string }>('POST', '/v1/webhooks', { body: { url: 'https://hooks.example.com/in', events } });
  expect(made.status).toBe(201);
  return made.body.id;
}

const event = (id: string): FeedEvent => ({
  ...{ id, type: 'propay.approved', occurredAt: api.now(), actor: { kind: 'system', id: 'bonus' } },
  subject: { entity: 'propay', id: 'p' },
  data: { propayId: 'p', totalCents: 1 },
});
const happen = async (...ids: readonly string[]): Promise<number> => {
  const [page] = await appendEvents(api.table, api.scope, ids.map(event), api.now());
  return page!;
};
const dispatch = (page: number, table: Table = api.table) =>
  dispatchPage({ table, deliveries: queue, now: api.now }, { tenantId: TENANT, page });
const deliveries = async (webhookId: string): Promise<readonly Delivery[]> => {
  const items = await api.table.queryAll(api.scope, { partition: deliveriesPartition(api.scope, webhookId) });
  return items.map(decodeDelivery);
};

/** Works the queue off as time goes by; a message whose handling fails comes back, as on SQS after its visibility timeout. */
async function work(until: string, table: () => Table = () => api.table): Promise<void> {
  for (let guard = 0; guard < 2_000; guard++) {
    const next = queue.waiting.reduce<{ body: string; due: string } | null>(
      (first, one) => (first === null || one.due < first.due ? one : first),
      null,
    );
    if (next === null || next.due > until) return;
    queue.waiting.splice(queue.waiting.indexOf(next), 1);
    if (next.due > api.now()) api.pass((Date.parse(next.due) - Date.parse(api.now())) / 1_000);
    try {
      await deliver(ports(table()), decodeDeliveryMessage(next.body), 'test');
    } catch (error) {
      if (!(error instanceof Killed) && !/out of reach/.test(String(error))) throw error;
      queue.fails = false;
      queue.waiting.push({ body: next.body, due: addSeconds(api.now(), 360) });
    }
  }
  throw new Error('the queue never ends');
}
const days = (count: number) => addSeconds(api.now(), count * 86_400);

describe('deliveries', () => {
  it('are tried for three days in waits of fifteen minutes at most, then the endpoint is switched off', async () => {
    const id = await endpoint();
    const begun = api.now();
    answer = () => ({ outcome: 'refused', answer: 500 });
    await dispatch(await happen('e1'));
    await work(days(4));
    const [delivery] = await deliveries(id);
    expect(delivery).toMatchObject({ status: 'failed', attemptCount: 10, nextAttemptAt: null });
    expect(posts).toHaveLength(10);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['e1']));
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    expect(delivery!.attempts.at(-1)!.at > addSeconds(begun, 2.9 * 86_400)).toBe(true);
    expect(delivery!.attempts.at(-1)!.at < addSeconds(begun, 3 * 86_400)).toBe(true);
    const webhook = await readWebhook(api.table, api.scope, id);
    expect(webhook).toMatchObject({ disabled: { reason: 'failing' }, failingSince: begun, revision: 2 });
  });

  it('that fail while others get through leave the endpoint as it is', async () => {
    const id = await endpoint();
    await dispatch(await happen('bad'));
    answer = () => ({ outcome: 'refused', answer: 500 });
    await work(days(2));
    answer = () => ({ outcome: 'delivered', answer: 200 });
    await dispatch(await happen('good'));
    await work(api.now());
    answer = () => ({ outcome: 'refused', answer: 500 });
    await work(days(2));
    const found = await deliveries(id);
    expect(found.map(({ eventId, status }) => [eventId, status])).toEqual([
      ['bad', 'failed'],
      ['good', 'delivered'],
    ]);
    expect(await readWebhook(api.table, api.scope, id)).toMatchObject({ disabled: null });
  });

  it('end at once where the receiver says that it is gone', async () => {
    const id = await endpoint();
    answer = () => ({ outcome: 'refused', answer: 410 });
    await dispatch(await happen('e1', 'e2'));
    await work(days(4));
    expect(posts).toHaveLength(1);
    expect((await deliveries(id)).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await readWebhook(api.table, api.scope, id)).toMatchObject({ disabled: { reason: 'gone' } });
  });

  it('of an endpoint that was removed are given up without a call', async () => {
    const id = await endpoint();
    await dispatch(await happen('e1'));
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    await work(days(4));
    expect(posts).toEqual([]);
    expect((await deliveries(id))[0]?.status).toBe('failed');
  });

  it('are stored once and queued again when a page is dispatched twice', async () => {
    const id = await endpoint();
    const page = await happen('e1', 'e2');
    await dispatch(page);
    await dispatch(page);
    expect(queue.waiting).toHaveLength(4);
    await work(days(1));
    expect(posts).toHaveLength(2);
    await dispatch(page);
    expect(queue.waiting).toEqual([]);
    expect((await deliveries(id)).map(({ attemptCount }) => attemptCount)).toEqual([1, 1]);
  });

  it('do not go to other tenants', async () => {
    const id = await endpoint();
    const [page] = await appendEvents(api.table, api.otherScope, [event('theirs')], api.now());
    await dispatchPage({ table: api.table, deliveries: queue, now: api.now }, { tenantId: 'rival1', page: page! });
    expect(queue.waiting).toEqual([]);
    expect(await deliveries(id)).toEqual([]);
  });
});

describe('whoever is killed', () => {
  /** Every call of the store kills once, before or after it took effect; in between everything is done again as SQS does it. */
  const deaths = [1, 2, 3, 4, 5, 6].flatMap((at) => [false, true].map((late) => ({ at, late })));
  const dying = (death: Death) => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(api.db.endpoint)), {
      marshallOptions: { removeUndefinedValues: true },
    });
    return dyingTable({ client, tableName: api.db.tableName, now: api.now }, death);
  };

  it.each(deaths)('while dispatching (call $at, late $late) loses nothing', async ({ at, late }) => {
    const id = await endpoint();
    const page = await happen('e1', 'e2', 'e3');
    const death: Death = { calls: 0, at, late };
    await dispatch(page, dying(death)).catch((error) => expect(error).toBeInstanceOf(Killed));
    await dispatch(page);
    await work(days(1));
    expect((await deliveries(id)).map(({ eventId, status }) => [eventId, status])).toEqual([
      ['e1', 'delivered'],
      ['e2', 'delivered'],
      ['e3', 'delivered'],
    ]);
  });

  it('between storing and queueing loses nothing', async () => {
    const id = await endpoint();
    const page = await happen('e1', 'e2');
    queue.fails = true;
    await expect(dispatch(page)).rejects.toThrow('out of reach');
    queue.fails = false;
    expect((await deliveries(id)).map(({ status }) => status)).toEqual(['pending', 'pending']);
    await dispatch(page);
    await work(days(1));
    expect((await deliveries(id)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it.each(deaths)(
    'while delivering (call $at, late $late) loses nothing, and the receiver knows repetitions by their id',
    async ({ at, late }) => {
      const id = await endpoint();
      answer = (count) => (count <= 2 ? { outcome: 'refused', answer: 500 } : { outcome: 'delivered', answer: 200 });
      await dispatch(await happen('e1'));
      const death: Death = { calls: 0, at, late };
      const table = dying(death);
      await work(days(3), () => (death.calls >= at ? api.table : table));
      const [delivery] = await deliveries(id);
      expect(delivery?.status).toBe('delivered');
      expect(new Set(posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['e1']));
      expect(await readWebhook(api.table, api.scope, id)).toMatchObject({ failingSince: null, disabled: null });
    },
  );

  it('between storing an attempt and queueing the next one is made good by the message that comes back', async () => {
    const id = await endpoint();
    answer = (count) => (count === 1 ? { outcome: 'refused', answer: 500 } : { outcome: 'delivered', answer: 200 });
    await dispatch(await happen('e1'));
    const [message] = queue.waiting.splice(0);
    queue.fails = true;
    await expect(deliver(ports(), decodeDeliveryMessage(message!.body), 'test')).rejects.toThrow('out of reach');
    queue.fails = false;
    expect(await deliveries(id)).toMatchObject([{ status: 'pending', attemptCount: 1 }]);
    queue.waiting.push({ body: message!.body, due: api.now() });
    await work(days(1));
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attemptCount: 2 }]);
  });
});
