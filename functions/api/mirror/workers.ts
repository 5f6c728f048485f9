import { WORKER_STATES } from '#model/overrides.ts';
import { SEE_MIRROR } from '../access.ts';
import { choiceParameter, idParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { listed, perBranch } from './ranges.ts';

export const listWorkers = mirrorList({
  path: '/v1/workers',
  entity: 'worker',
  summary: 'People as the integrations know them',
  access: SEE_MIRROR,
  filters: {
    branchId: idParameter('Only people of this branch'),
    status: choiceParameter(WORKER_STATES, 'Only people in this state'),
  },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'WORKER')] },
    { filters: ['branchId'], ranges: ({ scope, filters }) => [listed(scope, 'WORKER', filters.branchId!)] },
    {
      filters: ['branchId', 'status'],
      ranges: ({ scope, filters }) => [listed(scope, 'WORKER', filters.branchId!, filters.status!)],
    },
    { filters: ['status'], ranges: (list) => perBranch(list, 'WORKER', [list.filters.status!]) },
  ],
});

export const getWorker = mirrorRecord({ path: '/v1/workers/{id}', entity: 'worker', summary: 'One person', access: SEE_MIRROR });
