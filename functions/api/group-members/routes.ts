import { dissolveGroup } from '../bonus/groups/dissolve-group.ts';
import { deleteMember, putMember } from '../bonus/groups/members.ts';
import { unapproveGroup } from '../bonus/groups/unapprove-group.ts';
import type { RouteDefinition } from '../route.ts';

/** Routes that change what all members of a group are: who belongs to it, and whether it is approved any more. */
export const groupMemberRoutes: readonly RouteDefinition[] = [putMember, deleteMember, dissolveGroup, unapproveGroup];
