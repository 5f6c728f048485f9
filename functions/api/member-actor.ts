import { type Member, roleOfMember } from '#model/member.ts';
import type { Actor } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import { readStanding } from './standing.ts';

/** A person as a member of one tenant. */
export interface MemberActor {
  readonly actor: Actor;
  /** Deactivated: nothing but their own statements (M-148). */
  readonly ownPayOnly: boolean;
}

/** What a membership gives its person by now, with what the worker's record says on top; null where it lets nobody in (M-148, M-149). */
export async function actorOfMember(table: Table, scope: TenantScope, member: Member): Promise<MemberActor | null> {
  if (member.revokedAt !== null || member.state === 'archived') return null;
  const { state, restricted, ...standing } = await readStanding(table, scope, { ...member, role: roleOfMember(member) });
  if (state === 'archived' || restricted) return null;
  const ownPayOnly = state === 'deactivated' || (member.state === 'deactivated' && !member.owner);
  const { userId } = member;
  const role = ownPayOnly ? 'worker' : standing.role;
  return { actor: { kind: 'user', id: userId, userId, ...standing, role }, ownPayOnly };
}
