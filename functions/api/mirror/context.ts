import { localDateOf } from '#kernel/zone.ts';
import type { SyncState } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import { contextKey, type Key, settingsKey, syncStateKey } from '#model/keys.ts';
import type { TenantContext } from '#model/settings.ts';
import { decodeSyncState } from '#model/sync-item.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { type Visibility, visibilityFor } from '#model/visibility.ts';
import { decodeContext } from '#store/settings-repository.ts';
import type { Item } from '#store/table.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';

/** What a mirror answer needs beside its records: the tenant, what the role sees, and how old each connection's data is. */
export interface MirrorContext {
  readonly tenant: TenantContext;
  readonly visibility: Visibility;
  /** Today in the tenant's zone: which wage row is in force. */
  readonly today: string;
}

type ContextRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** Reads tenant context and, for roles whose sight can be set, the toggles of M-146, in one BatchGet. */
export async function readMirrorContext({ ports, scope, actor, reach }: ContextRequest): Promise<MirrorContext> {
  const toggled = reach === 'S' || reach === 'C' || reach === 'O';
  const keys = [contextKey(scope), ...(toggled ? [settingsKey(scope, 'roles')] : [])];
  const [context, roles] = await ports.table.batchGet(scope, keys, { consistent: false });
  if (!context) throw new ApiProblem('not-found', { detail: 'This tenant is not set up.' });
  const tenant = decodeContext(context);
  const visibility = visibilityFor(roles?.values as AreaValues['roles'] | undefined, actor);
  return { tenant, visibility, today: localDateOf(ports.now(), tenant.zone) };
}

/** Keys of the sync states of all connections: read along with a page, so that each row tells its age. */
export function syncKeys(request: Pick<ApiRequest, 'scope'>, tenant: TenantContext): readonly Key[] {
  return connectionNumbers(tenant).map((n) => syncStateKey(request.scope, n));
}

/** Sync states by connection id, from the items of `syncKeys`. */
export function syncStates(tenant: TenantContext, items: readonly (Item | null)[]): ReadonlyMap<string, SyncState> {
  const ids = Object.keys(tenant.connections);
  return new Map(ids.flatMap((id, at) => (items[at] ? [[id, decodeSyncState(items[at])] as const] : [])));
}

function connectionNumbers(tenant: TenantContext): number[] {
  return Object.keys(tenant.connections).map((id) => parseConnectionId(id)!.n);
}
