import type { Connection, SyncState } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import { readConnection, readSyncState } from '#store/connection-repository.ts';
import { notFound } from '../../problem.ts';
import type { ApiRequest } from '../../route.ts';
import type { AdminPorts } from '../ports.ts';

type Loading = Pick<ApiRequest<string>, 'scope'> & { readonly ports: Pick<AdminPorts, 'table'> };

/** A connection of the caller's tenant with its sync state, both read strongly; 404 for any other id, another tenant's included. */
export async function loadConnection(
  { ports, scope }: Loading,
  id: string,
): Promise<{ readonly connection: Connection; readonly sync: SyncState }> {
  const place = parseConnectionId(id);
  // The tenant in the id is only compared: the keys are built from the caller's own scope.
  if (place === null || place.tenantId !== scope.tenantId) throw notFound();
  const [connection, sync] = await Promise.all([
    readConnection(ports.table, scope, place.n),
    readSyncState(ports.table, scope, place.n),
  ]);
  if (connection === null || sync === null) throw notFound();
  return { connection, sync };
}
