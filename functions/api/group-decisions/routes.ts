import { approveGroup } from '../bonus/groups/approve-group.ts';
import { bulkApproveGroups } from '../bonus/groups/bulk-approve.ts';
import type { RouteDefinition } from '../route.ts';

/** Approving groups as a whole. */
export const groupDecisionRoutes: readonly RouteDefinition[] = [approveGroup, bulkApproveGroups];
