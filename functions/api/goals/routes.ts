import type { RouteDefinition } from '../route.ts';
import { approveGoal } from './approve-goal.ts';
import { cancelGoal, unapproveGoal } from './change-goal.ts';
import { approveGoalTemplate, archiveGoalTemplate, changeGoalTemplate, deleteGoalTemplate } from './change-template.ts';
import { explainGoal } from './explain-goal.ts';
import { getGoal } from './get-goal.ts';
import { listGoals } from './list-goals.ts';
import { getGoalResults, putGoalResults } from './results.ts';
import { startGoal } from './start-goal.ts';
import { createGoalTemplate, getGoalTemplate, listGoalTemplates } from './templates.ts';

/** Routes of Pro-Goals and their templates. */
export const goalRoutes: readonly RouteDefinition[] = [
  listGoalTemplates,
  createGoalTemplate,
  getGoalTemplate,
  changeGoalTemplate,
  deleteGoalTemplate,
  approveGoalTemplate,
  archiveGoalTemplate,
  listGoals,
  startGoal,
  getGoal,
  approveGoal,
  unapproveGoal,
  cancelGoal,
  getGoalResults,
  putGoalResults,
  explainGoal,
];
