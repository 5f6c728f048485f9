import { type Clock, createAlarm } from '../clock.ts';

const MINUTE_MS = 60_000;

/** Fires minute by minute. Minutes missed for a short while (a busy or sleeping computer) are made up for, older ones are not. */
export function startTicking(clock: Clock, tick: (nowMs: number) => void): () => void {
  const MISSED_MINUTES = 5;
  const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS);
  let last = minuteOf(clock.now());
  const alarm = createAlarm(clock, () => {
    const current = minuteOf(clock.now());
    for (let minute = Math.max(last + 1, current - MISSED_MINUTES); minute <= current; minute += 1) tick(minute * MINUTE_MS);
    last = current;
    alarm.at((current + 1) * MINUTE_MS);
  });
  alarm.at((last + 1) * MINUTE_MS);
  return () => alarm.stop();
}
