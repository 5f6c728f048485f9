import { approveProPay } from '../bonus/propays/approve-propay.ts';
import { bulkApprove } from '../bonus/propays/bulk-approve.ts';
import { unapproveProPay } from '../bonus/propays/unapprove-propay.ts';
import type { RouteDefinition } from '../route.ts';

/** Approving ProPays and taking it back. */
export const approvalRoutes: readonly RouteDefinition[] = [approveProPay, unapproveProPay, bulkApprove];
