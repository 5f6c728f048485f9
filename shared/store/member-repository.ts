import type { Instant } from '#kernel/instant.ts';
import { memberKey } from '#model/keys.ts';
import type { Member } from '#model/member.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';
import { setAttributes } from './update-expression.ts';

const MEMBER_VERSION = 1;

/** The membership of who signs in, read strongly: role, scope and revocation act on the next request (M-144). Null: no member. */
export async function readMember(table: Table, scope: TenantScope, sub: string): Promise<Member | null> {
  const item = await table.get(scope, memberKey(scope, sub));
  return item === null ? null : decodeMember(item);
}

/** Stores the membership of who had none, or whose login was removed. */
export function createMemberAction(scope: TenantScope, member: Member): WriteAction {
  return {
    kind: 'put',
    item: memberItem(scope, member),
    condition: {
      expression: 'attribute_not_exists(pk) OR #r > :never',
      names: { '#r': 'revokedAt' },
      values: { ':never': '' },
    },
  };
}

/** Saves a membership that is still as it was read, all but its last sign-in; its revision is raised here and nowhere else. */
export function saveMemberAction(scope: TenantScope, member: Member): WriteAction {
  const { sub, lastSignInAt: _seen, ...changes } = member;
  return {
    kind: 'update',
    key: memberKey(scope, sub),
    update: setAttributes({ ...changes, revision: member.revision + 1 }),
    condition: { expression: '#r = :read', names: { '#r': 'revision' }, values: { ':read': member.revision } },
  };
}

/** Notes when somebody signed in; nobody's change of rights is lost or refused by it. */
export function noteSignInAction(scope: TenantScope, sub: string, at: Instant): WriteAction {
  return {
    kind: 'update',
    key: memberKey(scope, sub),
    update: { expression: 'SET #a = :at', names: { '#a': 'lastSignInAt' }, values: { ':at': at } },
    condition: { expression: 'attribute_exists(pk)' },
  };
}

function memberItem(scope: TenantScope, member: Member): Item {
  return { ...memberKey(scope, member.sub), et: 'mb', v: MEMBER_VERSION, ...member };
}

/** Reads a stored membership back. */
export function decodeMember(item: Item): Member {
  const stored = item as unknown as Member;
  return {
    sub: stored.sub,
    userId: stored.userId,
    role: stored.role,
    owner: stored.owner,
    scope: stored.scope,
    workerId: stored.workerId ?? null,
    state: stored.state,
    roleAt: stored.roleAt,
    createdAt: stored.createdAt,
    lastSignInAt: stored.lastSignInAt ?? null,
    sessionsEndedAt: stored.sessionsEndedAt ?? null,
    revokedAt: stored.revokedAt ?? null,
    cursorKey: stored.cursorKey,
    revision: stored.revision,
  };
}
