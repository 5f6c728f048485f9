import type { RouteDefinition } from '../route.ts';
import { groupRoutes } from './groups/routes.ts';
import { payRoutes } from './pay/routes.ts';
import { deletePenalty, putDisqualifier, putPenalty } from './propays/answers.ts';
import { approveProPay } from './propays/approve-propay.ts';
import { bulkApprove } from './propays/bulk-approve.ts';
import { cancelProPay, deleteProPay, restoreProPay } from './propays/change-status.ts';
import { createProPay } from './propays/create-propay.ts';
import { editProPay } from './propays/edit-propay.ts';
import { explainProPay } from './propays/explain-propay.ts';
import { getProPay } from './propays/get-propay.ts';
import { listProPays } from './propays/list-propays.ts';
import { previewProPay } from './propays/preview-propay.ts';
import { recalculateProPay } from './propays/recalculate-propay.ts';
import { syncDefinitionsOfAll, syncDefinitionsOfProPay } from './propays/sync-definitions.ts';
import { unapproveProPay } from './propays/unapprove-propay.ts';

/** Routes of bonuses, statements and their commands. */
export const bonusRoutes: readonly RouteDefinition[] = [
  listProPays,
  createProPay,
  getProPay,
  editProPay,
  deleteProPay,
  approveProPay,
  unapproveProPay,
  cancelProPay,
  restoreProPay,
  recalculateProPay,
  putDisqualifier,
  putPenalty,
  deletePenalty,
  syncDefinitionsOfProPay,
  syncDefinitionsOfAll,
  explainProPay,
  previewProPay,
  bulkApprove,
  ...payRoutes,
  ...groupRoutes,
];
