import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import {
  BUILTIN_METRICS,
  type BuiltinMetric,
  type GoalMetric,
  type GoalPool,
  type GoalSchedule,
  type GoalSetup,
  type GoalTemplate,
  type GoalTerms,
  type MetricUnit,
} from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { assertHoldback } from '../line-items.ts';
import { assertTiers, type TierGap, tierGaps } from '../rules/goal-tiers.ts';
import { assertSchedule } from './schedule.ts';

/** Pool options of a template that names none (B-162). */
export const NO_HOLDBACK: GoalPool = {
  waitingDays: 0,
  retentionBp: 0,
  retentionDays: 0,
  warrantyBp: 0,
  warrantyDays: 0,
  statementAssignment: 'current',
};

/** A template that says nothing yet. */
export const EMPTY_SETUP: GoalSetup = {
  name: null,
  description: null,
  scope: { type: 'tenant' },
  schedule: null,
  participants: null,
  metric: null,
  tiers: [],
  managerId: null,
  pool: NO_HOLDBACK,
  disqualifierIds: [],
  penaltyIds: [],
};

/** In what each built-in figure counts (B-163). */
export const BUILTIN_UNITS: Readonly<Record<BuiltinMetric, MetricUnit>> = {
  hours_gained: 'seconds',
  insights_efficiency: 'bp',
  callback_count: 'count',
  propays_completed: 'count',
  on_budget_rate: 'bp',
};

/** A complete setup: what a Live template has. */
export type CompleteSetup = GoalSetup & {
  readonly name: string;
  readonly schedule: GoalSchedule;
  readonly participants: NonNullable<GoalSetup['participants']>;
  readonly metric: GoalMetric;
  readonly managerId: string;
};

/**
 * Checks what a template says, whatever it still lacks (B-161, B-163, B-164): refuses `invalid-tier`, `tier-order`, `invalid-calendar`,
 * `holdback-over-100`, `days-before-waiting`, and `invalid-body` for a built-in figure that does not exist or counts in another unit.
 */
export function assertSetup({ schedule, metric, tiers, pool }: GoalSetup): void {
  if (schedule !== null) assertSchedule(schedule);
  if (metric?.source === 'builtin') assertBuiltin(metric);
  assertTiers(tiers, 'tiers');
  assertHoldback(pool, 'pool');
}

function assertBuiltin({ name, unit }: GoalMetric): void {
  const known = BUILTIN_METRICS.find((one) => one === name);
  if (known === undefined)
    refuse('invalid-body', { field: 'metric.name', detail: `must be one of ${BUILTIN_METRICS.join(', ')}` });
  if (unit !== BUILTIN_UNITS[known])
    refuse('invalid-body', { field: 'metric.unit', detail: `${known} counts in ${BUILTIN_UNITS[known]}` });
}

/** What a setup lacks to go live (B-161), in the order of the form's steps. */
export function missingOf(setup: GoalSetup): readonly string[] {
  const { name, schedule, participants, metric, tiers, managerId } = setup;
  const lacking: readonly (readonly [string, boolean])[] = [
    ['name', name === null],
    ['period', schedule === null],
    ['participants', participants === null],
    ['metric', metric === null],
    ['tiers', tiers.length === 0],
    ['managerId', managerId === null],
  ];
  return lacking.filter(([, missing]) => missing).map(([field]) => field);
}

/** A setup that lacks nothing; refuses `template-incomplete` naming everything that is missing. */
export function requireComplete<T extends GoalSetup>(setup: T): asserts setup is T & CompleteSetup {
  const missing = missingOf(setup);
  const [first] = missing;
  if (first !== undefined)
    refuse('template-incomplete', { field: first, detail: `missing: ${missing.join(', ')}`, data: { missing } });
}

/** What saving warns of: values between the tiers that none of them reaches (B-164). */
export function warningsOf({ tiers }: Pick<GoalSetup, 'tiers'>): readonly ({ readonly code: 'tier-gap' } & TierGap)[] {
  return tierGaps(tiers).map((gap) => ({ code: 'tier-gap', ...gap }));
}

/** A template with other contents; a Live one has to stay complete, an archived one stays as it is (`wrong-state`). */
export function changedTemplate(template: GoalTemplate, setup: GoalSetup): GoalTemplate {
  if (template.status === 'Archived') refuse('wrong-state', { data: { status: template.status } });
  assertSetup(setup);
  if (template.status === 'Live') requireComplete(setup);
  return { ...template, ...setup, revision: template.revision + 1 };
}

/** A Draft goes live (B-161). */
export function approvedTemplate(template: GoalTemplate, todayDate: LocalDate): GoalTemplate {
  requireStatus(template, 'Draft');
  assertSetup(template);
  requireComplete(template);
  return { ...template, status: 'Live', liveOn: todayDate, revision: template.revision + 1 };
}

/** A Live template is archived: it begins nothing any more, and what runs stays (B-161). */
export function archivedTemplate(template: GoalTemplate): GoalTemplate {
  requireStatus(template, 'Live');
  return { ...template, status: 'Archived', revision: template.revision + 1 };
}

/** Refuses `wrong-state` unless the template has the status. */
export function requireStatus(template: GoalTemplate, status: GoalTemplate['status']): void {
  if (template.status !== status) refuse('wrong-state', { data: { status: template.status } });
}

/**
 * Refuses `template-incomplete` where a definition that the template names is gone: a goal would silently ask for less than agreed.
 * Definitions that templates name are not deleted, so that only somebody who deletes at the same moment meets this.
 */
export function requireDefinitions(
  { disqualifierIds, penaltyIds }: Pick<GoalSetup, 'disqualifierIds' | 'penaltyIds'>,
  { disqualifiers, penalties }: Pick<TenantContext, 'disqualifiers' | 'penalties'>,
): void {
  const gone = (ids: readonly string[], known: readonly { readonly id: string }[]) =>
    ids.filter((id) => !known.some((one) => one.id === id));
  const missing = [
    ...gone(disqualifierIds, disqualifiers).map((id) => `disqualifier:${id}`),
    ...gone(penaltyIds, penalties).map((id) => `penalty:${id}`),
  ];
  if (missing.length > 0)
    refuse('template-incomplete', { field: 'disqualifierIds', detail: `missing: ${missing.join(', ')}`, data: { missing } });
}

/** What a goal that begins now runs by: the template's words, and the definitions it names as they are now. */
export function termsOf(setup: GoalSetup, context: Pick<TenantContext, 'disqualifiers' | 'penalties'>): GoalTerms {
  requireComplete(setup);
  const { name, description, scope, participants, metric, tiers, managerId, pool } = setup;
  return {
    name,
    description,
    scope,
    participants,
    metric,
    tiers,
    managerId,
    pool,
    disqualifiers: context.disqualifiers.filter(({ id }) => setup.disqualifierIds.includes(id)),
    penalties: context.penalties.filter(({ id }) => setup.penaltyIds.includes(id)),
  };
}
