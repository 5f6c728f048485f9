import type { RouteDefinition } from '../route.ts';
import { deletePenalty, putDisqualifier, putPenalty } from './propays/answers.ts';
import { cancelProPay, deleteProPay, restoreProPay } from './propays/change-status.ts';
import { createProPay } from './propays/create-propay.ts';
import { editProPay } from './propays/edit-propay.ts';
import { getProPay } from './propays/get-propay.ts';
import { listProPays } from './propays/list-propays.ts';
import { recalculateProPay } from './propays/recalculate-propay.ts';
import { syncDefinitionsOfAll, syncDefinitionsOfProPay } from './propays/sync-definitions.ts';

/** Routes of ProPays, but for their approval and explanation. */
export const bonusRoutes: readonly RouteDefinition[] = [
  listProPays,
  createProPay,
  getProPay,
  editProPay,
  deleteProPay,
  cancelProPay,
  restoreProPay,
  recalculateProPay,
  putDisqualifier,
  putPenalty,
  deletePenalty,
  syncDefinitionsOfProPay,
  syncDefinitionsOfAll,
];
