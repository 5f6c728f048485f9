import type { TenantScope } from '#model/scope.ts';
import { listBatchIds } from '#store/batch-repository.ts';
import { type BonusSession, forEachOf } from '../ports.ts';

const AT_ONCE = 4;

/** Ends a batch that is over, so that nothing is held by it any more; one that is under way is left alone (decision 009). */
export async function endBatch(session: BonusSession, scope: TenantScope, id: string): Promise<void> {
  await session.ports.table.endBatch(scope, id);
}

/** Ends all batches of a tenant whose process has died, and closes those of which nothing can come any more. */
export async function endBatches(session: BonusSession, scope: TenantScope): Promise<void> {
  const ids = await listBatchIds(session.ports.table, scope);
  const failed = await forEachOf(ids, AT_ONCE, (id) => endBatch(session, scope, id));
  if (failed.length > 0) throw failed[0]!.error;
}
