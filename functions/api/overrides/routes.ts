import type { RouteDefinition } from '../route.ts';
import { deleteActive, putActive } from './active.ts';
import { deleteBudget, putBudget } from './budget.ts';
import { bulkOverrides } from './bulk.ts';
import { keepActive, keepBudget, keepManager, keepRole, keepWage } from './keep.ts';
import { deleteManager, putManager } from './manager.ts';
import { getJobOverrides, getWorkerOverrides, milestoneFields, otherJobFields, otherWorkerFields } from './read.ts';
import { deleteRole, putRole } from './role.ts';
import { deleteWage, putWage } from './wage.ts';

/** Routes of local values in place of the source's (M-115). */
export const overrideRoutes: readonly RouteDefinition[] = [
  bulkOverrides,
  getWorkerOverrides,
  putWage,
  deleteWage,
  keepWage,
  putRole,
  deleteRole,
  keepRole,
  putActive,
  deleteActive,
  keepActive,
  getJobOverrides,
  putManager,
  deleteManager,
  keepManager,
  putBudget,
  deleteBudget,
  keepBudget,
  otherWorkerFields,
  otherJobFields,
  milestoneFields,
];
