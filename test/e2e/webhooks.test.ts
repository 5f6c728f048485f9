import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePageMessage } from '#events/page-message.ts';
import { type Json, until } from '#test/support/product-client.ts';
import { type Behaviour, Listener, WebhookWorld } from './webhook-world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let world: WebhookWorld;
let listener: Listener;
beforeAll(async () => {
  world = await WebhookWorld.start([1, 1, 1, 1, 1, 1]);
  listener = await new Listener().start();
});
afterAll(async () => {
  await listener?.stop();
  await world?.stop();
});

const EVENTS = ['propay.approved', 'statement.paid'];
/** An endpoint at a path of the listener, with its tenant. */
async function subscribe(tenantId: string, path: string) {
  const { client } = await world.tenant(tenantId);
  const made = await client.post('/v1/webhooks', { url: listener.url(path), events: EVENTS });
  expect(made.status).toBe(201);
  const { id, secret } = made.body;
  const deliveries = (): Promise<Json[]> => client.list(`/v1/webhooks/${id}/deliveries`);
  return { client, id, secret: secret as string, path: `/v1/webhooks/${id}`, deliveries };
}

/** Whether a request is signed for a secret; throws where it is not. */
const verify = (secret: string, { body, headers }: { body: string; headers: object }) =>
  new Verifier(secret).verify(body, headers as Record<string, string>);

describe('webhooks', () => {
  it('arrive signed and none is lost, whatever the receiver does before it takes them', async () => {
    const faults: readonly Behaviour[] = [500, 'reset', 'redirect', 429, 'hang', 'drip', 404, 301];
    const ids = faults.map((_, index) => `stormy-${index}`);
    // Each event meets one fault after the other; only two of them wait for the whole deadline.
    listener.behave = (path, id, before) => {
      if (path !== '/stormy') return 200;
      const first = faults[ids.indexOf(id)]!;
      return ([first, 500, 'reset'] satisfies Behaviour[])[before] ?? 200;
    };
    const { secret, deliveries } = await subscribe('stormy', '/stormy');
    await world.happen('stormy', ids.slice(0, 4));
    await world.happen('stormy', ids.slice(4), 'statement.paid');
    await world.happen('stormy', ['not-asked-for'], 'group.approved');

    await until(
      () => Promise.resolve(listener.taken('/stormy')),
      (taken) => taken.size === ids.length,
      60_000,
    );
    expect([...listener.taken('/stormy')].sort()).toEqual([...ids].sort());
    for (const one of listener.at('/stormy')) verify(secret, one);
    for (const id of ids) {
      const bodies = new Set(listener.at('/stormy').flatMap((one) => (one.id === id ? [one.body] : [])));
      expect(bodies.size).toBe(1);
      const told = JSON.parse([...bodies][0]!);
      expect(Object.keys(told)).toEqual(['type', 'timestamp', 'data']);
      expect(told.data).toEqual({ id: `${id}.-.1`, href: `/v1/propays/${id}.-.1`, revision: null });
    }
    // No redirect is followed.
    expect(listener.at('/elsewhere')).toEqual([]);

    const history = await until(deliveries, (items) => items.every((one) => one.status === 'delivered'));
    expect(history).toHaveLength(ids.length);
    const outcomes = (id: string) => history.find((one) => one.eventId === id)?.attempts.map((one: Json) => one.outcome);
    expect(outcomes('stormy-0')?.slice(0, 1)).toEqual(['refused']);
    expect(outcomes('stormy-2')?.slice(0, 1)).toEqual(['redirected']);
    expect(outcomes('stormy-4')?.slice(0, 1)).toEqual(['timeout']);
    expect(outcomes('stormy-5')?.slice(0, 1)).toEqual(['timeout']);
    expect(outcomes('stormy-1')?.slice(0, 1)).toEqual(['network']);
    const hung = history.find((one) => one.eventId === 'stormy-4').attempts[0];
    expect(hung).toMatchObject({ answer: null });
    expect(hung.durationMs).toBeGreaterThanOrEqual(9_900);
    expect(hung.durationMs).toBeLessThan(15_000);
  });

  it('are sent as a test, and signed with both secrets for a day after a rotation', async () => {
    const { client, path, secret: former } = await subscribe('turning', '/turning');
    const rotated = await client.post(`${path}/rotate-secret`);
    expect(rotated.status).toBe(200);
    const { secret } = rotated.body;
    expect(secret).not.toBe(former);
    const tried = await client.post(`${path}/test`);
    expect(tried).toMatchObject({ status: 202, body: { type: 'webhook.test', status: 'pending' } });
    const [heard] = await until(
      () => Promise.resolve(listener.at('/turning')),
      (all) => all.length > 0,
    );
    expect(verify(secret, heard!)).toMatchObject({ type: 'webhook.test' });
    expect(verify(former, heard!)).toMatchObject({ type: 'webhook.test' });
    expect(String(heard?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(heard?.id).toBe(tried.body.eventId);
  });

  it('arrive although the stream and the queues deliver twice and out of order', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `twice-${index}`);
    listener.behave = (_path, id, before) => (before === 0 && Number(id.split('-')[1]) % 3 === 0 ? 500 : 200);
    const { secret, deliveries } = await subscribe('twice', '/twice');
    Object.assign(world.host.faults, { redeliverStreams: 1, shuffleStreams: true, repeatMessages: 0.5 });
    for (let at = 0; at < ids.length; at += 10) await world.happen('twice', ids.slice(at, at + 10));
    await until(
      () => Promise.resolve(listener.taken('/twice')),
      (taken) => taken.size === ids.length,
    );
    world.host.faults.clear();
    for (const one of listener.at('/twice')) verify(secret, one);
    const history = await until(deliveries, (items) => items.every((one) => one.status === 'delivered'));
    expect(history.map((one) => one.eventId).sort()).toEqual([...ids].sort());
  });

  it('are queued by the next try of a dispatch that ended between storing and queueing', async () => {
    listener.behave = () => 200;
    // The page is there before anybody asks for it; then it is announced again, and its dispatch cannot queue what it has stored.
    const [page] = await world.happen('halfway', ['half-1', 'half-2']);
    await world.host.idle();
    const { deliveries } = await subscribe('halfway', '/halfway');
    world.host.faults.failCalls({ service: 'sqs', operation: 'SendMessageBatch', code: 'AccessDenied', status: 403 });
    world.host.queue('DispatchPagesQueue').send(encodePageMessage({ tenantId: 'halfway', page: page! }).body);
    const stored = await until(deliveries, (items) => items.length === 2);
    await world.host.idle();
    expect(stored).toMatchObject([
      { status: 'pending', attemptCount: 0 },
      { status: 'pending', attemptCount: 0 },
    ]);
    expect(listener.at('/halfway')).toEqual([]);
    world.pass(400);
    await until(deliveries, (items) => items.every((one) => one.status === 'delivered'));
    expect([...listener.taken('/halfway')].sort()).toEqual(['half-1', 'half-2']);
  });

  it('are given up after the last attempt: the endpoint is switched off, and sent again by hand once it is on', async () => {
    listener.behave = (path) => (path === '/dead' ? 503 : 200);
    const { client, path, deliveries } = await subscribe('dead', '/dead');
    await world.happen('dead', ['dead-1']);
    const gone = await until(
      () => client.get(path),
      (answer) => answer.body.enabled === false,
      60_000,
    );
    expect(gone.body).toMatchObject({ disabledReason: 'failing', failingSince: expect.any(String) });
    const [failed] = await deliveries();
    expect(failed).toMatchObject({ status: 'failed', attemptCount: 7, nextAttemptAt: null });
    // What happens meanwhile stands in the change feed alone.
    await world.happen('dead', ['dead-2']);
    await world.host.idle();
    expect(await deliveries()).toHaveLength(1);
    const { body } = await client.get('/v1/audit?limit=20');
    expect(body.items.map((one: Json) => one.action)).toContain('webhook.disabled');

    expect((await client.post(`${path}/deliveries/${failed.id}/redeliver`)).status).toBe(409);
    listener.behave = () => 200;
    const tag = { 'if-match': String(gone.headers.get('etag')) };
    expect((await client.send('PATCH', path, { enabled: true }, tag)).body).toMatchObject({ enabled: true, failingSince: null });
    expect((await client.post(`${path}/deliveries/${failed.id}/redeliver`)).status).toBe(202);
    const [sent] = await until(deliveries, ([one]) => one.status === 'delivered');
    expect(sent).toMatchObject({ id: failed.id, eventId: 'dead-1', attemptCount: 8 });
    expect([...listener.taken('/dead')]).toEqual(['dead-1']);
  });
});
