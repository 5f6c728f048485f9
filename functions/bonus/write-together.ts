import type { TenantScope } from '#model/scope.ts';
import { actionOf } from '#store/conditions.ts';
import { type StagedWrite, TRANSACTION_LIMIT, type WriteAction, type WriteOutcome } from '#store/table.ts';
import type { BonusPorts } from './ports.ts';

/** Writes all of it or nothing: as one transaction where it fits, else as a batch (decision 009). */
export function writeTogether(
  { table, ulid }: Pick<BonusPorts, 'table' | 'ulid'>,
  scope: TenantScope,
  actions: readonly WriteAction[],
  staged: readonly StagedWrite[],
): Promise<WriteOutcome> {
  if (actions.length + staged.length <= TRANSACTION_LIMIT) return table.write(scope, [...actions, ...staged.map(actionOf)]);
  return table.writeBatch(scope, { id: ulid(), actions, staged });
}
