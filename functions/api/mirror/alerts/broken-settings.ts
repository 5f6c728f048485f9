import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { TenantContext } from '#model/settings.ts';
import type { AlertInputs, FoundAlerts } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** A record that a setting names, and where the setting is. */
interface Named {
  readonly kind: 'branchId' | 'divisionId' | 'routeId' | 'workerId';
  readonly id: string;
  readonly setting: string;
  readonly href: string;
}

/** Settings that name a branch, division, route or person who is no longer there: they stay, and are shown broken (M-151, X-33). */
export async function alertsOfBrokenSettings({ request, desk, filters }: AlertInputs): Promise<FoundAlerts> {
  if (request.reach === 'S') return {};
  const { ports, scope } = request;
  const named = namedIn(desk.context);
  const workerIds = [...new Set(named.flatMap(({ kind, id }) => (kind === 'workerId' ? [id] : [])))];
  const workers = await ports.table.batchGet(
    scope,
    workerIds.map((id) => workerKey(scope, id)),
    { consistent: false },
  );
  const gone = new Set(workerIds.filter((_id, at) => isGone(workers[at] ?? null)));
  const broken = named.filter(({ kind, id }) => (kind === 'workerId' ? gone.has(id) : isClosed(desk.context, kind, id)));
  return {
    broken_settings: broken
      .filter(({ kind, id }) => filters.branchId === undefined || (kind === 'branchId' && id === filters.branchId))
      .map(({ kind, id, setting, href }): AlertItem => ({ [kind]: id, setting, href })),
  };
}

function isGone(item: Parameters<typeof decodeMirrorRecord>[0] | null): boolean {
  return item === null || decodeMirrorRecord(item).tombstone !== null;
}

function isClosed({ branches, divisions, routes }: TenantContext, kind: Named['kind'], id: string): boolean {
  const places: Partial<Record<Named['kind'], Readonly<Record<string, { readonly active: boolean }>>>> = {
    branchId: branches,
    divisionId: divisions,
    routeId: routes,
  };
  return places[kind]?.[id]?.active !== true;
}

/** Every record that a setting names. A pair `<branch>|<division>` names two. */
function namedIn(context: TenantContext): readonly Named[] {
  const { incentives, programScopes, routeRules, divisionRules, poolAssignments, pools, phases, managerMap, payLaw } = context;
  const scopes = programScopes === 'all' ? { branchIds: [], divisionIds: [], routeIds: [] } : programScopes;
  const area = (setting: string, name: string, at: Partial<Record<Named['kind'], readonly string[]>>): readonly Named[] =>
    namesOf(setting, `/v1/settings/${name}`, at);
  const pairs = [...Object.keys(incentives.divisions)].map((key) => key.split('|'));
  return [
    ...area('incentives', 'incentives', {
      branchId: [...Object.keys(incentives.branches), ...pairs.flatMap((pair) => (pair.length > 1 ? [pair[0]!] : []))],
      divisionId: pairs.map((pair) => pair.at(-1)!),
      routeId: Object.keys(incentives.routes),
    }),
    ...area('propay.programScopes', 'propay', {
      branchId: scopes.branchIds,
      divisionId: scopes.divisionIds,
      routeId: scopes.routeIds,
    }),
    ...area('propay.routeRules', 'propay', { routeId: Object.keys(routeRules) }),
    ...area('org.divisionRules', 'org', {
      branchId: divisionRules.map(({ branchId }) => branchId),
      divisionId: divisionRules.map(({ divisionId }) => divisionId),
      routeId: divisionRules.flatMap(({ routeId }) => routeId ?? []),
    }),
    ...area('bonus.phases', 'bonus', {
      branchId: Object.keys(phases.branches),
      divisionId: phases.rules.flatMap(({ divisionId }) => divisionId ?? []),
    }),
    ...area('bonus.excludedWorkerIds', 'bonus', { workerId: context.excludedWorkerIds }),
    ...area('pay-law', 'pay-law', { branchId: Object.keys(payLaw.branches), workerId: Object.keys(payLaw.exemptions) }),
    ...poolAssignments.flatMap(({ poolId, branchId, divisionId }) =>
      namesOf('pool assignment', `/v1/bonus-pools/${poolId}/assignments`, {
        branchId: branchId === null ? [] : [branchId],
        divisionId: divisionId === null ? [] : [divisionId],
      }),
    ),
    ...pools.flatMap(({ id, otherIds }) => namesOf('pool members', `/v1/bonus-pools/${id}`, { workerId: otherIds })),
    ...Object.entries(managerMap).flatMap(([pair, workerId]) => {
      const [branchId = '', divisionId = '-'] = pair.split('|');
      const divisions = divisionId === '-' ? [] : [divisionId];
      return namesOf('connection.managerMap', '/v1/connections', {
        branchId: [branchId],
        divisionId: divisions,
        workerId: [workerId],
      });
    }),
  ];
}

function namesOf(setting: string, href: string, at: Partial<Record<Named['kind'], readonly string[]>>): readonly Named[] {
  return Object.entries(at).flatMap(([kind, ids]) =>
    [...new Set(ids)].map((id) => ({ kind: kind as Named['kind'], id, setting, href })),
  );
}
