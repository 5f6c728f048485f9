import { divisionOf } from '#bonus/inputs/division-of.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';
import { SEE_MIRROR } from '../access.ts';
import type { Range } from '../pages.ts';
import { choiceParameter, idParameter, textParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { type Filters, type ListContext, listed, perBranchAndDivision } from './ranges.ts';
import { hasProPay, type PropertySight } from './views.ts';

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
    hasPropay: choiceParameter(['true', 'false'], 'Only jobs that have a ProPay, or have none: propayVerdict says why'),
    propayVerdict: textParameter('Only jobs without ProPay for this reason', 64),
  },
  keeps: isAskedFor,
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'JOB')] },
    { filters: ['branchId'], ranges: ({ scope, filters }) => [listed(scope, 'JOB', filters.branchId!)] },
    {
      filters: ['branchId', 'divisionId'],
      ranges: (list) => listedUnder(list, []),
    },
    {
      filters: ['branchId', 'divisionId', 'status'],
      ranges: (list) => listedUnder(list, [list.filters.status!]),
    },
    {
      filters: ['branchId', 'status'],
      ranges: (list) => perBranchAndDivision(list, 'JOB', list.filters.branchId!, [list.filters.status!]),
    },
    { filters: ['status'], ranges: (list) => perBranchAndDivision(list, 'JOB', null, [list.filters.status!]) },
  ],
});

/** What is told by no key: the effective division, and whether and why a job has no ProPay. Pages may come out short. */
function isAskedFor(
  record: MirrorRecord,
  filters: Filters,
  { tenant, sees }: { tenant: TenantContext; sees: PropertySight },
): boolean {
  const { fields, bonus } = record as MirrorRecord<'job'>;
  const { divisionId, hasPropay, propayVerdict } = filters;
  const told = sees.excluded || bonus.excludedBy === null ? bonus.verdict : null;
  return (
    (divisionId === undefined || divisionOf(fields, tenant) === divisionId) &&
    (hasPropay === undefined || String(hasProPay(bonus)) === hasPropay) &&
    (propayVerdict === undefined || told === propayVerdict)
  );
}

/**
 * Jobs that rules give to a division have none at the source, and are listed so; which of them belong to it is asked on each row. A synced
 * one that took a local one's place has jobs of both kinds.
 */
function listedUnder({ scope, filters, tenant }: ListContext, rest: readonly string[]): readonly Range[] {
  const byRule = tenant.divisionRules.some(({ divisionId }) => divisionId === filters.divisionId);
  const places = byRule ? ['-', filters.divisionId!] : [filters.divisionId!];
  return places.map((place) => ({ ...listed(scope, 'JOB', filters.branchId!, place, ...rest), name: place }));
}

export const getJob = mirrorRecord({ path: '/v1/jobs/{id}', entity: 'job', summary: 'One job', access: SEE_MIRROR });
