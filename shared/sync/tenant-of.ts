import { AppError } from '#kernel/errors.ts';
import type { TenantScope } from '#model/scope.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';

/** Zone and currency of a tenant, as a connector needs them. Throws for a tenant that is not set up. */
export async function tenantOf(table: Table, scope: TenantScope): Promise<{ zone: string; currency: string }> {
  const context = await readContext(table, scope);
  if (context === null) throw new AppError('tenant-without-context', { category: 'ours' });
  return { zone: context.zone, currency: context.currency };
}
