import { AppError } from '#kernel/errors.ts';
import type { RunPorts } from '#mirror/leg.ts';
import type { TenantScope } from '#model/scope.ts';
import { readTenantOfRuns } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';

/** Zone, currency and epoch of a tenant, as a run needs them. Throws for a tenant that is not set up. */
export async function tenantOf(table: Table, scope: TenantScope): Promise<RunPorts['tenant']> {
  const tenant = await readTenantOfRuns(table, scope);
  if (tenant === null) throw new AppError('tenant-without-context', { category: 'ours' });
  return tenant;
}
