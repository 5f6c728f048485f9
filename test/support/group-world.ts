import type { EntityFields } from '#model/entities.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { BonusPool } from '#model/settings.ts';
import type { BonusBench } from './bonus-bench.ts';
import { POOL } from './bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putWorker, workerId } from './bonus-world.ts';

/** All of the savings to the crew, by the hour: the pool of the published examples of groups. */
export const ALL_TO_CREW: BonusPool = { ...POOL, splitEnabled: false, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 };

/** Puts a route of branch b1. */
export const putRoute = (bench: BonusBench, name: string, fields: Partial<EntityFields['route']> = {}) =>
  bench.put('route', name, {
    name: `Route ${name}`,
    branchId: idOf('branch', 'b1'),
    divisionId: null,
    crewLeadId: null,
    managerId: null,
    memberIds: [],
    order: null,
    active: true,
    ...fields,
  });

/** A tenant that groups the ProPays of the named routes by the week, with Ann and Bob at 20.00 an hour and money budgets. */
export async function startGroups(bench: BonusBench, routes: readonly string[]): Promise<void> {
  await putBranch(bench);
  for (const name of routes) await putRoute(bench, name);
  for (const name of ['ann', 'bob']) await putWorker(bench, name, 200_000);
  const rules = routes.map((name) => [idOf('route', name), { grouped: true, period: 'week' as const }]);
  await bench.context((context) => ({
    ...context,
    pools: [ALL_TO_CREW],
    budgetType: 'labor_budget',
    routeRules: Object.fromEntries(rules),
  }));
  await bench.settle();
}

/** A completed stop on a route: a job with a money budget in cents and hours by worker, all on one day. */
export interface Stop {
  readonly route: string | null;
  readonly budgetCents: number;
  readonly hours: Readonly<Record<string, number>>;
  readonly date?: string;
  readonly completed?: boolean;
  readonly job?: Partial<EntityFields['job']>;
}

/** Puts a stop into the mirror. */
export async function putStop(bench: BonusBench, name: string, stop: Stop): Promise<void> {
  const { route, budgetCents, hours, date = '2026-03-03', completed = true, job } = stop;
  await putJob(bench, name, {
    routeId: route === null ? null : idOf('route', route),
    startDate: date,
    status: completed ? 'completed' : 'in_progress',
    completedAt: completed ? `${date}T23:00:00.000Z` : null,
    ...job,
  });
  await putBudget(bench, name, null, 0, { budgetSeconds: null, laborAmountCents: budgetCents });
  for (const [worker, count] of Object.entries(hours))
    await putTime(bench, { id: `${name}-${worker}`, worker, job: name, hours: count, date });
}

/** The published example of B-102 and B-103: one stop 260.00 under its budget, one 100.00 over. */
export async function putExample(bench: BonusBench, route: string): Promise<void> {
  await putStop(bench, 'under', { route, budgetCents: 66_000, hours: { ann: 12, bob: 8 } });
  await putStop(bench, 'over', { route, budgetCents: 30_000, hours: { ann: 9, bob: 11 } });
}

/** The id of a job's only ProPay. */
export const proPayOf = (job: string): string => firstProPayId({ jobId: jobId(job), milestoneId: null });
export const ANN = workerId('ann');
export const BOB = workerId('bob');
