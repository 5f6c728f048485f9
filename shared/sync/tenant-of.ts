import { AppError } from '#kernel/errors.ts';
import type { TenantScope } from '#model/scope.ts';
import { readZoneAndCurrency } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';

/** Zone and currency of a tenant, as a connector needs them. Throws for a tenant that is not set up. */
export async function tenantOf(table: Table, scope: TenantScope): Promise<{ zone: string; currency: string }> {
  const tenant = await readZoneAndCurrency(table, scope);
  if (tenant === null) throw new AppError('tenant-without-context', { category: 'ours' });
  return tenant;
}
