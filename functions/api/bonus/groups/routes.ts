import type { RouteDefinition } from '../../route.ts';
import { approveGroup } from './approve-group.ts';
import { bulkApproveGroups } from './bulk-approve.ts';
import { createGroup } from './create-group.ts';
import { dissolveGroup } from './dissolve-group.ts';
import { editGroup } from './edit-group.ts';
import { explainGroup } from './explain-group.ts';
import { getGroup } from './get-group.ts';
import { listGroups } from './list-groups.ts';
import { deleteMember, putMember } from './members.ts';
import { unapproveGroup } from './unapprove-group.ts';

/** Routes of group ProPays. */
export const groupRoutes: readonly RouteDefinition[] = [
  listGroups,
  createGroup,
  getGroup,
  editGroup,
  approveGroup,
  unapproveGroup,
  dissolveGroup,
  bulkApproveGroups,
  explainGroup,
  putMember,
  deleteMember,
];
