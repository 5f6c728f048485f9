import { listPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from './table.ts';

/** The batches of a tenant that may hold records, oldest first; by the index, so the latest may be missing. */
export async function listBatchIds(table: Table, scope: TenantScope): Promise<readonly string[]> {
  const items = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'BATCH') });
  return items.map((item) => String(item.bs));
}
