import type { DailyHandler, DailyPorts } from '#functions/bonus/daily.ts';
import { scheduleHandler } from '#functions/bonus/on-schedule/handle.ts';
import { verificationHandler } from '#functions/bonus/verification/handle.ts';

/** Both functions that the clock wakes, one after the other. */
export function nightHandler(ports: DailyPorts): DailyHandler {
  const handlers = [scheduleHandler(ports), verificationHandler(ports)];
  return async (event, requestId) => {
    for (const handle of handlers) await handle(event, requestId);
  };
}
