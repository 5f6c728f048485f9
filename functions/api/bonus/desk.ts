import type { Freshness } from '#bonus/commands/blockers.ts';
import { zoneOf } from '#bonus/creation.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { SyncState } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import { contextKey, settingsKey } from '#model/keys.ts';
import type { TenantContext } from '#model/settings.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { type Visibility, visibilityFor } from '#model/visibility.ts';
import { decodeContext } from '#store/settings-repository.ts';
import { syncKeys, syncStates } from '../mirror/context.ts';
import { agesOf, streamsOf } from '../mirror/freshness.ts';
import { notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';

/** What every route of the bonus layer knows of the tenant: context, role toggles, and how fresh the sources are. */
export interface Desk {
  readonly context: TenantContext;
  readonly visibility: Visibility;
  readonly syncs: ReadonlyMap<string, SyncState>;
  readonly now: Instant;
}

/** Reads context, toggles and sync states strongly: money is decided with them. */
export async function openDesk({ ports, scope, actor }: Pick<ApiRequest, 'ports' | 'scope' | 'actor'>): Promise<Desk> {
  const [stored, roles] = await ports.table.batchGet(scope, [contextKey(scope), settingsKey(scope, 'roles')]);
  if (!stored) throw notFound();
  const context = decodeContext(stored);
  const states = await ports.table.batchGet(scope, syncKeys({ scope }, context));
  const visibility = visibilityFor(roles?.values as AreaValues['roles'] | undefined, actor);
  return { context, visibility, syncs: syncStates(context, states), now: ports.now() };
}

/** Today in the zone of a branch (B-8). */
export function todayIn({ context, now }: Pick<Desk, 'context' | 'now'>, branchId: string | null): LocalDate {
  return localDateOf(now, zoneOf(context, branchId));
}

/** What a ProPay is made of at the source. */
const USED: readonly EntityName[] = ['job', 'milestone', 'budget_info', 'time_entry'];

/** The oldest reading of the sources that a ProPay uses; null where one of them was never read (B-22). */
export function dataAsOf(desk: Desk, connectionIds: readonly string[], entities: readonly EntityName[] = USED): Instant | null {
  const ages = connectionIds.flatMap((id) => {
    const provider = desk.context.connections[id]?.provider ?? '';
    const names = new Set(entities.flatMap((entity) => streamsOf(provider, entity).map((stream) => stream.stream)));
    return agesOf(provider, [...names], desk.syncs.get(id));
  });
  if (ages.length === 0 || ages.includes(null)) return null;
  return (ages as Instant[]).reduce((oldest, age) => (age < oldest ? age : oldest));
}

/** How fresh a ProPay's time is, for the approval's question (M-110). */
export function freshnessOf(desk: Desk, connectionIds: readonly string[]): Freshness {
  return {
    now: desk.now,
    dataAsOf: dataAsOf(desk, connectionIds, ['time_entry']),
    maxDataAgeMinutes: desk.context.maxDataAgeMinutes,
  };
}
