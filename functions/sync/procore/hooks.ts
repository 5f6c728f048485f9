import { parseJsonExact } from '#kernel/decimal.ts';
import { parseInstant } from '#kernel/instant.ts';
import type { HookEvent } from '#mirror/connector.ts';
import { idOf } from './listing.ts';

/** A resource that something has happened to; `resource_name` in the legacy payload, `resource_type` in v4.0, whose ids are text. */
interface HookBody {
  readonly company_id?: unknown;
  readonly resource_name?: unknown;
  readonly resource_type?: unknown;
  readonly timestamp?: unknown;
}

/** Reads a webhook of either payload. Which resources are announced the triggers of the hook decide, so each of them concerns us. */
export function readHook(text: string): HookEvent | null {
  const { company_id, resource_name, resource_type, timestamp } = readObject(text);
  const accountId = idOf({ id: company_id });
  if (accountId === null || typeof (resource_name ?? resource_type) !== 'string') return null;
  return { accountId, at: typeof timestamp === 'string' ? parseInstant(timestamp) : null, concerns: true };
}

function readObject(text: string): HookBody {
  try {
    const value = parseJsonExact(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
