import * as z from 'zod/mini';
import type { BonusPool, TenantContext } from '#model/settings.ts';
import { applyPools } from '#model/tenant-context.ts';
import { deletePoolAction, readPool, saveContextAction, savePoolAction } from '#store/settings-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../commit.ts';
import { requireContext } from '../context.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { defineRoute } from '../route.ts';
import { changedPool, newPool, newPoolBody, poolChangeBody, poolShape, poolView } from './pools.ts';
import { requireWorkers } from './references.ts';

export const createPool = defineRoute({
  method: 'POST',
  path: '/v1/bonus-pools',
  group: 'settings',
  summary: 'Make a bonus pool; the first one is the default',
  bodyExample: { name: 'Standard', crewBp: 7_000, crewLeadBp: 2_000, managerBp: 1_000, otherBp: 0, companyBp: 0 },
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: newPoolBody,
  answer: { status: 201, description: 'The pool', schema: poolShape },
  handler: async (request) => {
    const { ports, scope, body, command } = request;
    const id = ports.ulid();
    const draft = newPool(id, body);
    await requireWorkers(ports.table, scope, draft.otherIds, '/otherIds');
    return commitFresh(command, async () => {
      const context = await requireContext(request);
      const pool = { ...draft, default: draft.default || context.pools.length === 0 };
      return {
        actions: [savePoolAction(scope, pool, 0), ...withOthers(request, context, pool)],
        audit: { action: 'pool.created', entity: 'bonus_pool', entityId: id, before: null, after: pool },
        answer: { body: poolView(pool), headers: { location: `/v1/bonus-pools/${id}` }, revision: pool.revision },
      };
    });
  },
});

export const changePool = defineRoute({
  method: 'PATCH',
  path: '/v1/bonus-pools/{id}',
  group: 'settings',
  summary: 'Change a bonus pool; ProPays that exist keep their copy',
  bodyExample: { name: 'Standard', waitingDays: 14 },
  access: CHANGE_SETTINGS,
  ifMatch: true,
  body: poolChangeBody,
  answer: { status: 200, description: 'The pool', schema: poolShape },
  handler: async (request) => {
    const { ports, scope, params, body, ifMatch, command } = request;
    await requireWorkers(ports.table, scope, body.otherIds ?? [], '/otherIds');
    return commitFresh(command, async () => {
      const pool = requireUnchanged(await readPool(ports.table, scope, params.id), ifMatch);
      if (pool.default && body.default === false) throw stillDefault();
      const next = changedPool(pool, body);
      return {
        actions: [savePoolAction(scope, next, ifMatch), ...withOthers(request, await requireContext(request), next)],
        audit: { action: 'pool.changed', entity: 'bonus_pool', entityId: pool.id, before: pool, after: next },
        answer: { body: poolView(next), revision: next.revision },
        ifLost: refuseStale,
      };
    });
  },
});

export const deletePool = defineRoute({
  method: 'DELETE',
  path: '/v1/bonus-pools/{id}',
  group: 'settings',
  summary: 'Delete a bonus pool that is not the default',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: async (request) => {
    const { ports, scope, params, ifMatch, command } = request;
    return commitFresh(command, async () => {
      const pool = requireUnchanged(await readPool(ports.table, scope, params.id), ifMatch);
      if (pool.default) throw stillDefault();
      const context = await requireContext(request);
      if (context.poolAssignments.some((one) => one.poolId === pool.id)) throw stillAssigned();
      const left = context.pools.filter((one) => one.id !== pool.id);
      return {
        actions: [deletePoolAction(scope, pool.id, ifMatch), saveContextAction(scope, applyPools(context, left))],
        audit: { action: 'pool.deleted', entity: 'bonus_pool', entityId: pool.id, before: pool, after: null },
        answer: { body: undefined },
        ifLost: refuseStale,
      };
    });
  },
});

/** The context with a pool put in place, and the pool that stops being the default because this one becomes it. */
function withOthers(
  { scope }: Pick<ApiRequest<string, never, unknown, ApiPorts>, 'scope'>,
  context: TenantContext,
  pool: BonusPool,
): readonly WriteAction[] {
  const others = context.pools.filter((one) => one.id !== pool.id);
  const demoted = pool.default ? others.filter((one) => one.default) : [];
  const changed = demoted.map((one) => ({ ...one, default: false, revision: one.revision + 1 }));
  const pools = [...others.filter((one) => !demoted.includes(one)), ...changed, pool].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    saveContextAction(scope, applyPools(context, pools)),
    ...changed.map((one, at) => savePoolAction(scope, one, demoted[at]!.revision)),
  ];
}

function stillAssigned(): ApiProblem {
  return new ApiProblem('pool-in-use', { detail: 'Branches or divisions have this pool. Take it from them first.' });
}

function stillDefault(): ApiProblem {
  return new ApiProblem('pool-in-use', { detail: 'This is the default pool. Make another one the default first.' });
}
