import type { Connection, SyncState } from './connection.ts';
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
  openRun: null,
  streams: {},
  firstSyncDone: false,
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
  missingScopes: [],
  deletions: {},
  resyncs: [],
  planPages: 0,
  mappingDigest: null,
  epoch: 0,
};

/** The state of a connection that has never run. */
export function initialSyncState(epoch: number): SyncState {
  return { ...EMPTY_STATE, epoch };
}

/** The stored form: one attribute per field, since run and API own different ones; nulls are left out. */
export function encodeSyncState(key: Key, state: SyncState): Attributes & Key {
  return { ...key, et: 'sy', v: ITEM_VERSION, ...withoutNulls(state as unknown as Attributes) };
}

export function decodeSyncState(item: Attributes): SyncState {
  const state: Record<string, unknown> = { ...EMPTY_STATE };
  for (const name of Object.keys(EMPTY_STATE)) if (item[name] !== undefined) state[name] = item[name];
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
