import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import type { PoolAssignment, TenantContext } from '#model/settings.ts';
import { applyAssignments } from '#model/tenant-context.ts';
import { saveContextAction } from '#store/settings-repository.ts';
import { CHANGE_SETTINGS, SEE_SETTINGS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { requireContext } from '../context.ts';
import { idText, wholeListOf } from '../edge.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { unknownReference } from './references.ts';

const assignmentShape = z.strictObject({ id: idText, branchId: z.nullable(idText), divisionId: z.nullable(idText) });

/** Assignments stand in the compiled context alone: nothing but the choice of a new ProPay's pool reads them. */
export const listAssignments = defineRoute({
  method: 'GET',
  path: '/v1/bonus-pools/{id}/assignments',
  group: 'settings',
  summary: 'Branches and divisions whose new ProPays take a pool',
  access: SEE_SETTINGS,
  answer: {
    status: 200,
    description: 'All assignments of the pool',
    schema: wholeListOf(assignmentShape),
  },
  handler: async (request) => {
    const context = await contextWithPool(request, request.params.id);
    const own = context.poolAssignments.filter((one) => one.poolId === request.params.id);
    return { body: { items: own.map(assignmentView), nextCursor: null } };
  },
});

export const createAssignment = defineRoute({
  method: 'POST',
  path: '/v1/bonus-pools/{id}/assignments',
  group: 'settings',
  summary: 'Give a branch or a division its pool; ProPays that exist keep theirs',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: z.strictObject({ branchId: z.optional(idText), divisionId: z.optional(idText) }),
  bodyExample: { branchId: 'kQ3vAbCdEfGhIjKl' },
  answer: { status: 201, description: 'The assignment', schema: assignmentShape },
  handler: async (request) => {
    const { ports, scope, params, body, command } = request;
    const { branchId = null, divisionId = null } = body;
    if ((branchId === null) === (divisionId === null))
      refuse('invalid-body', { field: 'branchId', detail: 'name one branch or one division' });
    const assignment: PoolAssignment = { id: ports.ulid(), poolId: params.id, branchId, divisionId };
    return commitFresh(command, async () => {
      const context = await contextWithPool(request, params.id);
      requirePlace(context, assignment);
      return {
        actions: [saveContextAction(scope, applyAssignments(context, [...context.poolAssignments, assignment]))],
        audit: {
          action: 'pool.assigned',
          entity: 'bonus_pool',
          entityId: params.id,
          before: null,
          after: assignmentView(assignment),
        },
        answer: {
          body: assignmentView(assignment),
          headers: { location: `/v1/bonus-pools/${params.id}/assignments/${assignment.id}` },
        },
      };
    });
  },
});

export const deleteAssignment = defineRoute({
  method: 'DELETE',
  path: '/v1/bonus-pools/{id}/assignments/{assignmentId}',
  group: 'settings',
  summary: 'Take a pool from a branch or a division',
  access: CHANGE_SETTINGS,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: (request) => {
    const { scope, params, command } = request;
    return commitFresh(command, async () => {
      const context = await contextWithPool(request, params.id);
      const found = context.poolAssignments.find((one) => one.id === params.assignmentId && one.poolId === params.id);
      if (found === undefined) throw notFound();
      const left = context.poolAssignments.filter((one) => one !== found);
      return {
        actions: [saveContextAction(scope, applyAssignments(context, left))],
        audit: {
          action: 'pool.unassigned',
          entity: 'bonus_pool',
          entityId: params.id,
          before: assignmentView(found),
          after: null,
        },
        answer: { body: undefined },
      };
    });
  },
});

async function contextWithPool(request: Parameters<typeof requireContext>[0], poolId: string): Promise<TenantContext> {
  const context = await requireContext(request);
  if (!context.pools.some((pool) => pool.id === poolId)) throw notFound();
  return context;
}

/** The place must be there, and have no pool yet (B-55: one each). */
function requirePlace({ branches, divisions, poolAssignments }: TenantContext, { branchId, divisionId }: PoolAssignment): void {
  const known = branchId === null ? divisions[divisionId!] : branches[branchId];
  const [field, kind] = branchId === null ? ['divisionId', 'a division'] : ['branchId', 'a branch'];
  if (known === undefined) throw unknownReference(`/${field}`, `names ${kind} that is not there`);
  const taken = poolAssignments.find((one) => one.branchId === branchId && one.divisionId === divisionId);
  if (taken !== undefined)
    throw new ApiProblem('already-assigned', {
      detail: `It has a pool: ${taken.poolId}. Take that one away first.`,
      data: { poolId: taken.poolId, assignmentId: taken.id },
    });
}

function assignmentView({ id, branchId, divisionId }: PoolAssignment) {
  return { id, branchId, divisionId };
}
