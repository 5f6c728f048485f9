import type { Instant } from '#kernel/instant.ts';
import type { AccessScope, Role } from './people.ts';

/** Roles of people; who owns the account is an admin with the flag (M-142). */
export const PERSON_ROLES = ['admin', 'manager', 'crew_lead', 'worker', 'auditor'] as const satisfies readonly Role[];
export type PersonRole = (typeof PERSON_ROLES)[number];

export const MEMBER_STATES = ['active', 'deactivated', 'archived'] as const;
/** Deactivated: sign-in reaches the own statements alone. Archived: no sign-in (M-148). */
export type MemberState = (typeof MEMBER_STATES)[number];

/**
 * What a person who signs in may do in one tenant, by the subject that the identity provider knows them under. It is read strongly on every
 * request, so that role, scope and revocation act at once (M-144). It holds no contact data: name and address stand in the user of `userId`.
 */
export interface Member {
  readonly sub: string;
  /** The user of `/v1/users`, who is called the same from the invitation on. */
  readonly userId: string;
  readonly role: PersonRole;
  readonly owner: boolean;
  readonly scope: AccessScope;
  /** The worker whom the login belongs to; null for office staff. */
  readonly workerId: string | null;
  readonly state: MemberState;
  /** When the role was last given: a role given to the worker's record later stands in its place (M-48). */
  readonly roleAt: Instant;
  readonly createdAt: Instant;
  readonly lastSignInAt: Instant | null;
  /** Whoever signed in before it has to sign in again. */
  readonly sessionsEndedAt: Instant | null;
  /** The login was removed. A new invitation makes a new membership. */
  readonly revokedAt: Instant | null;
  /** The tenant's key for list cursors, as in a token. */
  readonly cursorKey: string;
  readonly revision: number;
}

/** The role that rights are looked up with: the owner's where the flag stands. */
export function roleOfMember({ owner, role }: Pick<Member, 'owner' | 'role'>): Role {
  return owner ? 'owner' : role;
}

/** Whether a membership lets a person in who signed in at an instant; what their worker's record says comes on top (M-148, M-149). */
export function admits({ state, revokedAt, sessionsEndedAt }: Member, signedInAt: Instant): boolean {
  return revokedAt === null && state !== 'archived' && (sessionsEndedAt === null || signedInAt >= sessionsEndedAt);
}
