import { allow, SEE_MIRROR } from '../access.ts';
import { idParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { findRecord } from './find.ts';
import { listed, milestoneBudgetRange } from './ranges.ts';

const SEE_WAGES = allow('A', 'A', 'S', '-', 'O', 'R');

/** Wages, budgets and materials: records that stand beside people, jobs and milestones. */
export const listWageRecords = mirrorList({
  path: '/v1/wage-records',
  entity: 'wage_record',
  summary: 'Wages that the source supplies, by date',
  access: SEE_WAGES,
  filters: { workerId: idParameter('Only of this person') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'WAGE')] },
    { filters: ['workerId'], ranges: ({ scope, filters }) => [listed(scope, 'WAGE', filters.workerId!)] },
  ],
});

export const getWageRecord = mirrorRecord({
  path: '/v1/wage-records/{id}',
  entity: 'wage_record',
  summary: 'One wage record',
  access: SEE_WAGES,
});

export const listBudgets = mirrorList({
  path: '/v1/budgets',
  entity: 'budget_info',
  summary: 'Budgets that the source supplies',
  access: SEE_MIRROR,
  filters: { jobId: idParameter('Only of this job and its milestones'), milestoneId: idParameter('Only of this milestone') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'BUDGET')] },
    { filters: ['jobId'], ranges: ({ scope, filters }) => [listed(scope, 'BUDGET', filters.jobId!)] },
    {
      filters: ['milestoneId'],
      ranges: async ({ table, scope, filters }) => {
        const milestone = await findRecord(table, scope, 'milestone', filters.milestoneId!);
        return milestone === null
          ? []
          : [milestoneBudgetRange(scope, (milestone.fields as { jobId: string }).jobId, milestone.id)];
      },
    },
  ],
});

export const getBudget = mirrorRecord({
  path: '/v1/budgets/{id}',
  entity: 'budget_info',
  summary: 'One budget',
  access: SEE_MIRROR,
});

export const listMaterials = mirrorList({
  path: '/v1/materials',
  entity: 'material_allocation',
  summary: 'Materials of milestones',
  access: SEE_MIRROR,
  filters: { milestoneId: idParameter('Only of this milestone') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'MATERIAL')] },
    { filters: ['milestoneId'], ranges: ({ scope, filters }) => [listed(scope, 'MATERIAL', filters.milestoneId!)] },
  ],
});

export const getMaterial = mirrorRecord({
  path: '/v1/materials/{id}',
  entity: 'material_allocation',
  summary: 'One material of a milestone',
  access: SEE_MIRROR,
});
