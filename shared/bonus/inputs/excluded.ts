import { compareCodePoints } from '#kernel/ids.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantContext } from '#model/settings.ts';
import type { RecordRef } from '../shapes.ts';

/** A person who shares in no crew pool here, and what says so. */
export interface ExcludedWorker {
  readonly workerId: string;
  readonly ref: RecordRef;
}

type ExclusionContext = Pick<TenantContext, 'excludedWorkerIds' | 'bonusRemovedIds' | 'areaRevisions' | 'revision'>;

/**
 * Who is excluded from the crew pool of a ProPay (B-72): by the ProPay itself, by the tenant's list, or because their bonus was removed
 * (M-149). A ProPay may take in whom the latter two exclude.
 */
export function excludedFrom(
  proPay: Pick<ProPay, 'id' | 'revision' | 'excludedWorkerIds' | 'includedWorkerIds'>,
  context: ExclusionContext,
): readonly ExcludedWorker[] {
  const own: RecordRef = { entity: 'propay', id: proPay.id, revision: proPay.revision };
  const list: RecordRef = { entity: 'setting', id: 'bonus.excludedWorkerIds', revision: context.areaRevisions.bonus ?? 0 };
  const byWorker = new Map<string, RecordRef>();
  for (const id of context.bonusRemovedIds) byWorker.set(id, { entity: 'worker', id, revision: context.revision });
  for (const id of context.excludedWorkerIds) byWorker.set(id, list);
  for (const id of proPay.includedWorkerIds) byWorker.delete(id);
  for (const id of proPay.excludedWorkerIds) byWorker.set(id, own);
  return [...byWorker].map(([workerId, ref]) => ({ workerId, ref })).sort((a, b) => compareCodePoints(a.workerId, b.workerId));
}
