import type { Instant } from '#kernel/instant.ts';
import type { Member } from '#model/member.ts';
import type { Role } from '#model/people.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { createMemberAction, readMember } from '#store/member-repository.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import type { DemoPersonKey } from '../../shared/fake-source/demo.ts';
import type { UserPool } from '../host/identity/user-pool.ts';
import { demoTokenId } from './seed.ts';
import { DEMO_ROLES, type DemoTenant } from './tenants.ts';
import { seedUsers } from './users.ts';

/** The addresses with which the people of a demo tenant sign in, by what they are called in `.local/demo.json`. */
export type DemoAddresses = Readonly<Record<DemoPersonKey, string>>;

/** The accountant looks after every demo tenant; everybody else works at one. */
const EVERYWHERE: DemoPersonKey = 'auditor';

/** The addresses of a demo tenant's people. */
export function demoAddresses({ id }: DemoTenant): DemoAddresses {
  const address = ({ key }: { key: DemoPersonKey }) =>
    key === EVERYWHERE ? `${key}@books.example` : `${key.toLowerCase()}@${id}.example`;
  return Object.fromEntries(DEMO_ROLES.map((person) => [person.key, address(person)])) as DemoAddresses;
}

/** Lets the demo's people sign in with one password, each as what the token of the same name is. Who is a member already stays as is. */
export async function seedPeople(
  table: Table,
  pool: UserPool,
  tenants: readonly DemoTenant[],
  password: string,
  at: Instant,
): Promise<void> {
  const everywhere = tenants.map(({ id }) => id).join(' ');
  for (const tenant of tenants) {
    const scope = scopeOf(tenant.id);
    const addresses = demoAddresses(tenant);
    const people = [];
    for (const { key, role } of DEMO_ROLES) {
      const sub = pool.put(addresses[key], { password });
      const member = (await readMember(table, scope, sub)) ?? (await join(table, scope, { key, role, sub }, at));
      pool.put(addresses[key], { attributes: { 'custom:tenants': key === EVERYWHERE ? everywhere : tenant.id } });
      people.push({ member, email: addresses[key], name: `Demo ${key}` });
    }
    await seedUsers(table, tenant.id, people, at);
  }
}

/** A member who may do what the token of the same name may. */
async function join(
  table: Table,
  scope: TenantScope,
  { key, role, sub }: { readonly key: DemoPersonKey; readonly role: Role; readonly sub: string },
  at: Instant,
): Promise<Member> {
  const token = await readApiToken(table, scope, demoTokenId(key));
  if (token === null) throw new Error(`the demo tenant ${scope.tenantId} has no token for ${key}`);
  const member: Member = {
    sub,
    userId: demoTokenId(key),
    role: role === 'owner' ? 'admin' : role,
    owner: role === 'owner',
    scope: token.scope,
    workerId: token.workerId,
    state: 'active',
    roleAt: at,
    createdAt: at,
    lastSignInAt: null,
    sessionsEndedAt: null,
    revokedAt: null,
    cursorKey: token.cursorKey,
    revision: 1,
  };
  await table.write(scope, [createMemberAction(scope, member)]);
  return member;
}
