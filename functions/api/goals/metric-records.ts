import { countedCallback, countedProPay } from '#bonus/goals/metric-records.ts';
import { zoneOfGoal } from '#bonus/goals/status.ts';
import type { CountedCallback, MetricRecords } from '#bonus/rules/goal-metric.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { listLiveCallbacks, listProPaysApprovedIn, readReworkedWork } from '#store/goal-inputs.ts';
import type { Table } from '#store/table.ts';

/** What a goal's built-in figure counts in its period (B-163); null where people give the values. */
export async function readMetricRecords(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  goal: Goal,
): Promise<MetricRecords | null> {
  const { metric } = goal.terms;
  if (metric.source !== 'builtin') return null;
  if (metric.name === 'callback_count') return { proPays: [], callbacks: await readCallbacks(table, scope, context, goal) };
  const found = await listProPaysApprovedIn(table, scope, Object.keys(context.branches), goal.period);
  return { proPays: found.map(({ proPay, result }) => countedProPay(proPay, result)), callbacks: [] };
}

/** The callbacks that were recognised in the goal's period. */
async function readCallbacks(table: Table, scope: TenantScope, context: TenantContext, { terms, period }: Goal) {
  const zone = zoneOfGoal(terms, context);
  const callbacks = (await listLiveCallbacks(table, scope)).filter(({ openedAt }) => {
    const day = localDateOf(openedAt, zone);
    return period.startDate <= day && day <= period.endDate;
  });
  const counted: CountedCallback[] = [];
  await inParallel(callbacks, async (callback) => {
    counted.push(countedCallback(callback, await readReworkedWork(table, scope, callback)));
  });
  return counted.sort((a, b) => compareCodePoints(a.ref.id, b.ref.id));
}
