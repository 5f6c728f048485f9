import * as z from 'zod/mini';
import type { Role } from '#model/people.ts';
import { ROLES } from '#model/people.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { TOGGLES, type Visibility, visibilityFor } from '#model/visibility.ts';
import { readArea } from '#store/settings-repository.ts';
import { OWN_PROFILE } from '../access.ts';
import { requireContext } from '../context.ts';
import { idText } from '../edge.ts';
import { defineAdminRoute } from './ports.ts';

/** Who the caller is: tenant, role, scope and what the role sees. */
export const getMe = defineAdminRoute({
  method: 'GET',
  path: '/v1/me',
  group: 'admin',
  summary: 'Who the token belongs to',
  access: OWN_PROFILE,
  answer: {
    status: 200,
    description: 'The caller',
    schema: z.strictObject({
      tenant: z.strictObject({ id: z.string(), name: z.string(), zone: z.string(), currency: z.string() }),
      role: z.enum(ROLES),
      userId: z.nullable(z.string()),
      workerId: z.nullable(idText),
      scope: z.strictObject({
        branchIds: z.array(idText),
        divisionIds: z.array(idText),
        routeIds: z.array(idText),
      }),
      visibility: z.record(z.string(), z.boolean()),
    }),
  },
  handler: async (request) => {
    const { actor, ports, scope } = request;
    const [context, roles] = await Promise.all([requireContext(request), readArea(ports.table, scope, 'roles')]);
    const visibility = visibilityFor(roles?.values as AreaValues['roles'] | undefined, actor);
    return {
      body: {
        tenant: { id: scope.tenantId, name: context.name, zone: context.zone, currency: context.currency },
        role: actor.role,
        userId: actor.userId,
        workerId: actor.workerId,
        scope: actor.scope,
        visibility: visibilityOf(actor.role, visibility),
      },
    };
  },
});

const EVERYTHING = Object.fromEntries(TOGGLES.map((toggle) => [toggle, true]));

/** What a role sees of others (M-145, M-146): own wages and statements are always visible to their owner. */
function visibilityOf(role: Role, { manager, crew_lead, worker }: Visibility): Record<string, boolean> {
  switch (role) {
    case 'manager':
      return { ...EVERYTHING, ...manager };
    case 'crew_lead':
      return { wages: false, statements: false, ...crew_lead };
    case 'worker':
      return { wages: false, bonuses: false, statements: false, ...worker };
    default:
      return EVERYTHING;
  }
}
