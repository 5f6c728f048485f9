import * as z from 'zod/mini';
import { admits, roleOfMember } from '#model/member.ts';
import { ROLES } from '#model/people.ts';
import { isTenantId, scopeOf } from '#model/scope.ts';
import { readMember } from '#store/member-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import { SIGNED_IN } from '../access.ts';
import { wholeListOf } from '../edge.ts';
import type { PersonContext } from '../http.ts';
import { defineAdminRoute } from './ports.ts';

const tenantShape = z.strictObject({ id: z.string(), name: z.string(), role: z.enum(ROLES) });

/** Which tenants a person may choose among with `Tenant-Id` (M-139). */
export const listMyTenants = defineAdminRoute({
  method: 'GET',
  path: '/v1/me/tenants',
  group: 'admin',
  summary: 'The tenants that the person who signed in belongs to',
  access: SIGNED_IN,
  answer: {
    status: 200,
    description: 'What Tenant-Id may name',
    schema: wholeListOf(tenantShape),
  },
  handler: async ({ ports, person }) => {
    if (person === null) throw new Error('this route is for people who signed in');
    const listed = person.tenantIds.split(' ').filter(isTenantId);
    const found = await Promise.all(listed.map((tenantId) => membershipOf(ports.table, tenantId, person)));
    return { body: { items: found.filter((tenant) => tenant !== null), nextCursor: null } };
  },
});

/** The provider's list may be older than the table, which decides: who is no member gets nothing of the tenant, not even its name. */
async function membershipOf(
  table: Table,
  tenantId: string,
  { subject, signedInAt }: PersonContext,
): Promise<z.infer<typeof tenantShape> | null> {
  const scope = scopeOf(tenantId);
  const member = await readMember(table, scope, subject);
  if (member === null || !admits(member, signedInAt)) return null;
  const context = await readContext(table, scope, { consistent: false });
  return { id: tenantId, name: context?.name ?? tenantId, role: roleOfMember(member) };
}
