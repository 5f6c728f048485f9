import { addDays, type Instant } from '#kernel/instant.ts';
import { type Member, type PersonRole, roleInForce, type WorkerOfMember } from './member.ts';
import { WORKER_STATES, type WorkerState, workerState } from './overrides.ts';
import type { AccessScope } from './people.ts';

/**
 * A login as the tenant's people see it, from the invitation on (M-147): whom it is for, and what it gives. Once it was accepted role, scope
 * and worker stand in the membership of `sub`, and here is what was invited to. Contact data stands here and nowhere else.
 */
export interface User {
  readonly id: string;
  /** In lower case; who accepts has to have signed in with it. */
  readonly email: string;
  readonly phone: string | null;
  readonly name: string;
  readonly role: PersonRole;
  readonly scope: AccessScope;
  /** The worker that was matched, and confirmed by whoever invited. */
  readonly workerId: string | null;
  readonly invitation: Invitation;
  /** Who accepted, as the identity provider knows them. */
  readonly sub: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly cursorKey: string;
  readonly revision: number;
}

/** What became of inviting somebody. Whether a pending one is over is a matter of the clock. */
export interface Invitation {
  readonly state: 'needs_invite' | 'pending' | 'failed' | 'canceled' | 'accepted';
  /** When somebody last asked for it to be sent. */
  readonly askedAt: Instant | null;
  readonly expiresAt: Instant | null;
  /** Of the secret in the message that was sent last. */
  readonly secretHash: string | null;
  readonly sentAt: Instant | null;
  /** Why it could not be delivered. */
  readonly failure: string | null;
}

export const INVITATION_STATES = ['needs_invite', 'pending', 'failed', 'expired', 'canceled'] as const;
/** One word for where a user stands: the invitation's until it is accepted, then the person's; `removed`: the login was. */
export const USER_STATES = [...INVITATION_STATES, ...WORKER_STATES, 'removed'] as const;
export type UserState = (typeof USER_STATES)[number];

/** Invitations that ask for somebody (M-157). */
export const UNFINISHED = ['needs_invite', 'pending', 'failed'] as const satisfies readonly UserState[];

export const NOT_INVITED: Invitation = {
  state: 'needs_invite',
  askedAt: null,
  expiresAt: null,
  secretHash: null,
  sentAt: null,
  failure: null,
};

/** An invitation that waits to be sent: what was sent before holds no longer. */
export function askedFor(at: Instant, expiryDays: number): Invitation {
  return { ...NOT_INVITED, state: 'pending', askedAt: at, expiresAt: `${addDays(at.slice(0, 10), expiryDays)}${at.slice(10)}` };
}

/** Whether the message of an invitation is still to be sent. */
export function waitsToBeSent({ invitation }: Pick<User, 'invitation'>): boolean {
  return invitation.state === 'pending' && invitation.sentAt === null;
}

/** An invitation whose message is about to go out with a secret; a message that went out before holds no longer. */
export function sendingWith(invitation: Invitation, secretHash: string): Invitation {
  return { ...invitation, secretHash };
}

/** An invitation whose message is on its way. */
export function sentAt(invitation: Invitation, at: Instant): Invitation {
  return { ...invitation, sentAt: at };
}

/** An invitation whose message could not be delivered, now or later; one that was decided meanwhile stays as it is. */
export function failedFor(invitation: Invitation, failure: string): Invitation {
  return invitation.state === 'pending' ? { ...invitation, state: 'failed', failure } : invitation;
}

/** The records that say where a user stands. */
export interface UserRecords {
  readonly user: User;
  /** The membership that the user accepted; null before that. */
  readonly member: Member | null;
  /** The worker of the login, where it has one that is in the mirror. */
  readonly worker: WorkerOfMember | null;
}

/** The membership of a subject, as far as it is this user's: another invitation may have taken its place. */
export function ownMember(user: User, member: Member | null): Member | null {
  return member?.userId === user.id ? member : null;
}

/** Where a user stands at an instant. */
export function userState({ user, member, worker }: UserRecords, now: Instant): UserState {
  const { state, expiresAt } = user.invitation;
  if (state === 'pending' && expiresAt !== null && expiresAt <= now) return 'expired';
  if (state !== 'accepted') return state;
  return member === null || member.revokedAt !== null ? 'removed' : stateInForce(member, worker);
}

/** What a login gives: the membership's, or before it is accepted what is invited to. */
export function grantsOf({ user, member, worker }: UserRecords): Pick<Member, 'role' | 'owner' | 'scope' | 'workerId'> {
  if (member === null) return { role: user.role, owner: false, scope: user.scope, workerId: user.workerId };
  const { owner, scope, workerId } = member;
  return { role: roleInForce(member, worker), owner, scope, workerId };
}

/** The stricter of what the membership and the worker's record say (M-148); an owner is never shut out. */
export function stateInForce({ owner, state }: Member, worker: WorkerOfMember | null): WorkerState {
  const other = worker === null || owner ? 'active' : workerState(worker);
  return WORKER_STATES.indexOf(state) > WORKER_STATES.indexOf(other) ? state : other;
}
