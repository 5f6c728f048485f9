import { approveGroup } from '../bonus/groups/approve-group.ts';
import { bulkApproveGroups } from '../bonus/groups/bulk-approve.ts';
import { unapproveGroup } from '../bonus/groups/unapprove-group.ts';
import type { RouteDefinition } from '../route.ts';

/** Approving groups as a whole and taking it back. */
export const groupDecisionRoutes: readonly RouteDefinition[] = [approveGroup, unapproveGroup, bulkApproveGroups];
