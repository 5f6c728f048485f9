import { type Connection, NO_COUNTS, type StreamState, type SyncState } from './connection.ts';
import type { Key } from './keys.ts';
import { ITEM_VERSION } from './mirror-item.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** Every attribute of the sync state, so that what is absent comes back as null and a partial write names what it touches. */
const EMPTY_STATE: SyncState = {
  fence: 0,
  lease: null,
  state: 'pending',
  cause: null,
  fix: null,
  tick: null,
  pending: null,
  files: [],
  openRun: null,
  streams: {},
  firstSyncDone: false,
  lastReconcileAt: null,
  firstSyncStartedAt: null,
  lastSuccessfulAt: null,
  lastSuccessfulRunId: null,
  dataAsOf: null,
  lastRunId: null,
  lastError: null,
  failedRuns: 0,
  openHolds: 0,
  quarantined: 0,
  parked: 0,
  drifted: 0,
  hintDue: null,
  hintedAt: null,
  missingScopes: [],
  missingFields: [],
  deletions: {},
  resyncs: [],
  planPages: 0,
  epoch: 0,
};

/** The state of a connection that has never run. */
export function initialSyncState(epoch: number): SyncState {
  return { ...EMPTY_STATE, epoch };
}

/** The stored form: one attribute per field, since run and API own different ones; nulls are left out. */
export function encodeSyncState(key: Key, state: SyncState): Attributes & Key {
  return { ...key, et: 'sy', v: ITEM_VERSION, ...withoutNulls(encodeSyncChanges(state)) };
}

/** Changed fields in their stored form. The item is rewritten twice a run, so the streams leave out whatever is nothing. */
export function encodeSyncChanges(changes: Partial<SyncState>): Attributes {
  if (changes.streams === undefined) return changes as Attributes;
  const streams = Object.entries(changes.streams).map(([name, state]) => [name, encodeStream(state)] as const);
  return { ...changes, streams: Object.fromEntries(streams) };
}

function encodeStream(state: StreamState): Attributes {
  const { counts, lastSuccessfulRunId, lastSuccessfulAt, ...rest } = state;
  const counted = Object.entries(counts).filter(([, count]) => count !== 0);
  return {
    ...withoutNulls(rest),
    ...(state.sweepOpen ? {} : { sweepOpen: undefined }),
    ...(state.owesFull ? {} : { owesFull: undefined }),
    ...(counted.length > 0 ? { counts: Object.fromEntries(counted) } : {}),
    // Nearly always the last run itself: then its id and time stand here once.
    ...(lastSuccessfulRunId === state.lastRunId ? {} : { lastSuccessfulRunId }),
    ...(lastSuccessfulAt === state.lastReadAt ? {} : { lastSuccessfulAt }),
  };
}

function decodeStream(stored: Partial<StreamState>): StreamState {
  const lastRunId = stored.lastRunId ?? null;
  const lastReadAt = stored.lastReadAt ?? null;
  return {
    watermark: null,
    lastFullAt: null,
    lastOutcome: null,
    dataAsOf: null,
    digest: null,
    sweepOpen: false,
    owesFull: false,
    ...stored,
    lastRunId,
    lastReadAt,
    lastSuccessfulRunId: stored.lastSuccessfulRunId === undefined ? lastRunId : stored.lastSuccessfulRunId,
    lastSuccessfulAt: stored.lastSuccessfulAt === undefined ? lastReadAt : stored.lastSuccessfulAt,
    counts: { ...NO_COUNTS, ...stored.counts },
  };
}

export function decodeSyncState(item: Attributes): SyncState {
  const state: Record<string, unknown> = { ...EMPTY_STATE };
  for (const name of Object.keys(EMPTY_STATE)) if (item[name] !== undefined) state[name] = item[name];
  const streams = Object.entries(item.streams ?? {}).map(([name, stored]) => [
    name,
    decodeStream(stored as Partial<StreamState>),
  ]);
  state.streams = Object.fromEntries(streams);
  return state as unknown as SyncState;
}

export function encodeConnection(key: Key, connection: Connection): Attributes & Key {
  return { ...key, et: 'cn', v: ITEM_VERSION, ...withoutNulls(connection as unknown as Attributes) };
}

export function decodeConnection(item: Attributes): Connection {
  const { pk: _pk, sk: _sk, et: _et, v: _v, ...fields } = item;
  return { accountId: null, accountName: null, disconnectedAt: null, disconnectedBy: null, ...fields } as unknown as Connection;
}

/** Fields that are set to a value, and those that are taken away: the two halves of an update. */
export function withoutNulls(fields: Attributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
