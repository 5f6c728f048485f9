import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { Attempt, Delivery } from '#model/webhook.ts';

/** Seconds between the attempts of a round: ten attempts, the last one just before three days are over (M-158). */
export const RETRY_WAITS_SECONDS: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000];

/** Attempts that the history of a delivery shows. */
const SHOWN_ATTEMPTS = 20;
/** A wait is shortened by up to so much, so that what failed together does not come back together. */
const JITTER = 10;

/**
 * A delivery after an attempt: delivered, waiting for the next one, or failed for good with the last of its round. `random`: 0 ≤ x < 1.
 * Waits are only ever shortened, so that a round stays within its three days.
 */
export function afterAttempt(
  delivery: Delivery,
  attempt: Attempt,
  now: Instant,
  random: number,
  waits: readonly number[] = RETRY_WAITS_SECONDS,
): Delivery {
  const wait = waits[delivery.roundAttempts];
  const status = attempt.outcome === 'delivered' ? 'delivered' : wait === undefined ? 'failed' : 'pending';
  const nextAttemptAt = status === 'pending' ? addSeconds(now, jittered(wait!, random)) : null;
  return {
    ...delivery,
    status,
    attempts: [...delivery.attempts, attempt].slice(-SHOWN_ATTEMPTS),
    attemptCount: delivery.attemptCount + 1,
    roundAttempts: delivery.roundAttempts + 1,
    nextAttemptAt,
    revision: delivery.revision + 1,
  };
}

/** A delivery that begins anew at somebody's wish: same id, same body, a round of its own. */
export function redelivered(delivery: Delivery, now: Instant): Delivery {
  return {
    ...delivery,
    status: 'pending',
    roundAttempts: 0,
    nextAttemptAt: now,
    revision: delivery.revision + 1,
  };
}

/** A delivery that nobody will take any more. */
export function givenUp(delivery: Delivery): Delivery {
  return { ...delivery, status: 'failed', nextAttemptAt: null, revision: delivery.revision + 1 };
}

function jittered(seconds: number, random: number): number {
  return seconds - Math.floor((seconds / JITTER) * random);
}
