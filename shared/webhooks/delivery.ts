import type { EventEnvelope } from '#events/event.ts';
import { type Instant, msOf } from '#kernel/instant.ts';
import type { Delivery, Webhook } from '#model/webhook.ts';
import { hrefOf } from './href.ts';

/** What a delivery tells of its event. */
export type ToldEvent = Pick<EventEnvelope, 'id' | 'type' | 'occurredAt' | 'subject' | 'data'>;

/** Digits of the time that a delivery's id begins with, base 36: enough for the next hundred thousand years. */
const TIME_DIGITS = 10;

/**
 * The id of an event's delivery: the same whenever the event is dispatched again, so that it is stored once. It sorts by the event's time.
 */
export function deliveryId(event: Pick<ToldEvent, 'id' | 'occurredAt'>): string {
  return `${msOf(event.occurredAt).toString(36).padStart(TIME_DIGITS, '0')}.${event.id}`;
}

/** The delivery of an event, not yet attempted. Its body is thin (M-158): the receiver reads the rest with rights of its own. */
export function newDelivery(event: ToldEvent, now: Instant): Delivery {
  return {
    id: deliveryId(event),
    eventId: event.id,
    type: event.type,
    body: bodyOf(event),
    status: 'pending',
    attempts: [],
    attemptCount: 0,
    roundAttempts: 0,
    nextAttemptAt: now,
    createdAt: now,
    revision: 1,
  };
}

/** The endpoints that an event goes to. */
export function subscribersOf(webhooks: readonly Webhook[], type: string): readonly Webhook[] {
  return webhooks.filter(({ disabled, events }) => disabled === null && events.includes(type));
}

/** The secrets that sign an attempt at an instant: the present one, and the one before within its time. */
export function sealedSecretsOf({ secret, formerSecret }: Webhook, now: Instant): readonly string[] {
  return formerSecret !== null && now < formerSecret.until ? [secret, formerSecret.secret] : [secret];
}

function bodyOf(event: ToldEvent): string {
  const { rev } = event.data;
  const data = { id: event.subject.id, href: hrefOf(event), revision: typeof rev === 'number' ? rev : null };
  return JSON.stringify({ type: event.type, timestamp: event.occurredAt, data });
}
