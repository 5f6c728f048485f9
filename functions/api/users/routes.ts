import type { RouteDefinition } from '../route.ts';
import { acceptInvitationRoute } from './accept-invitation.ts';
import { changeUser } from './change-user.ts';
import { endSessions } from './end-sessions.ts';
import { inviteUser } from './invite-user.ts';
import { acceptOwnership, offerOwnership, withdrawOffer } from './ownership.ts';
import type { UserPorts } from './ports.ts';
import { getUser, listUsers } from './read-users.ts';
import { removeUser } from './remove-user.ts';
import { resendInvitation } from './resend-invitation.ts';

/** Routes of people who sign in: invitations, roles, ownership. */
export const userRoutes: readonly RouteDefinition<UserPorts>[] = [
  listUsers,
  inviteUser,
  getUser,
  changeUser,
  removeUser,
  resendInvitation,
  endSessions,
  offerOwnership,
  withdrawOffer,
  acceptOwnership,
  acceptInvitationRoute,
];
