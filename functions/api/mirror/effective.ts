import type { EntityFields } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
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

/** The role of a worker (M-48): what the connection's map makes of the source's role; unmapped is worker. */
export function effectiveRole(
  worker: Pick<MirrorRecord<'worker'>, 'connectionId' | 'fields'>,
  tenant: Pick<TenantContext, 'connections'>,
): 'manager' | 'crew_lead' | 'worker' {
  const { sourceRole } = worker.fields;
  const mapped = sourceRole === null ? undefined : tenant.connections[worker.connectionId]?.roleMap[sourceRole];
  return mapped === 'manager' || mapped === 'crew_lead' ? mapped : 'worker';
}
