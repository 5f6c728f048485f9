import type { RouteDefinition } from '../route.ts';
import { createToken, listTokens, revokeToken } from './api-tokens.ts';
import { changeConnection } from './connections/change-connection.ts';
import { checkConnection } from './connections/check-connection.ts';
import { createConnection } from './connections/create-connection.ts';
import { createResync } from './connections/create-resync.ts';
import { confirmHold, discardHold } from './connections/decide-holds.ts';
import { disconnect } from './connections/disconnect.ts';
import { oauthCallback } from './connections/oauth-callback.ts';
import { previewDisconnect } from './connections/preview-disconnect.ts';
import { previewSettings } from './connections/preview-settings.ts';
import { getConnection, getSyncStatus, listConnections } from './connections/read-connections.ts';
import { getRun, listExceptions, listHeldDeletes, listParked, listQuarantine, listRuns } from './connections/read-runs.ts';
import { reconnect } from './connections/reconnect.ts';
import { listSourceValues } from './connections/source-values.ts';
import { getMe } from './get-me.ts';
import { listAudit } from './list-audit.ts';
import { listIntegrations } from './list-integrations.ts';
import { listMyTenants } from './list-my-tenants.ts';
import type { AdminPorts } from './ports.ts';

/** Routes of connections, people and audit. */
export const adminRoutes: readonly RouteDefinition<AdminPorts>[] = [
  getMe,
  listMyTenants,
  listIntegrations,
  listConnections,
  createConnection,
  getConnection,
  changeConnection,
  disconnect,
  checkConnection,
  reconnect,
  oauthCallback,
  createResync,
  listSourceValues,
  previewDisconnect,
  previewSettings,
  getSyncStatus,
  listRuns,
  getRun,
  listExceptions,
  listQuarantine,
  listParked,
  listHeldDeletes,
  confirmHold,
  discardHold,
  listTokens,
  createToken,
  revokeToken,
  listAudit,
];
