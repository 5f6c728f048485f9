import { createHmac } from 'node:crypto';
import { Webhook as Verifier } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, EVENTS } from '#events/catalogue.ts';
import { addSeconds, msOf, secondsBetween } from '#kernel/instant.ts';
import type { Attempt, AttemptOutcome, Delivery, Webhook } from '#model/webhook.ts';
import { deliveryId, newDelivery, sealedSecretsOf, subscribersOf, type ToldEvent } from '#webhooks/delivery.ts';
import { hrefOf } from '#webhooks/href.ts';
import { decodeDeliveryMessage, encodeDeliveryMessage } from '#webhooks/messages.ts';
import { afterAttempt, givenUp, redelivered } from '#webhooks/retries.ts';
import { makeSecret, signedHeaders } from '#webhooks/signature.ts';

const NOW = '2026-03-10T12:00:00.000Z';
const EVENT: ToldEvent = {
  id: 'event-1',
  type: 'mirror.changed',
  occurredAt: NOW,
  subject: { entity: 'job', id: 'job_a-1' },
  data: { entity: 'job', id: 'job_a-1', rev: 7, changedFields: ['name'] },
};
const attempt = (outcome: AttemptOutcome, at = NOW): Attempt => ({ at, outcome, answer: null, durationMs: 5 });

describe('attempts of a delivery', () => {
  it('are ten in a round and end within three days, however the dice fall', () => {
    for (const random of [0, 0.5, 0.999]) {
      let now = NOW;
      let delivery = newDelivery(EVENT, now);
      const times = [];
      while (delivery.status === 'pending') {
        now = delivery.nextAttemptAt!;
        times.push(secondsBetween(NOW, now));
        delivery = afterAttempt(delivery, attempt('refused', now), now, random);
      }
      expect(delivery).toMatchObject({ status: 'failed', attemptCount: 10, nextAttemptAt: null, revision: 11 });
      expect(times).toHaveLength(10);
      expect(times.at(-1)).toBeLessThanOrEqual(3 * 86_400);
      expect(times.at(-1)).toBeGreaterThan(2.5 * 86_400);
      for (let index = 2; index < times.length - 1; index++)
        expect(times[index]! - times[index - 1]!).toBeGreaterThan(times[index - 1]! - times[index - 2]!);
    }
  });

  it('end with the first that is taken', () => {
    const tried = afterAttempt(newDelivery(EVENT, NOW), attempt('timeout'), NOW, 0);
    expect(tried).toMatchObject({ status: 'pending', nextAttemptAt: addSeconds(NOW, 5) });
    const taken = afterAttempt(tried, attempt('delivered'), NOW, 0);
    expect(taken).toMatchObject({ status: 'delivered', attemptCount: 2, nextAttemptAt: null });
    expect(taken.attempts.map(({ outcome }) => outcome)).toEqual(['timeout', 'delivered']);
  });

  it('begin a round of their own when somebody asks for it, under the same id and with the same body', () => {
    const failed = givenUp(newDelivery(EVENT, NOW));
    expect(failed).toMatchObject({ status: 'failed', nextAttemptAt: null });
    const again = redelivered({ ...failed, roundAttempts: 10, attemptCount: 10 }, addSeconds(NOW, 60));
    expect(again).toMatchObject({ id: failed.id, eventId: 'event-1', body: failed.body, status: 'pending', roundAttempts: 0 });
    expect(afterAttempt(again, attempt('refused'), NOW, 0)).toMatchObject({ status: 'pending', attemptCount: 11 });
  });

  it('show the latest twenty', () => {
    let delivery: Delivery = newDelivery(EVENT, NOW);
    for (let count = 0; count < 25; count++) delivery = afterAttempt(redelivered(delivery, NOW), attempt('refused'), NOW, 0);
    expect(delivery.attempts).toHaveLength(20);
    expect(delivery.attemptCount).toBe(25);
  });
});

describe('a delivery', () => {
  it('has a thin body: what happened, when, and where to read the rest', () => {
    expect(JSON.parse(newDelivery(EVENT, NOW).body)).toEqual({
      type: 'mirror.changed',
      timestamp: NOW,
      data: { id: 'job_a-1', href: '/v1/jobs/job_a-1', revision: 7 },
    });
  });

  it('has the same id whenever its event is dispatched, and ids in the order of time', () => {
    expect(newDelivery(EVENT, addSeconds(NOW, 500)).id).toBe(newDelivery(EVENT, NOW).id);
    const later = deliveryId({ id: 'a', occurredAt: addSeconds(NOW, 1) });
    expect(deliveryId({ id: 'z', occurredAt: NOW }) < later).toBe(true);
  });

  it('goes to the endpoints in use that asked for its type', () => {
    const webhook = (id: string, more: Partial<Webhook> = {}) =>
      ({ id, events: ['propay.paid'], disabled: null, ...more }) as Webhook;
    const off = webhook('c', { disabled: { reason: 'by_hand', at: NOW } });
    const found = subscribersOf([webhook('a'), webhook('b', { events: ['mirror.changed'] }), off], 'propay.paid');
    expect(found.map(({ id }) => id)).toEqual(['a']);
  });

  it('knows where every subject of the catalogue is read', () => {
    const without = EVENT_TYPES.map((type) => EVENTS[type].subject).filter((entity) => {
      const id = entity === 'record' ? 'x' : 'subject';
      const data = { connectionId: 'acme1.1', propayId: 'p' };
      return hrefOf({ subject: { entity: entity === 'record' ? 'worker' : entity, id }, data }) === null;
    });
    expect([...new Set(without)]).toEqual([]);
    expect(hrefOf({ subject: { entity: 'run', id: '01J' }, data: { connectionId: 'acme1.2' } })).toBe(
      '/v1/connections/acme1.2/runs/01J',
    );
    expect(hrefOf({ subject: { entity: 'job', id: 'a/b?c' }, data: {} })).toBe('/v1/jobs/a%2Fb%3Fc');
  });
});

describe('signatures', () => {
  const secret = makeSecret((count) => new Uint8Array(count).fill(7));
  const message = { id: 'event-1', body: '{"type":"é"}' };

  it('are those of Standard Webhooks: HMAC-SHA256 over id, seconds and the exact body', () => {
    const headers = signedHeaders(message, [secret], msOf(NOW) + 999);
    const seconds = Math.floor(msOf(NOW) / 1_000);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`event-1.${seconds}.${message.body}`).digest('base64');
    expect(key).toHaveLength(32);
    expect(headers).toEqual({
      'webhook-id': 'event-1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${expected}`,
    });
  });

  it('of two secrets stand side by side, and either is enough', () => {
    const former = makeSecret((count) => new Uint8Array(count).fill(9));
    const headers = signedHeaders(message, [secret, former], Date.now());
    for (const one of [secret, former]) expect(new Verifier(one).verify(message.body, headers)).toEqual({ type: 'é' });
    const stranger = new Verifier(makeSecret((count) => new Uint8Array(count).fill(1)));
    expect(() => stranger.verify(message.body, headers)).toThrow();
    expect(() => new Verifier(secret).verify(`${message.body} `, headers)).toThrow();
  });

  it('are made with the former secret for as long as it lasts', () => {
    const webhook = { secret: 'new', formerSecret: { secret: 'old', until: addSeconds(NOW, 60) } } as Webhook;
    expect(sealedSecretsOf(webhook, addSeconds(NOW, 59))).toEqual(['new', 'old']);
    expect(sealedSecretsOf(webhook, addSeconds(NOW, 60))).toEqual(['new']);
  });
});

describe('messages of the queue', () => {
  const message = { tenantId: 'acme1', webhookId: 'w', deliveryId: 'd' };

  it('come back as they were sent, in a group of their own for each endpoint', () => {
    const { body, group } = encodeDeliveryMessage(message);
    expect(decodeDeliveryMessage(body)).toEqual(message);
    expect(group).toBe('acme1.w');
  });

  it.each(['{}', '[]', 'null', '{"v":1,"tenantId":"T#x","webhookId":"w","deliveryId":"d"}', '{"v":1,"tenantId":"acme1"}'])(
    '%s is none',
    (text) => {
      expect(() => decodeDeliveryMessage(text)).toThrow();
    },
  );
});
