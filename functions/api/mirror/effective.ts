import type { EntityFields } from '#model/entities.ts';
import type { TenantContext } from '#model/settings.ts';

/** The manager of a job (M-47): the map of (branch, division), else the source's. Evaluated on reading, so a changed map acts at once. */
export function effectiveManager(
  job: Pick<EntityFields['job'], 'branchId' | 'divisionId' | 'managerId'>,
  tenant: Pick<TenantContext, 'managerMap'>,
): string | null {
  const { branchId, divisionId, managerId } = job;
  const mapped = branchId === null ? undefined : tenant.managerMap[`${branchId}|${divisionId ?? '-'}`];
  return mapped ?? managerId;
}
