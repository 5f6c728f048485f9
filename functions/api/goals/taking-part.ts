import { participantOf, participantsAmong } from '#bonus/goals/participants.ts';
import { workOutGoal } from '#bonus/goals/work-out.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { referenceKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { listGoalsOf, readGoal } from '#store/goal-repository.ts';
import type { Table } from '#store/table.ts';
import { readMetricRecords } from './metric-records.ts';

/** Which of the goals a worker takes part in: told by the goal once its people stand, until then by the worker's own record (B-162). */
export async function goalsOfWorker(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  workerId: string,
  goals: readonly Goal[],
): Promise<ReadonlySet<string>> {
  if (goals.length === 0) return new Set();
  const standing = goals.filter(({ participantIds }) => participantIds?.includes(workerId));
  // A goal that was canceled while it ran has nobody.
  const open = goals.filter(({ participantIds, status }) => participantIds === null && status === 'Active');
  const routeIds = [...new Set(open.flatMap(({ terms }) => (terms.scope.type === 'route' ? [terms.scope.routeId] : [])))];
  const [worker, ...routes] = await table.batchGet(
    scope,
    [workerKey(scope, workerId), ...routeIds.map((id) => referenceKey(scope, 'route', id))],
    { consistent: false },
  );
  if (!worker) return new Set(standing.map(({ id }) => id));
  const self = [decodeMirrorRecord<'worker'>(worker)];
  const known = routes.flatMap((item) => (item ? [decodeMirrorRecord<'route'>(item)] : []));
  const joined = open.filter(({ terms, period }) => participantsAmong(self, known, terms, period.endDate, context).length > 0);
  return new Set([...standing, ...joined].map(({ id }) => id));
}

/** What each Active goal that a worker takes part in would pay them as it stands; null where that cannot be told yet (B-141). */
export async function projectedRewards(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  worker: MirrorRecord<'worker'>,
): Promise<readonly (number | null)[]> {
  const active = await listGoalsOf(table, scope, 'Active');
  const own = await goalsOfWorker(table, scope, context, worker.id, active);
  const rewards: (number | null)[] = [];
  await inParallel([...own], async (id) => {
    const stored = await readGoal(table, scope, id);
    if (stored === null || stored.goal.status !== 'Active') return;
    const records = await readMetricRecords(table, scope, context, stored.goal);
    const { outcome, participants } = workOutGoal({ ...stored, records, participants: [participantOf(worker)] });
    rewards.push(outcome === 'applies' ? participants[0]!.rewardCents : null);
  });
  return rewards;
}
