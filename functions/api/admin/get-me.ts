import * as z from 'zod/mini';
import { contextKey } from '#model/keys.ts';
import { OWN_PROFILE } from '../access.ts';
import { defineRoute } from '../route.ts';

/** Who the caller is: tenant, role, scope and what the role sees. */
export const getMe = defineRoute({
  method: 'GET',
  path: '/v1/me',
  group: 'admin',
  summary: 'Who the token belongs to',
  access: OWN_PROFILE,
  answer: { status: 200, description: 'The caller', schema: z.unknown() },
  handler: async ({ ports, scope, actor }) => {
    const context = await ports.table.get(scope, contextKey(scope));
    return { body: { role: actor.role, context } };
  },
});
