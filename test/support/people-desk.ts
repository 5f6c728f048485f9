import { acceptInvitation } from '#functions/api/users/accept-invitation.ts';
import type { Member } from '#model/member.ts';
import type { AccessScope, Role } from '#model/people.ts';
import { NOT_INVITED, type User } from '#model/user.ts';
import { noteDelivery, takeInvitation } from '#people/send-invitation.ts';
import { createMemberAction, readMember } from '#store/member-repository.ts';
import { createOwnershipAction, createUserAction } from '#store/user-repository.ts';
import { type Answer, type CallOptions, NO_SCOPE, type TestApi } from './api.ts';

export const OWNER_EMAIL = 'owner@acme.example';

/** What answers about users hold. */
export interface UserBody extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly email: string;
  readonly state: string;
  readonly revision: number;
  readonly items: readonly UserBody[];
  readonly action: string;
  readonly matches: readonly { readonly workerId: string }[];
}

/** What a test does with people who sign in: each with a token of their own, as whom they call. */
export interface PeopleDesk {
  readonly ownerId: string;
  call(method: string, path: string, body?: object, options?: CallOptions): Promise<Answer<UserBody>>;
  /** Invites somebody as the owner; gives the user's id. */
  invite(fields?: Record<string, unknown>, options?: CallOptions): Promise<string>;
  /** The secret text of the message, as it would be sent now. */
  message(userId: string): Promise<string>;
  accept(invitation: string, email: string, subject?: string): Promise<{ readonly tenantId: string; readonly userId: string }>;
  /** Invites somebody who accepts; gives the user's id. */
  join(fields?: Record<string, unknown>): Promise<string>;
  member(userId: string): Promise<Member | null>;
  user(userId: string): Promise<UserBody>;
  /** A token that stands for the user. */
  tokenOf(userId: string, role: Role, scope?: AccessScope): Promise<string>;
  audit(userId: string): Promise<readonly UserBody[]>;
}

let count = 0;

/** Opens the desk over an API with a tenant, whose account a person owns. */
export async function openPeopleDesk(api: TestApi): Promise<PeopleDesk> {
  const ownerId = `owner-of-${api.scope.tenantId}`;
  await seedOwner(api, ownerId);
  const call: PeopleDesk['call'] = (method, path, body, options = {}) => {
    const [at = '', rawQuery = ''] = path.split('?');
    return api.call(method, at, { rawQuery, ...(body === undefined ? {} : { body }), ...options });
  };
  const invite: PeopleDesk['invite'] = async (fields = {}, options = {}) => {
    const email = `person${++count}@acme.example`;
    const answer = await call('POST', '/v1/users', { email, name: 'Pat', role: 'worker', workerId: null, ...fields }, options);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.id;
  };
  const message: PeopleDesk['message'] = async (userId) => {
    const taken = await takeInvitation(api.ports, api.scope, userId);
    if (taken === null) throw new Error('nothing waits to be sent');
    await noteDelivery(api.ports, api.scope, taken, null);
    return taken.invitation;
  };
  const accept: PeopleDesk['accept'] = (invitation, email, subject = `sub-of-${email.replaceAll(/\W/g, '-')}`) =>
    acceptInvitation(api.ports, { subject, verifiedEmail: email, signedInAt: api.now() }, invitation, `request-${++count}`);
  const user: PeopleDesk['user'] = async (userId) => (await call('GET', `/v1/users/${userId}`)).body;
  return {
    ownerId,
    call,
    invite,
    message,
    accept,
    join: async (fields = {}) => {
      const userId = await invite(fields);
      const { email } = await user(userId);
      await accept(await message(userId), email);
      return userId;
    },
    member: async (userId) => {
      const { email } = await user(userId);
      return readMember(api.table, api.scope, `sub-of-${email.replaceAll(/\W/g, '-')}`);
    },
    user,
    tokenOf: (userId, role, scope) => api.grant(role, { userId, ...(scope === undefined ? {} : { scope }) }),
    audit: async (userId) => (await call('GET', `/v1/audit?entityId=${userId}`)).body.items,
  };
}

async function seedOwner(api: TestApi, id: string): Promise<void> {
  const at = api.now();
  const sub = `sub-of-${OWNER_EMAIL.replaceAll(/\W/g, '-')}`;
  const user: User = {
    id,
    email: OWNER_EMAIL,
    phone: null,
    name: 'Olive',
    role: 'admin',
    scope: NO_SCOPE,
    workerId: null,
    invitation: { ...NOT_INVITED, state: 'accepted' },
    sub,
    createdAt: at,
    createdBy: 'operator',
    cursorKey: `cursor-key-of-${api.scope.tenantId}`,
    revision: 1,
  };
  const member: Member = {
    ...{ sub, userId: id, role: 'admin', owner: true, scope: NO_SCOPE, workerId: null, state: 'active' },
    ...{ roleAt: at, createdAt: at, lastSignInAt: null, sessionsEndedAt: null, revokedAt: null },
    cursorKey: user.cursorKey,
    revision: 1,
  };
  await api.table.write(api.scope, [
    createUserAction(api.scope, user),
    createMemberAction(api.scope, member),
    createOwnershipAction(api.scope, { userId: id, sub }),
  ]);
}
