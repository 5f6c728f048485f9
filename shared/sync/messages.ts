import * as z from 'zod/mini';
import type { RunMessage } from '#mirror/start.ts';
import { ENTITIES } from '#model/entities.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { SyncCall } from '#model/sync-call.ts';

/** A queue message (M-76): ids and what asked for the run; nothing else in it is believed. */
const messageSchema = z.strictObject({
  v: z.literal(1),
  tenantId: z.string(),
  connectionId: z.string(),
  kind: z.enum(['tick', 'manual', 'hint', 'event', 'leg']),
  tick: z.optional(z.iso.datetime()),
  runId: z.optional(z.string().check(z.maxLength(40))),
  leg: z.optional(z.int().check(z.positive())),
});

/** Reads a queue message; null when it is malformed, or names a connection of another tenant than its own (fault 10). */
export function parseRunMessage(body: string): RunMessage | null {
  const parsed = messageSchema.safeParse(readJson(body));
  if (!parsed.success) return null;
  const connection = parseConnectionId(parsed.data.connectionId);
  if (connection === null || connection.tenantId !== parsed.data.tenantId) return null;
  const { tick, runId, leg, ...rest } = parsed.data;
  return {
    ...rest,
    ...(tick === undefined ? {} : { tick }),
    ...(runId === undefined ? {} : { runId }),
    ...(leg === undefined ? {} : { leg }),
  };
}

/** What the API puts on the bus. */
const requestSchema = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  kind: z.optional(z.enum(['manual', 'hint'])),
});

/** The queue message of a resync request on the bus; null when it is malformed. */
export function messageOfRequest(detail: unknown): RunMessage | null {
  const parsed = requestSchema.safeParse(detail);
  if (!parsed.success) return null;
  const { tenantId, connectionId, kind } = parsed.data;
  if (parseConnectionId(connectionId)?.tenantId !== tenantId) return null;
  return { v: 1, tenantId, connectionId, kind: kind ?? 'manual' };
}

const callSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('check'),
    connectionId: z.string(),
    zone: z.string(),
    currency: z.string(),
    settings: z.looseObject({}),
  }),
  z.looseObject({
    type: z.literal('exchange'),
    connectionId: z.string(),
    zone: z.string(),
    currency: z.string(),
    settings: z.looseObject({}),
    code: z.string(),
    sealed: z.string(),
  }),
  z.looseObject({
    type: z.literal('authorize'),
    connectionId: z.string(),
    credentials: z.record(z.string(), z.string()),
    redirectUri: z.string(),
    state: z.string(),
  }),
  z.looseObject({ type: z.literal('revoke'), connectionId: z.string(), sealed: z.string() }),
  z.looseObject({ type: z.literal('hook'), connectionId: z.string(), proof: z.string(), body: z.string() }),
  z.looseObject({ type: z.literal('discover'), connectionId: z.string() }),
  z.looseObject({ type: z.literal('preview'), connectionId: z.string(), settings: z.looseObject({}) }),
  z.looseObject({ type: z.literal('probe'), connectionId: z.string(), entity: z.enum(ENTITIES), sourceId: z.string() }),
]);

/** Reads what the API asks by a direct invocation; null for every other event. Only our own API may invoke the function. */
export function parseSyncCall(event: unknown): SyncCall | null {
  const parsed = callSchema.safeParse(event);
  if (!parsed.success || parseConnectionId(parsed.data.connectionId) === null) return null;
  return parsed.data as unknown as SyncCall;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Text that is no JSON is a malformed message, which the caller reports; every other failure is not ours to judge.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
