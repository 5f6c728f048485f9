import * as z from 'zod/mini';
import { DEFAULT_ANCHOR } from '#bonus/goals/schedule.ts';
import { missingOf, warningsOf } from '#bonus/goals/template.ts';
import {
  CADENCES,
  GOAL_ROLES,
  type GoalMetric,
  type GoalSchedule,
  type GoalSetup,
  type GoalTemplate,
  type GoalTier,
  METRIC_UNITS,
  TEMPLATE_STATUSES,
} from '#model/pro-goal.ts';
import { centsOf, dateText, idText, instantText, moneyOf, moneyText } from '../edge.ts';
import { invalidField } from '../problem.ts';

const ids = (most: number) => z.array(idText).check(z.maxLength(most));

const scopeSchema = z.union([
  z.strictObject({ type: z.literal('tenant') }),
  z.strictObject({ type: z.literal('branch'), branchId: idText }),
  z.strictObject({ type: z.literal('division'), divisionId: idText }),
  z.strictObject({ type: z.literal('route'), routeId: idText }),
]);
export const periodSchema = z.strictObject({ startDate: dateText, endDate: dateText });
export const participantsSchema = z.union([
  z.strictObject({ type: z.literal('all') }),
  z.strictObject({ type: z.literal('roles'), roles: z.array(z.enum(GOAL_ROLES)).check(z.minLength(1)) }),
  z.strictObject({ type: z.literal('named'), workerIds: ids(500).check(z.minLength(1)) }),
]);
export const metricSchema = z.strictObject({
  source: z.enum(['manual', 'import', 'builtin']),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  unit: z.enum(METRIC_UNITS),
});
const tierSchema = z.strictObject({
  index: z.int(),
  type: z.enum(['between', 'gte', 'lte']),
  min: z.optional(z.nullable(z.int())),
  max: z.optional(z.nullable(z.int())),
  reward: moneyText,
});
const pool = {
  waitingDays: z.int(),
  retentionBp: z.int(),
  retentionDays: z.int(),
  warrantyBp: z.int(),
  warrantyDays: z.int(),
  statementAssignment: z.enum(['current', 'previous']),
};

/** What a goal and its template say alike. */
export const goalFields = {
  description: z.nullable(z.string().check(z.maxLength(1_000))),
  scope: scopeSchema,
  tiers: z.array(tierSchema).check(z.maxLength(50)),
  pool: z.strictObject(pool),
};
const setup = {
  ...goalFields,
  name: z.nullable(z.string().check(z.minLength(1), z.maxLength(100))),
  cadence: z.nullable(z.enum(CADENCES)),
  anchorDate: z.nullable(dateText),
  period: z.nullable(periodSchema),
  participants: z.nullable(participantsSchema),
  metric: z.nullable(metricSchema),
  managerId: z.nullable(idText),
  disqualifierIds: ids(50),
  penaltyIds: ids(50),
};

/** A template as somebody saves it: a Draft may still lack anything; what is left out stays as it is. */
export const templateBody = z.partial(z.strictObject({ ...setup, pool: z.partial(z.strictObject(pool)) }));
export type TemplateBody = z.infer<typeof templateBody>;

/** A template as the API serves it. `missing` is what it lacks to go live. */
export const templateSchema = z.strictObject({
  id: idText,
  status: z.enum(TEMPLATE_STATUSES),
  version: z.int(),
  ...setup,
  liveOn: z.nullable(dateText),
  missing: z.array(z.string()),
  warnings: z.array(z.strictObject({ code: z.literal('tier-gap'), from: z.int(), to: z.int() })),
  createdAt: instantText,
});

/** A template in the shape of the interface. */
export function templateView(template: GoalTemplate) {
  const { id, status, revision, name, description, scope, metric, managerId, pool, liveOn, createdAt, schedule } = template;
  const cadence = schedule?.type === 'cadence' ? schedule : null;
  return {
    id,
    status,
    version: revision,
    name,
    description,
    scope,
    cadence: cadence?.cadence ?? null,
    anchorDate: cadence?.anchorDate ?? null,
    period: schedule?.type === 'once' ? schedule.period : null,
    participants: template.participants,
    metric,
    tiers: template.tiers.map(tierView),
    managerId,
    pool,
    disqualifierIds: template.disqualifierIds,
    penaltyIds: template.penaltyIds,
    liveOn,
    missing: missingOf(template),
    warnings: warningsOf(template),
    createdAt,
  };
}

/** A tier with its reward as text. */
export function tierView(tier: GoalTier) {
  const { rewardCents, ...rest } = tier;
  return { ...rest, reward: moneyOf(rewardCents)! };
}

/** A setup with what somebody changed of it. Whether the parts fit together is asked of the whole. */
export function setupWith(before: GoalSetup, body: TemplateBody): GoalSetup {
  const { cadence: _cadence, anchorDate: _anchor, period: _period, metric, tiers, pool, ...said } = body;
  return {
    ...setupOf(before),
    ...given(said),
    ...(metric === undefined ? {} : { metric: metric as GoalMetric | null }),
    ...(tiers === undefined ? {} : { tiers: tiers.map(tierOf) }),
    pool: { ...before.pool, ...given(pool ?? {}) },
    schedule: scheduleWith(before.schedule, body),
  };
}

function setupOf(setup: GoalSetup): GoalSetup {
  const { name, description, scope, schedule, participants, metric, tiers, managerId, pool, disqualifierIds, penaltyIds } = setup;
  return { name, description, scope, schedule, participants, metric, tiers, managerId, pool, disqualifierIds, penaltyIds };
}

function tierOf({ index, type, min, max, reward }: z.infer<typeof tierSchema>, at: number): GoalTier {
  const bounds = { ...(min === undefined || min === null ? {} : { min }), ...(max === undefined || max === null ? {} : { max }) };
  return { index, type, ...bounds, rewardCents: centsOf(reward, `/tiers/${at}/reward`) } as GoalTier;
}

/** A cadence takes the place of a single period and the other way round; both at once is a mistake. */
function scheduleWith(before: GoalSchedule | null, { cadence, anchorDate, period }: TemplateBody): GoalSchedule | null {
  if (period !== undefined && period !== null) {
    if (cadence !== undefined && cadence !== null) throw invalidField('/period', 'stands in place of a cadence, not beside it');
    return { type: 'once', period };
  }
  const known = before?.type === 'cadence' ? before : null;
  const next = cadence === undefined ? (known?.cadence ?? null) : cadence;
  if (next !== null) return { type: 'cadence', cadence: next, anchorDate: anchorDate ?? known?.anchorDate ?? DEFAULT_ANCHOR };
  return period === null || before?.type !== 'once' ? null : before;
}

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
