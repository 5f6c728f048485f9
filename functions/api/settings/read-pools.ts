import { readPool } from '#store/settings-repository.ts';
import { SEE_SETTINGS } from '../access.ts';
import { requireContext } from '../context.ts';
import { wholeListOf } from '../edge.ts';
import { notFound } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { poolShape, poolView } from './pools.ts';

export const listPools = defineRoute({
  method: 'GET',
  path: '/v1/bonus-pools',
  group: 'settings',
  summary: 'Bonus pools',
  access: SEE_SETTINGS,
  answer: {
    status: 200,
    description: 'All pools',
    schema: wholeListOf(poolShape),
  },
  handler: async (request) => ({
    body: { items: (await requireContext(request)).pools.map(poolView), nextCursor: null },
  }),
});

export const getPool = defineRoute({
  method: 'GET',
  path: '/v1/bonus-pools/{id}',
  group: 'settings',
  summary: 'One bonus pool',
  access: SEE_SETTINGS,
  answer: { status: 200, description: 'The pool', schema: poolShape },
  handler: async ({ ports, scope, params }) => {
    const pool = await readPool(ports.table, scope, params.id);
    if (pool === null) throw notFound();
    return { body: poolView(pool), revision: pool.revision };
  },
});
