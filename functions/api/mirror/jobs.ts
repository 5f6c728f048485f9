import { SEE_MIRROR } from '../access.ts';
import { choiceParameter, idParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { listed, perBranchAndDivision } from './ranges.ts';

const STATUSES = ['pending', 'in_progress', 'completed', 'canceled'] as const;

export const listJobs = mirrorList({
  path: '/v1/jobs',
  entity: 'job',
  summary: 'Jobs as the integrations know them',
  access: SEE_MIRROR,
  filters: {
    branchId: idParameter('Only jobs of this branch'),
    divisionId: idParameter('Only jobs of this division'),
    status: choiceParameter(STATUSES, 'Only jobs in this status at the source'),
  },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'JOB')] },
    { filters: ['branchId'], ranges: ({ scope, filters }) => [listed(scope, 'JOB', filters.branchId!)] },
    {
      filters: ['branchId', 'divisionId'],
      ranges: ({ scope, filters }) => [listed(scope, 'JOB', filters.branchId!, filters.divisionId!)],
    },
    {
      filters: ['branchId', 'divisionId', 'status'],
      ranges: ({ scope, filters }) => [listed(scope, 'JOB', filters.branchId!, filters.divisionId!, filters.status!)],
    },
    {
      filters: ['branchId', 'status'],
      ranges: (list) => perBranchAndDivision(list, 'JOB', list.filters.branchId!, [list.filters.status!]),
    },
    { filters: ['status'], ranges: (list) => perBranchAndDivision(list, 'JOB', null, [list.filters.status!]) },
  ],
});

export const getJob = mirrorRecord({ path: '/v1/jobs/{id}', entity: 'job', summary: 'One job', access: SEE_MIRROR });
