import type { WorkedOut } from '#bonus/work-out.ts';
import type { ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { markWorkerActions, unmarkTimeActions, unmarkWorkerActions } from '#store/propay-repository.ts';
import type { BonusSession } from '../ports.ts';

/** Newcomers are marked before the result names them, so a crash in between leaves a mark too many and never one too few. */
export async function markWorkers(
  session: BonusSession,
  scope: TenantScope,
  id: string,
  before: ProPayResult,
  worked: WorkedOut,
): Promise<void> {
  const known = new Set(before.people.workerIds);
  const newcomers = worked.result.people.workerIds.filter((workerId) => !known.has(workerId));
  for (const action of markWorkerActions(scope, newcomers, id)) await session.ports.table.write(scope, [action]);
}

/** Takes the marks of those away who no longer matter to a ProPay: only after the result no longer names them. */
export async function unmarkWorkers(
  session: BonusSession,
  scope: TenantScope,
  id: string,
  before: ProPayResult,
  { result }: WorkedOut,
): Promise<void> {
  const left = before.people.workerIds.filter((workerId) => !result.people.workerIds.includes(workerId));
  const idle = (before.timeNeed?.workerIds ?? []).filter((workerId) => !result.timeNeed?.workerIds.includes(workerId));
  const actions = [...unmarkWorkerActions(scope, left, id), ...unmarkTimeActions(scope, idle, id)];
  for (const action of actions) await session.ports.table.write(scope, [action]);
}
