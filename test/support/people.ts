import type { Member } from '#model/member.ts';
import { scopeOf } from '#model/scope.ts';
import { createMemberAction, readMember, saveMemberAction } from '#store/member-repository.ts';
import { NO_SCOPE, TENANT, type TestApi } from './api.ts';

/** Makes somebody a member of a tenant: an active manager of nothing, but for what is given. */
export async function join(api: TestApi, sub: string, given: Partial<Member> = {}, tenant = TENANT): Promise<void> {
  const member: Member = {
    sub,
    userId: `user-${sub}`,
    role: 'manager',
    owner: false,
    scope: NO_SCOPE,
    workerId: null,
    state: 'active',
    roleAt: api.now(),
    createdAt: api.now(),
    lastSignInAt: null,
    sessionsEndedAt: null,
    revokedAt: null,
    cursorKey: `cursor-key-of-${tenant}`,
    revision: 1,
    ...given,
  };
  await api.table.write(scopeOf(tenant), [createMemberAction(scopeOf(tenant), member)]);
}

/** Changes a membership as an admin would. */
export async function change(api: TestApi, sub: string, changes: Partial<Member>, tenant = TENANT): Promise<void> {
  const member = await readMember(api.table, scopeOf(tenant), sub);
  if (member === null) throw new Error(`${sub} is no member of ${tenant}`);
  await api.table.write(scopeOf(tenant), [saveMemberAction(scopeOf(tenant), { ...member, ...changes })]);
}
