import type { RouteDefinition } from '../../route.ts';
import { createGroup } from './create-group.ts';
import { dissolveGroup } from './dissolve-group.ts';
import { editGroup } from './edit-group.ts';
import { getGroup } from './get-group.ts';
import { listGroups } from './list-groups.ts';
import { deleteMember, putMember } from './members.ts';

/** Routes of group ProPays, but for their approval and explanation. */
export const groupRoutes: readonly RouteDefinition[] = [
  listGroups,
  createGroup,
  getGroup,
  editGroup,
  dissolveGroup,
  putMember,
  deleteMember,
];
