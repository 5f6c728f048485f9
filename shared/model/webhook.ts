import type { Instant } from '#kernel/instant.ts';

/** Endpoints a tenant may have (M-150). */
export const MOST_WEBHOOKS = 10;

/** How long the secret before goes on signing after a rotation, so that a receiver can change over without losing anything. */
export const ROTATION_SECONDS = 24 * 3_600;

/** What is sent at an admin's wish, to try an endpoint; every endpoint takes it. */
export const TEST_EVENT = 'webhook.test';

/** `by_hand`: somebody switched it off; `failing`: nothing got through for as long as we try; `gone`: the receiver said so (410). */
export const DISABLED_REASONS = ['by_hand', 'failing', 'gone'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Where a tenant wants to be told of events. */
export interface Webhook {
  readonly id: string;
  /** 0 to 9: the place among the tenant's endpoints, so that two creations at once cannot exceed their number. */
  readonly slot: number;
  readonly url: string;
  /** Names of events. */
  readonly events: readonly string[];
  /** Null while it is in use. */
  readonly disabled: { readonly reason: DisabledReason; readonly at: Instant } | null;
  /** Since when nothing has got through; null when the last attempt did. */
  readonly failingSince: Instant | null;
  /** Sealed for tenant and endpoint: the vault alone can read it. */
  readonly secret: string;
  /** The secret before, which signs as well until its time is over. */
  readonly formerSecret: { readonly secret: string; readonly until: Instant } | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly revision: number;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** How an attempt ended. What the receiver says beside its status is not looked at. */
export const ATTEMPT_OUTCOMES = ['delivered', 'refused', 'redirected', 'timeout', 'network', 'private_address'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export interface Attempt {
  readonly at: Instant;
  readonly outcome: AttemptOutcome;
  /** The receiver's status code; null where there was no answer. */
  readonly answer: number | null;
  readonly durationMs: number;
}

/** One event on its way to one endpoint, kept with its attempts for thirty days. */
export interface Delivery {
  /** When the event was and which one it is, so that the history lists in order of time. */
  readonly id: string;
  /** What the receiver gets as `webhook-id` with every attempt, to know a repetition by. */
  readonly eventId: string;
  readonly type: string;
  /** The text that is sent, byte for byte the same every time. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** The latest ones; `attemptCount` counts all. */
  readonly attempts: readonly Attempt[];
  readonly attemptCount: number;
  /** Attempts since the round began: a redelivery by hand begins a new one. */
  readonly roundAttempts: number;
  /** Not before; null where none is planned. */
  readonly nextAttemptAt: Instant | null;
  readonly createdAt: Instant;
  readonly revision: number;
}
