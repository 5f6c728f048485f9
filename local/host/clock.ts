/** Where the host takes the time from: milliseconds since the epoch. */
export type Clock = { now(): number };

/** The computer's own clock. */
export const wallClock: Clock = { now: () => Date.now() };

/** Rings once the clock has reached the earliest instant asked for since it last rang. */
export type Alarm = { at(dueMs: number): void; stop(): void };

// Longest sleep of a timer: a laptop that was asleep, or a clock that was set, is noticed within this time.
const LONGEST_SLEEP_MS = 30_000;
// A clock given by a test moves without a sign, so it is looked at often.
const GIVEN_CLOCK_SLEEP_MS = 15;

/**
 * Makes an alarm on a clock. `ring` may set the alarm again; it is called outside of any caller's stack.
 */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let due = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const sleep = () => {
    clearTimeout(timer);
    timer = undefined;
    if (due === Number.POSITIVE_INFINITY) return;
    const longest = clock === wallClock ? LONGEST_SLEEP_MS : GIVEN_CLOCK_SLEEP_MS;
    timer = setTimeout(wake, Math.max(0, Math.min(due - clock.now(), longest)));
  };
  const wake = () => {
    if (clock.now() < due) {
      sleep();
      return;
    }
    due = Number.POSITIVE_INFINITY;
    timer = undefined;
    ring();
  };

  return {
    at: (dueMs) => {
      if (dueMs >= due) return;
      due = dueMs;
      sleep();
    },
    stop: () => {
      due = Number.POSITIVE_INFINITY;
      clearTimeout(timer);
    },
  };
}
