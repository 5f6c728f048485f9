import type { Instant } from '#kernel/instant.ts';
import { type Overrides, WORKER_ROLES, type WorkerState } from './overrides.ts';
import type { AccessScope, Role } from './people.ts';

/** Roles of people; who owns the account is an admin with the flag (M-142). */
export const PERSON_ROLES = ['admin', 'manager', 'crew_lead', 'worker', 'auditor'] as const satisfies readonly Role[];
export type PersonRole = (typeof PERSON_ROLES)[number];

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
  /** Deactivated: sign-in reaches the own statements alone. Archived: no sign-in (M-148). */
  readonly state: WorkerState;
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

/** What a worker's record says of the login that is theirs. */
export interface WorkerOfMember {
  readonly own: { readonly overrides: Pick<Overrides, 'active' | 'role'> };
  readonly fields: { readonly sourceActive: boolean };
}

/**
 * The role that holds: the one that was given last, to the login or to the worker's record (E-2). Nobody becomes or stops being an admin or
 * auditor by the record (M-48).
 */
export function roleInForce({ role, roleAt }: Pick<Member, 'role' | 'roleAt'>, worker: WorkerOfMember | null): PersonRole {
  const given = worker?.own.overrides.role ?? null;
  const isWorkerRole = (WORKER_ROLES as readonly Role[]).includes(role);
  return given !== null && isWorkerRole && given.at > roleAt ? given.value : role;
}
