import { listPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from './table.ts';

/**
 * The people, or the jobs that are not finished, that some connections have brought, without those that lead to another record. A list's
 * keys tell id and status, so what is finished or left out by `skip` is not read.
 */
export async function readOpenRecords(
  table: Table,
  scope: TenantScope,
  entity: 'worker' | 'job',
  connectionIds: ReadonlySet<string>,
  skip: (id: string) => boolean,
): Promise<readonly MirrorRecord[]> {
  const partition = listPartition(scope, entity === 'worker' ? 'WORKER' : 'JOB');
  const listed = await table.queryAll(scope, { index: 'by', partition });
  const keys = listed.filter(({ bs }) => {
    const parts = String(bs).split('#');
    return (entity === 'worker' || OPEN.has(parts[2] ?? '')) && !skip(parts.at(-1)!);
  });
  const items = await table.batchGet(
    scope,
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: false },
  );
  return items
    .flatMap((item) => (item === null ? [] : [decodeMirrorRecord(item)]))
    .filter(({ connectionId, aliasOf, tombstone }) => connectionIds.has(connectionId) && aliasOf === null && tombstone === null);
}

const OPEN: ReadonlySet<string> = new Set(['pending', 'in_progress']);
