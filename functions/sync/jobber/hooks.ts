import { parseInstant } from '#kernel/instant.ts';
import type { HookEvent } from '#mirror/connector.ts';
import { isObject } from './answer.ts';

/**
 * Topics that are about what is mirrored, each with `_CREATE`, `_UPDATE` and `_DESTROY` and a few of its own; and the app's own end, which
 * the run that follows finds out by itself. Others, also such as are added later, change nothing here.
 */
const CONCERNING = /^(CLIENT|PROPERTY|USER|JOB|VISIT|TIMESHEET)_|^APP_DISCONNECT$/;

/** Reads a webhook: a pointer to what has changed, and no data. Apps made before December 2023 get `occuredAt`. */
export function readHook(text: string): HookEvent | null {
  const { data } = readObject(text);
  const event = isObject(data) && isObject(data.webHookEvent) ? data.webHookEvent : {};
  const { topic, accountId, occurredAt = event.occuredAt } = event;
  if (typeof topic !== 'string' || typeof accountId !== 'string') return null;
  return {
    accountId,
    at: typeof occurredAt === 'string' ? parseInstant(occurredAt) : null,
    concerns: CONCERNING.test(topic),
  };
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
