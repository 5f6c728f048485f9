import { syncStateKey } from '#model/keys.ts';
import { decodeSyncState, initialSyncState } from '#model/sync-item.ts';
import { listHolds, listConnections as readConnections } from '#store/connection-repository.ts';
import { SEE_CONNECTION_STATE } from '../../access.ts';
import { wholeListOf } from '../../edge.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { connectionShape, syncStatusShape } from './shapes.ts';
import { connectionView, syncStatusView } from './view.ts';

export const listConnections = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections',
  group: 'admin',
  summary: 'Connections to source accounts, disconnected ones too',
  access: SEE_CONNECTION_STATE,
  answer: {
    status: 200,
    description: 'All connections',
    schema: wholeListOf(connectionShape),
  },
  handler: async ({ ports, scope, reach }) => {
    const connections = await readConnections(ports.table, scope);
    const states = await ports.table.batchGet(
      scope,
      connections.map(({ n }) => syncStateKey(scope, n)),
    );
    const items = connections.map((connection, at) => {
      const item = states[at];
      const sync = item ? decodeSyncState(item) : initialSyncState(0);
      return connectionView(connection, sync, ports.now(), ports.resyncQuota, reach === 'A');
    });
    return { body: { items, nextCursor: null } };
  },
});

export const getConnection = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}',
  group: 'admin',
  summary: 'One connection with its state',
  access: SEE_CONNECTION_STATE,
  answer: { status: 200, description: 'The connection', schema: connectionShape },
  handler: async (request) => {
    const { connection, sync } = await loadConnection(request, request.params.id);
    const { ports, reach } = request;
    return {
      body: connectionView(connection, sync, ports.now(), ports.resyncQuota, reach === 'A'),
      revision: connection.revision,
    };
  },
});

export const getSyncStatus = defineAdminRoute({
  method: 'GET',
  path: '/v1/connections/{id}/sync-status',
  group: 'admin',
  summary: 'Health of a connection by entity',
  access: SEE_CONNECTION_STATE,
  answer: { status: 200, description: 'The health', schema: syncStatusShape },
  handler: async (request) => {
    const { connection, sync } = await loadConnection(request, request.params.id);
    const holds = sync.openHolds === 0 ? [] : await listHolds(request.ports.table, request.scope, connection.n);
    return { body: syncStatusView(connection, sync, holds, request.ports.now()) };
  },
});
