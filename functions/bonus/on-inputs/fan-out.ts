import { canonicalJson } from '#kernel/canonical.ts';
import { type ProPayRef, parseProPayId } from '#model/ids.ts';
import { listPartition, proPayKey } from '#model/keys.ts';
import { movedPeople } from '#model/merged-people.ts';
import { decodeProPay, targetOfVerdict } from '#model/propay-item.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { listProPaysOfWorker } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';

/** What a change of the context reaches. */
export interface Reach {
  /** Figures of Active ProPays may differ (B-28, B-44 to B-47, B-72, M-47). */
  readonly active: boolean;
  /** Jobs and visits without a ProPay may be eligible now, or for another reason not (B-18, M-130). */
  readonly verdicts: boolean;
  /** The tenant has just been set up: every job. */
  readonly jobs: boolean;
  /** People who were merged, or are not any more, by all ids: the ProPays they are on (M-149). */
  readonly people: readonly string[];
}

/** What a context's change reaches: names and other texts reach nothing. */
export function reachOf(before: TenantContext | null, after: TenantContext): Reach {
  if (before === null) return { active: true, verdicts: true, jobs: true, people: [] };
  return {
    active: differs(before, after, figuresOf),
    verdicts: differs(before, after, gatesOf),
    jobs: false,
    people: movedPeople(before, after),
  };
}

function differs(before: TenantContext, after: TenantContext, part: (context: TenantContext) => unknown): boolean {
  return canonicalJson(part(before)) !== canonicalJson(part(after));
}

const figuresOf = (context: TenantContext) => ({
  driveTimeInCost: context.driveTimeInCost,
  burdenBudgetTypes: [...context.burdenBudgetTypes].sort(),
  overtimeInCost: context.overtimeInCost,
  weeks: weeksOf(context),
  excluded: [[...context.excludedWorkerIds].sort(), [...context.bonusRemovedIds].sort()],
  managerMap: context.managerMap,
  grouped: Object.entries(context.routeRules).flatMap(([id, { grouped, period }]) => (grouped ? [[id, period]] : [])),
  leads: Object.entries(context.routes).map(([id, route]) => [id, route.crewLeadId]),
  materialTracking: context.materialTracking,
  overhead: overheadOf(context),
  located: locationsOf(context),
  laborShares: laborSharesOf(context),
});

/** What overtime in the cost is counted by (B-45, B-202), and whether anybody carries a loss (B-218). */
function weeksOf({ payLaw: { workweekStart, hoursSource, confirmedHours, branches }, country, state }: TenantContext) {
  const own = Object.entries(branches).map(([id, branch]) => [
    id,
    branch.workweekStart,
    branch.stateRule,
    branch.deductionPolicy,
  ]);
  const confirmed = (confirmedHours ?? []).map(({ calendarId, startDate }) => [calendarId, startDate]);
  return [workweekStart, hoursSource, confirmed, own, country, state];
}

const overheadOf = ({ nonBillableRules, divisions }: TenantContext) => ({
  nonBillableRules,
  divisions: Object.entries(divisions).flatMap(([id, division]) => (division.overhead ? [id] : [])),
});

/** Which jobs belong to which local divisions (M-141). */
const locationsOf = ({ divisionRules, divisions }: TenantContext) =>
  divisionRules.map((rule) => [rule, divisions[rule.divisionId]?.active ?? false]);

/** The one field of the incentives that is evaluated on reading; the others are copied at creation (B-21, M-50). */
function laborSharesOf({ incentives: { laborBp, branches, divisions, routes } }: TenantContext) {
  const of = (scopes: typeof branches) => Object.entries(scopes).map(([id, own]) => [id, own.laborBp ?? null]);
  return [laborBp ?? null, of(branches), of(divisions), of(routes)];
}

const gatesOf = (context: TenantContext) => ({
  launch: context.launch,
  inProgress: context.includeInProgressAtLaunch,
  autoCreate: context.autoCreate,
  horizonDays: context.horizonDays,
  budgetType: context.budgetType,
  callbacks: context.callbackServiceTypes,
  incentives: context.incentives,
  programScopes: context.programScopes,
  rules: context.exclusionRules.map((rule) => ({ ...rule })),
  overhead: overheadOf(context),
  located: locationsOf(context),
  hasPool: context.pools.some((pool) => pool.default),
  owned: Object.entries(context.connections).map(([id, { entities }]) => [id, entities ?? null]),
  zones: [context.zone, ...Object.entries(context.branches).map(([id, branch]) => `${id} ${branch.zone ?? ''}`)],
});

/** What a fan-out looks at: single targets, and whole jobs. */
export interface Reached {
  readonly targets: readonly ProPayTarget[];
  readonly jobIds: readonly string[];
}

/** Finds what a reach concerns by the lists. An index may lag; what it misses is found by the nightly verification. */
export async function findReached(table: Table, scope: TenantScope, reach: Reach): Promise<Reached> {
  const active = reach.active ? await listActive(table, scope) : [];
  const verdicts = reach.verdicts ? await listVerdicts(table, scope) : [];
  const merged = reach.active ? [] : await activeOfPeople(table, scope, reach.people);
  const jobs = reach.jobs ? await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'JOB') }) : [];
  return {
    targets: [...active, ...merged, ...verdicts],
    jobIds: jobs.flatMap((item) => /#J#([^#]+)$/.exec(item.pk)?.[1] ?? []),
  };
}

/** The targets of all Active ProPays of a tenant. */
export async function listActive(table: Table, scope: TenantScope): Promise<readonly ProPayTarget[]> {
  const items = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'PP'), prefix: 'Active#' });
  return items.flatMap((item) => {
    const ref = parseProPayId(String(item.bs).slice(String(item.bs).lastIndexOf('#') + 1));
    return ref === null ? [] : [{ jobId: ref.jobId, milestoneId: ref.milestoneId }];
  });
}

/** The Active ProPays that some people are on: what was approved stays as it is. */
async function activeOfPeople(table: Table, scope: TenantScope, people: readonly string[]): Promise<readonly ProPayTarget[]> {
  const refs = new Map<string, ProPayRef>();
  for (const workerId of people)
    for (const ref of await listProPaysOfWorker(table, scope, workerId))
      refs.set(`${ref.jobId} ${ref.milestoneId} ${ref.n}`, ref);
  const found = [...refs.values()];
  const items = await table.batchGet(
    scope,
    found.map((ref) => proPayKey(scope, ref)),
  );
  const active = found.filter((_, at) => {
    const item = items[at];
    return item && decodeProPay(item).status === 'Active';
  });
  return active.map(({ jobId, milestoneId }) => ({ jobId, milestoneId }));
}

/** The targets that have a verdict, optionally of one code and up to a date. */
export async function listVerdicts(table: Table, scope: TenantScope): Promise<readonly ProPayTarget[]> {
  const items = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'NOPP') });
  return items.flatMap(targetOfVerdict);
}
