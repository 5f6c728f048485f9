import type { TenantScope } from '#model/scope.ts';
import { actionOf } from '#store/conditions.ts';
import { type FailedAction, type StagedWrite, TRANSACTION_LIMIT, type WriteAction, type WriteOutcome } from '#store/table.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem } from './problem.ts';

/** Records that a command may make or change beside its header. */
const MOST_STAGED = 2_000;

/** What a command writes. Outcomes count it in this order. */
export interface Parts {
  readonly actions: readonly WriteAction[];
  readonly staged: readonly StagedWrite[];
  /** Audit entries and idempotency record. */
  readonly last: readonly WriteAction[];
}

/** Whether a command fits into one transaction; else it is a batch. */
export function fitsTransaction({ actions, staged, last }: Parts): boolean {
  return actions.length + staged.length + last.length <= TRANSACTION_LIMIT;
}

/** Writes all parts of a command or none: as one transaction where they fit, else as a batch (decision 009). */
export async function writeParts(
  ports: Pick<ApiPorts, 'table' | 'ulid'>,
  scope: TenantScope,
  parts: Parts,
): Promise<WriteOutcome> {
  const { actions, staged, last } = parts;
  if (staged.length > MOST_STAGED) throw new ApiProblem('too-many-items', { data: { count: staged.length, most: MOST_STAGED } });
  if (fitsTransaction(parts)) return ports.table.write(scope, [...actions, ...staged.map(actionOf), ...last]);
  const outcome = await ports.table.writeBatch(scope, { id: ports.ulid(), actions: [...actions, ...last], staged });
  return outcome.applied ? outcome : { applied: false, failed: outcome.failed.map((one) => inOrder(parts, one)) };
}

/** A batch counts its whole header first. */
function inOrder({ actions, staged, last }: Parts, failed: FailedAction): FailedAction {
  const { index } = failed;
  if (index < actions.length) return failed;
  const isLast = index < actions.length + last.length;
  return { ...failed, index: isLast ? index + staged.length : index - last.length };
}
