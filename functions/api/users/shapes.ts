import * as z from 'zod/mini';
import { PERSON_ROLES } from '#model/member.ts';
import type { Ownership } from '#model/ownership.ts';
import { grantsOf, INVITATION_STATES, USER_STATES, type UserRecords, userState } from '#model/user.ts';
import { idText, instantText } from '../edge.ts';
import type { ApiRequest } from '../route.ts';

const ids = z.array(idText).check(z.maxLength(200));
export const scopeShape = z.strictObject({ branchIds: ids, divisionIds: ids, routeIds: ids });

export const userFields = {
  id: idText,
  name: z.string(),
  /** Left out for roles without sight of contact data (M-145). */
  email: z.optional(z.string()),
  phone: z.optional(z.nullable(z.string())),
  role: z.enum(PERSON_ROLES),
  owner: z.boolean(),
  scope: scopeShape,
  workerId: z.nullable(idText),
  state: z.enum(USER_STATES),
  invitation: z.strictObject({
    state: z.enum([...INVITATION_STATES, 'accepted']),
    askedAt: z.nullable(instantText),
    sentAt: z.nullable(instantText),
    expiresAt: z.nullable(instantText),
    failure: z.nullable(z.string()),
  }),
  /** The owner has offered the account to this user (M-142). */
  ownershipOffered: z.boolean(),
  lastSignInAt: z.nullable(instantText),
  createdAt: instantText,
  createdBy: z.string(),
  revision: z.int(),
};
export const userShape = z.strictObject(userFields);

export const userExample = {
  id: '01JPUSER0000000000000000AN',
  name: 'Ann Field',
  email: 'ann@example.com',
  phone: null,
  role: 'crew_lead',
  owner: false,
  scope: { branchIds: [], divisionIds: [], routeIds: [] },
  workerId: 'acme1.1.worker.7',
  state: 'pending',
  invitation: {
    state: 'pending',
    askedAt: '2026-03-10T12:00:00.000Z',
    sentAt: null,
    expiresAt: '2026-03-17T12:00:00.000Z',
    failure: null,
  },
  ownershipOffered: false,
  lastSignInAt: null,
  createdAt: '2026-03-10T12:00:00.000Z',
  createdBy: '01JPUSER0000000000000000OW',
  revision: 1,
};

/** A user as the caller sees it: contact data is the auditor's no more than the mirror's is. */
export function userView(
  { actor, ports }: Pick<ApiRequest, 'actor' | 'ports'>,
  records: UserRecords,
  ownership: Ownership | null,
): Record<string, unknown> {
  const { user, member } = records;
  const { role, owner, scope, workerId } = grantsOf(records);
  const state = userState(records, ports.now());
  const { askedAt, sentAt, expiresAt, failure } = user.invitation;
  return {
    id: user.id,
    name: user.name,
    ...(actor.role === 'auditor' ? {} : { email: user.email, phone: user.phone }),
    role,
    owner,
    scope,
    workerId,
    state,
    invitation: { state: state === 'expired' ? state : user.invitation.state, askedAt, sentAt, expiresAt, failure },
    ownershipOffered: ownership?.offer?.userId === user.id,
    lastSignInAt: member?.lastSignInAt ?? null,
    createdAt: user.createdAt,
    createdBy: user.createdBy,
    revision: revisionOf(records),
  };
}

/** Grows with every change of the user and of the membership; both conditions stand behind an If-Match. */
export function revisionOf({ user, member }: UserRecords): number {
  return user.revision + (member?.revision ?? 0);
}

/** What the audit log says of a user: people by reference alone, so that no entry holds contact data (M-153). */
export function auditedUser(records: UserRecords): Record<string, unknown> {
  const { user, member } = records;
  const { role, owner, scope, workerId } = grantsOf(records);
  return { role, owner, scope, workerId, invitation: user.invitation.state, ...(member && { state: member.state }) };
}
