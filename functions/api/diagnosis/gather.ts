import type { SupplierEvidence } from '#mirror/diagnose.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import { connectionPartition, syncStateKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { outOfScopeOf } from '#model/supplied-types.ts';
import { decodeSyncState } from '#model/sync-item.ts';
import type { Waiting } from '#model/sync-items.ts';
import { listConnections, readMarker, readQuarantine } from '#store/connection-repository.ts';
import type { Table } from '#store/table.ts';
import { manifestOf } from '../admin/connections/view.ts';
import { findRecords, spacesOf } from '../mirror/find.ts';
import { streamsOf } from '../mirror/freshness.ts';
import { scheduledRunAt } from '../next-run.ts';

/** Where evidence is looked for: store, tenant, and the clock that dates it. */
export interface Gathering {
  readonly table: Table;
  readonly scope: TenantScope;
  readonly now: string;
}

export interface Supplier {
  readonly connection: Connection;
  readonly sync: SyncState;
}

/** Connections, past and present, that supply an entity; `connectionId` narrows to one. Those that still run come first. */
export async function readSuppliers(
  { table, scope }: Gathering,
  entity: EntityName,
  connectionId: string | undefined,
): Promise<{ readonly suppliers: readonly Supplier[]; readonly providers: readonly string[] }> {
  const connections = await listConnections(table, scope);
  const meant = connections.filter(
    ({ id, settings, released = {} }) =>
      (settings.entities.includes(entity) || released[entity] !== undefined) &&
      (connectionId === undefined || id === connectionId),
  );
  const states = await table.batchGet(
    scope,
    meant.map(({ n }) => syncStateKey(scope, n)),
  );
  const suppliers = meant.flatMap((connection, at) => {
    const state = states[at];
    return state ? [{ connection, sync: decodeSyncState(state) }] : [];
  });
  const isPast = ({ connection: { disconnectedAt, settings } }: Supplier): boolean =>
    disconnectedAt !== null || !settings.entities.includes(entity);
  suppliers.sort((a, b) => Number(isPast(a)) - Number(isPast(b)));
  return {
    suppliers,
    providers: connections.filter(({ disconnectedAt }) => disconnectedAt === null).map(({ provider }) => provider),
  };
}

/** Everything that is stored about one source id at one connection, by key: record, marker, quarantine, waiting. */
export async function gather(
  gathering: Gathering,
  { connection, sync }: Supplier,
  entity: EntityName,
  sourceId: string | null,
): Promise<SupplierEvidence> {
  const { now } = gathering;
  const { id } = connection;
  const spaces = spacesOf(entity);
  const streams = streamsOf(connection.provider, entity).map(({ stream }) => stream);
  const known = sourceId === null ? NOTHING : await readTraces(gathering, connection, entity, spaces, sourceId);
  return {
    connectionId: id,
    provider: connection.provider,
    source: manifestOf(connection.provider).name,
    cycleMinutes: connection.settings.cycleMinutes,
    disconnectedAt: connection.disconnectedAt,
    disconnectedBy: connection.disconnectedBy,
    releasedAt: connection.settings.entities.includes(entity) ? null : (connection.released?.[entity] ?? null),
    sync,
    streams: streams.map((stream) => sync.streams[stream] ?? null),
    scopeMissing: sync.missingScopes.some((scope) => streams.some((stream) => plain(stream) === plain(scope))),
    nextRunAt: scheduledRunAt(connection, sync, now),
    ...known,
  };
}

/** A check names a missing permission by the source's list, a run by our stream: the same words, written differently. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const NOTHING = { record: null, marker: null, quarantine: null, parked: null };

async function readTraces(
  { table, scope }: Gathering,
  { n, id: connectionId, settings }: Connection,
  entity: EntityName,
  spaces: readonly IdentitySpace[],
  sourceId: string,
): Promise<Pick<SupplierEvidence, 'record' | 'marker' | 'quarantine' | 'parked'>> {
  const ids = spaces.map((space) => mirrorId(connectionId, space, sourceId));
  const [records, markers, quarantine, waiting] = await Promise.all([
    findRecords(table, scope, entity, ids),
    Promise.all(spaces.map((space) => readMarker(table, scope, n, space, sourceId))),
    Promise.all(spaces.map((space) => readQuarantine(table, scope, n, space, sourceId))),
    // Waiting children lie under the parents they wait for, so one that is asked for by its own id is searched among all of them.
    table.queryAll(scope, { partition: connectionPartition(scope, n), prefix: 'PARK#' }),
  ]);
  const parked = waiting
    .map((item) => item.waiting as Waiting)
    .find((one) => one.parked && one.sourceId === sourceId && spaces.includes(one.space));
  const ownership = { connections: { [connectionId]: settings } };
  const record = records.find((one) => one.sourceId === sourceId) ?? null;
  return {
    record: record && { ...record, outOfScope: outOfScopeOf(record, ownership) },
    marker: markers.find((marker) => marker !== null) ?? null,
    quarantine: quarantine.find((entry) => entry !== null) ?? null,
    parked: parked ?? null,
  };
}
