import { divisionOf } from '#bonus/inputs/division-of.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { SEE_MIRROR } from '../access.ts';
import { choiceParameter, idParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { type ListContext, listed, perBranchAndDivision } from './ranges.ts';

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
  keeps: (record, { divisionId }, { tenant }) =>
    divisionId === undefined || divisionOf((record as MirrorRecord<'job'>).fields, tenant) === divisionId,
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'JOB')] },
    { filters: ['branchId'], ranges: ({ scope, filters }) => [listed(scope, 'JOB', filters.branchId!)] },
    {
      filters: ['branchId', 'divisionId'],
      ranges: (list) => [listed(list.scope, 'JOB', list.filters.branchId!, listedUnder(list))],
    },
    {
      filters: ['branchId', 'divisionId', 'status'],
      ranges: (list) => [listed(list.scope, 'JOB', list.filters.branchId!, listedUnder(list), list.filters.status!)],
    },
    {
      filters: ['branchId', 'status'],
      ranges: (list) => perBranchAndDivision(list, 'JOB', list.filters.branchId!, [list.filters.status!]),
    },
    { filters: ['status'], ranges: (list) => perBranchAndDivision(list, 'JOB', null, [list.filters.status!]) },
  ],
});

/** Jobs of a local division have none at the source, and are listed so; which of them belong to it is asked on each row. */
function listedUnder({ filters, tenant }: ListContext): string {
  const isLocal = tenant.divisionRules.some(({ divisionId }) => divisionId === filters.divisionId);
  return isLocal ? '-' : filters.divisionId!;
}

export const getJob = mirrorRecord({ path: '/v1/jobs/{id}', entity: 'job', summary: 'One job', access: SEE_MIRROR });
