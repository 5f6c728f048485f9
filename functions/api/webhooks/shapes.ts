import * as z from 'zod/mini';
import { EVENT_TYPES } from '#events/catalogue.ts';
import {
  ATTEMPT_OUTCOMES,
  DELIVERY_STATUSES,
  type Delivery,
  DISABLED_REASONS,
  TEST_EVENT,
  type Webhook,
} from '#model/webhook.ts';
import { idText, instantText } from '../edge.ts';

const url = z.string().check(z.minLength(1), z.maxLength(2_000));
/** A test is sent when somebody asks for one: nobody subscribes to it. */
const eventNames = z.array(z.enum(EVENT_TYPES.filter((type) => type !== TEST_EVENT) as [string, ...string[]]));
const events = eventNames.check(z.minLength(1), z.maxLength(EVENT_TYPES.length));

export const newWebhookBody = z.strictObject({ url, events });
export const webhookChangeBody = z.strictObject({
  url: z.optional(url),
  events: z.optional(events),
  /** False switches it off, true on again. */
  enabled: z.optional(z.boolean()),
});

export const webhookFields = {
  id: idText,
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  disabledReason: z.nullable(z.enum(DISABLED_REASONS)),
  disabledAt: z.nullable(instantText),
  /** Since when nothing gets through. */
  failingSince: z.nullable(instantText),
  /** Until when the secret before the present one signs as well. */
  formerSecretUntil: z.nullable(instantText),
  createdAt: instantText,
  createdBy: z.string(),
};
export const webhookSchema = z.strictObject(webhookFields);
/** With the secret, where it is shown: this once. */
export const webhookWithSecretSchema = z.strictObject({ ...webhookFields, secret: z.nullable(z.string()) });

export const deliverySchema = z.strictObject({
  id: idText,
  /** `webhook-id` of every attempt: the id that the change feed gives the event as well. */
  eventId: z.string(),
  type: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attemptCount: z.int(),
  /** The latest attempts, oldest first. */
  attempts: z.array(
    z.strictObject({
      at: instantText,
      outcome: z.enum(ATTEMPT_OUTCOMES),
      answer: z.nullable(z.int()),
      durationMs: z.int(),
    }),
  ),
  nextAttemptAt: z.nullable(instantText),
  createdAt: instantText,
});

/** An endpoint as everybody sees it who may: never its secret. */
export function webhookView({ id, url, events, disabled, failingSince, formerSecret, createdAt, createdBy }: Webhook) {
  return {
    ...{ id, url, events, enabled: disabled === null },
    disabledReason: disabled?.reason ?? null,
    disabledAt: disabled?.at ?? null,
    failingSince,
    formerSecretUntil: formerSecret?.until ?? null,
    ...{ createdAt, createdBy },
  };
}

/** A delivery with its attempts, without what was sent. */
export function deliveryView({ id, eventId, type, status, attemptCount, attempts, nextAttemptAt, createdAt }: Delivery) {
  return { id, eventId, type, status, attemptCount, attempts, nextAttemptAt, createdAt };
}
