import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import { notFound } from './problem.ts';

/** The tenant's context; a tenant without one is not set up. */
export async function requireContext(request: {
  readonly ports: { readonly table: Table };
  readonly scope: TenantScope;
}): Promise<TenantContext> {
  const context = await readContext(request.ports.table, request.scope);
  if (context === null) throw notFound();
  return context;
}
