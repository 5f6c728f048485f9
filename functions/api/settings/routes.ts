import type { RouteDefinition } from '../route.ts';
import { changePool, createPool, deletePool } from './change-pools.ts';
import {
  changeDisqualifier,
  createDisqualifier,
  deleteDisqualifier,
  getDisqualifier,
  listDisqualifiers,
} from './definitions/disqualifiers.ts';
import { changePenalty, createPenalty, deletePenalty, getPenalty, listPenalties } from './definitions/penalties.ts';
import { createAssignment, deleteAssignment, listAssignments } from './pool-assignments.ts';
import { getPool, listPools } from './read-pools.ts';
import { getSettings, listSettings } from './read-settings.ts';
import { changeRule, createRule, deleteRule, getRule, listRules } from './rules.ts';
import { saveSettings } from './save-settings.ts';

/** Routes of settings, pools, definitions and rules. */
export const settingsRoutes: readonly RouteDefinition[] = [
  listSettings,
  getSettings,
  saveSettings,
  listPools,
  createPool,
  getPool,
  changePool,
  deletePool,
  listAssignments,
  createAssignment,
  deleteAssignment,
  listDisqualifiers,
  createDisqualifier,
  getDisqualifier,
  changeDisqualifier,
  deleteDisqualifier,
  listPenalties,
  createPenalty,
  getPenalty,
  changePenalty,
  deletePenalty,
  listRules,
  createRule,
  getRule,
  changeRule,
  deleteRule,
];
