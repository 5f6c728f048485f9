import { allow, SEE_MIRROR } from '../access.ts';
import { idParameter } from '../query.ts';
import { mirrorList } from './collection.ts';
import { findRecord } from './find.ts';
import { listed, milestoneBudgetRange } from './ranges.ts';

/** Wages, budgets and materials: records that stand beside people, jobs and milestones. */
export const listWageRecords = mirrorList({
  path: '/v1/wage-records',
  entity: 'wage_record',
  summary: 'Wages that the source supplies, by date',
  access: allow('A', 'A', 'S', '-', 'O', 'R'),
  filters: { workerId: idParameter('Only of this person') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'WAGE')] },
    { filters: ['workerId'], ranges: ({ scope, filters }) => [listed(scope, 'WAGE', filters.workerId!)] },
  ],
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
