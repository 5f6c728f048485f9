import type { Instant } from '#kernel/instant.ts';
import type { Member } from '#model/member.ts';
import { scopeOf } from '#model/scope.ts';
import { askedFor, NOT_INVITED, type User } from '#model/user.ts';
import type { Table } from '#store/table.ts';
import { claimUserActions, createOwnershipAction, createUserAction, readUser } from '#store/user-repository.ts';

/** Days that an invitation of the demo holds. */
const EXPIRY_DAYS = 7;
const NO_PLACES = { branchIds: [], divisionIds: [], routeIds: [] };

/** The users behind the memberships of a demo tenant, its owner, and two people who have not joined yet. Who is there stays as is. */
export async function seedUsers(
  table: Table,
  tenantId: string,
  people: readonly { readonly member: Member; readonly email: string; readonly name: string }[],
  at: Instant,
): Promise<void> {
  const scope = scopeOf(tenantId);
  const owner = people.find(({ member }) => member.owner)?.member;
  if (owner === undefined) throw new Error(`nobody owns the demo tenant ${tenantId}`);
  const common = { phone: null, createdAt: at, createdBy: owner.userId, cursorKey: owner.cursorKey, revision: 1 };
  const joined = people.map(({ member, email, name }): User => {
    const { userId, role, sub } = member;
    const invitation = { ...NOT_INVITED, state: 'accepted' } as const;
    return { ...common, id: userId, email, name, role, scope: member.scope, workerId: member.workerId, invitation, sub };
  });
  const waiting = [
    { id: 'demoinvited', name: 'Ines Vale', role: 'crew_lead', invitation: askedFor(at, EXPIRY_DAYS) },
    { id: 'demoprepared', name: 'Theo Marsh', role: 'auditor', invitation: NOT_INVITED },
  ] as const;
  const invited = waiting.map((one): User => {
    const email = `${one.name.split(' ')[0]!.toLowerCase()}@${tenantId}.example`;
    return { ...common, ...one, email, scope: NO_PLACES, workerId: null, sub: null };
  });
  for (const user of [...joined, ...invited])
    if ((await readUser(table, scope, user.id)) === null)
      await table.write(scope, [createUserAction(scope, user), ...claimUserActions(scope, user)]);
  await table.write(scope, [createOwnershipAction(scope, owner)]);
}
