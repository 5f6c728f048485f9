import type { Instant } from '#kernel/instant.ts';
import { hashSecret, makeToken, parseToken } from '#model/api-token.ts';
import type { TenantScope } from '#model/scope.ts';
import { failedFor, sendingWith, sentAt, userState, waitsToBeSent } from '#model/user.ts';
import type { Table } from '#store/table.ts';
import { readUser, saveUserAction } from '#store/user-repository.ts';

/** What the message of an invitation says. The secret is made for this message and stands nowhere else. */
export interface InvitationMessage {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly expiresAt: Instant;
  /** What whoever accepts hands in: `<tenant>.<user>.<secret>`. */
  readonly invitation: string;
}

/** What sending invitations needs of the outside. */
export interface InvitationPorts {
  readonly table: Table;
  now(): Instant;
  randomBytes(count: number): Uint8Array;
}

/**
 * The message of an invitation that waits to be sent, with a new secret: a message that went out before and was not noted holds no longer.
 * Null where nothing waits, or where somebody else is about to send it.
 */
export async function takeInvitation(
  { table, now, randomBytes }: InvitationPorts,
  scope: TenantScope,
  userId: string,
): Promise<InvitationMessage | null> {
  const user = await readUser(table, scope, userId);
  if (user === null || !waitsToBeSent(user) || userState({ user, member: null, worker: null }, now()) !== 'pending') return null;
  const { token, secretHash } = makeToken(scope.tenantId, userId, randomBytes);
  const next = { ...user, invitation: sendingWith(user.invitation, secretHash) };
  const { applied } = await table.write(scope, [saveUserAction(scope, next)]);
  if (!applied) return null;
  return { userId, email: user.email, name: user.name, expiresAt: user.invitation.expiresAt!, invitation: token };
}

/**
 * Notes that a message is on its way, or why it could not be delivered. An invitation that was decided meanwhile, or asked for again, stays as it is:
 * another message is the one that counts then.
 */
export async function noteDelivery(
  { table, now }: Pick<InvitationPorts, 'table' | 'now'>,
  scope: TenantScope,
  message: Pick<InvitationMessage, 'userId' | 'invitation'>,
  failure: string | null,
): Promise<void> {
  const secretHash = hashSecret(parseToken(message.invitation)?.secret ?? '');
  for (;;) {
    const user = await readUser(table, scope, message.userId);
    if (user?.invitation.state !== 'pending' || user.invitation.secretHash !== secretHash) return;
    const invitation = failure === null ? sentAt(user.invitation, now()) : failedFor(user.invitation, failure);
    if ((await table.write(scope, [saveUserAction(scope, { ...user, invitation })])).applied) return;
  }
}
