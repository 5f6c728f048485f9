import type { Connection, Hold, Marker, QuarantineEntry, Run, SyncState } from '#model/connection.ts';
import type { IdentitySpace } from '#model/entities.ts';
import {
  connectionKey,
  connectionPartition,
  connectionsPartition,
  credentialsKey,
  holdKey,
  markerKey,
  quarantineKey,
  runKey,
  syncStateKey,
} from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeConnection, decodeSyncState, encodeConnection, encodeSyncChanges, encodeSyncState } from '#model/sync-item.ts';
import type { Waiting } from '#model/sync-items.ts';
import type { Condition, Item, QueryPage, Table, WriteAction } from './table.ts';
import { setAttributes } from './update-expression.ts';

/** Where a list goes on; null at its end. */
type After = QueryPage['after'];

/** All connections of a tenant, disconnected ones too: they stay readable (M-112). */
export async function listConnections(table: Table, scope: TenantScope): Promise<readonly Connection[]> {
  return (await table.queryAll(scope, { partition: connectionsPartition(scope) })).map(decodeConnection);
}

export async function readConnection(table: Table, scope: TenantScope, n: number): Promise<Connection | null> {
  const item = await table.get(scope, connectionKey(scope, n));
  return item === null ? null : decodeConnection(item);
}

/** A new connection with its first state; `IF not exists`, so that two connects cannot take one number. No credentials: they are to come. */
export function createConnectionActions(
  scope: TenantScope,
  connection: Connection,
  state: SyncState,
  credentials: Uint8Array | string | null,
): readonly WriteAction[] {
  const fresh: Condition = { expression: 'attribute_not_exists(pk)' };
  return [
    { kind: 'put', item: encodeConnection(connectionKey(scope, connection.n), connection) as Item, condition: fresh },
    { kind: 'put', item: encodeSyncState(syncStateKey(scope, connection.n), state) as Item, condition: fresh },
    ...(credentials === null ? [] : [saveCredentialsAction(scope, connection.n, credentials)]),
  ];
}

/** Replaces a connection that still has the revision it was read with. */
export function saveConnectionAction(scope: TenantScope, connection: Connection, readRevision: number): WriteAction {
  return {
    kind: 'put',
    item: encodeConnection(connectionKey(scope, connection.n), connection) as Item,
    condition: { expression: '#revision = :revision', names: { '#revision': 'revision' }, values: { ':revision': readRevision } },
  };
}

export async function readSyncState(table: Table, scope: TenantScope, n: number): Promise<SyncState | null> {
  const item = await table.get(scope, syncStateKey(scope, n));
  return item === null ? null : decodeSyncState(item);
}

/** Changes attributes of the sync state while its fence still is what was read: a run that has begun since refuses it. */
export function updateSyncStateAction(
  scope: TenantScope,
  n: number,
  changes: Partial<SyncState>,
  readFence: number,
  also?: Condition,
): WriteAction {
  return {
    kind: 'update',
    key: syncStateKey(scope, n),
    update: setAttributes(encodeSyncChanges(changes)),
    condition: {
      expression: `#fence = :fence${also ? ` AND ${also.expression}` : ''}`,
      names: { '#fence': 'fence', ...also?.names },
      values: { ':fence': readFence, ...also?.values },
    },
  };
}

/** Only if no file was accepted and none begun since: they wait in line, and two writers must not lose one. */
export function filesAre(files: readonly unknown[]): Condition {
  const names = { '#files': 'files' };
  // What was stored before there were files holds no line.
  const none = files.length === 0 ? 'attribute_not_exists(#files) OR ' : '';
  return { expression: `(${none}size(#files) = :files)`, names, values: { ':files': files.length } };
}

/** Only if no resync waits yet: the second of two clicks finds the first one's run. */
export const NOTHING_PENDING: Condition = { expression: 'attribute_not_exists(pending)' };

export async function readCiphertext(table: Table, scope: TenantScope, n: number): Promise<Uint8Array | string | null> {
  const item = await table.get(scope, credentialsKey(scope, n));
  return (item?.ciphertext as Uint8Array | string | undefined) ?? null;
}

export function saveCredentialsAction(scope: TenantScope, n: number, ciphertext: Uint8Array | string): WriteAction {
  return { kind: 'put', item: { ...credentialsKey(scope, n), et: 'cr', v: 1, ciphertext } };
}

/** Disconnecting destroys the credentials (M-41). */
export function destroyCredentialsAction(scope: TenantScope, n: number): WriteAction {
  return { kind: 'delete', key: credentialsKey(scope, n) };
}

/** Newest first. */
export async function listRuns(
  table: Table,
  scope: TenantScope,
  n: number,
  page: { limit: number; after: After },
): Promise<{ items: readonly Run[]; after: After }> {
  const read = await table.query(scope, { partition: connectionPartition(scope, n), prefix: 'RUN#', descending: true, ...page });
  return { items: read.items.map((item) => item.run as Run), after: read.after };
}

export async function readRun(table: Table, scope: TenantScope, n: number, runId: string): Promise<Run | null> {
  const item = await table.get(scope, runKey(scope, n, runId));
  return item === null ? null : (item.run as Run);
}

export async function listQuarantine(
  table: Table,
  scope: TenantScope,
  n: number,
  page: { limit: number; after: After },
): Promise<{ items: readonly QuarantineEntry[]; after: After }> {
  const read = await table.query(scope, { partition: connectionPartition(scope, n), prefix: 'QUAR#', ...page });
  return { items: read.items.map((item) => item.entry as QuarantineEntry), after: read.after };
}

export async function readQuarantine(
  table: Table,
  scope: TenantScope,
  n: number,
  space: IdentitySpace,
  sourceId: string,
): Promise<QuarantineEntry | null> {
  const item = await table.get(scope, quarantineKey(scope, n, space, sourceId));
  return item === null ? null : (item.entry as QuarantineEntry);
}

/** Records that were seen and not mirrored: skipped by status or scope, or parked. */
export async function listMarkers(
  table: Table,
  scope: TenantScope,
  n: number,
  page: { limit: number; after: After },
): Promise<{ items: readonly Marker[]; after: After }> {
  const read = await table.query(scope, { partition: connectionPartition(scope, n), prefix: 'MARK#', ...page });
  return { items: read.items.map((item) => item.marker as Marker), after: read.after };
}

export async function readMarker(
  table: Table,
  scope: TenantScope,
  n: number,
  space: IdentitySpace,
  sourceId: string,
): Promise<Marker | null> {
  const item = await table.get(scope, markerKey(scope, n, space, sourceId));
  return item === null ? null : (item.marker as Marker);
}

/** Children that wait for a parent that is not mirrored. */
export async function listWaiting(
  table: Table,
  scope: TenantScope,
  n: number,
  page: { limit: number; after: After },
): Promise<{ items: readonly Waiting[]; after: After }> {
  const read = await table.query(scope, { partition: connectionPartition(scope, n), prefix: 'PARK#', ...page });
  return { items: read.items.map((item) => item.waiting as Waiting), after: read.after };
}

export async function listHolds(table: Table, scope: TenantScope, n: number): Promise<readonly Hold[]> {
  const items = await table.queryAll(scope, { partition: connectionPartition(scope, n), prefix: 'HOLD#' });
  return items.map((item) => item.hold as Hold);
}

/** Writes a person's decision on a hold that is still undecided; the next run carries it out. */
export function decideHoldAction(
  scope: TenantScope,
  n: number,
  hold: Hold,
  decision: 'confirmed' | 'discarded',
  by: string,
): WriteAction {
  return {
    kind: 'put',
    item: {
      ...holdKey(scope, n, hold),
      et: 'ho',
      v: 1,
      hold: { ...hold, decision, decidedBy: by },
    },
    condition: {
      // `hold` is a reserved word of the expression language.
      expression: 'attribute_exists(pk) AND #hold.#decision = :none',
      names: { '#hold': 'hold', '#decision': 'decision' },
      values: { ':none': null },
    },
  };
}
