import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { PROPAY_DEFAULTS, type ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { outOfScopeOf, type SuppliedTypes } from '#model/supplied-types.ts';
import { copyDefinitions } from './definitions.ts';
import {
  checkEligibility,
  type Eligibility,
  type EligibilityJob,
  type GateOptions,
  type IneligibleReason,
} from './eligibility.ts';
import { sourceBudget } from './inputs/budget-source.ts';
import { originalOf, recognisedBy, type WorkBegun } from './inputs/callback-of.ts';
import { located } from './inputs/division-of.ts';
import { type IncentiveInForce, incentiveOf, isInProgram, placeOf, poolFor } from './inputs/incentives.ts';
import { isLive } from './inputs/live.ts';
import { isOverhead } from './inputs/overhead.ts';
import { phaseModeFor } from './phased/phase-set.ts';
import type { ExcludableJob, ExclusionRule } from './rules/exclusion-rules.ts';
import { workDateOf } from './rules/launch.ts';
import { defineRule } from './rules/rule.ts';

/** M-128, M-129: when the system makes a ProPay. */
export const creationRule = defineRule('M-128', 1, 'Creation of ProPays');

/** Source id and number of a job's property: what rules of the type `property` compare with (B-17). */
export interface PropertyNames {
  readonly sourceId: string;
  readonly number: string | null;
}

/** Whether the system makes a ProPay now, or the code why it does not (V-19 to V-28). */
export type CreationDecision =
  | { readonly create: true }
  | { readonly create: false; readonly code: string; readonly missing: readonly string[]; readonly ruleIds: readonly string[] };

/** The zone of a job: of its branch, else the tenant's (B-8). */
export function zoneOf(context: Pick<TenantContext, 'branches' | 'zone'>, branchId: string | null): string {
  return (branchId === null ? null : context.branches[branchId]?.zone) ?? context.zone;
}

/** Today in the zone of a target's job (B-8). */
export function todayOf(now: Instant, context: Pick<TenantContext, 'branches' | 'zone'>, state: ProPayState): LocalDate {
  return localDateOf(now, zoneOf(context, state.records.job?.fields.branchId ?? null));
}

/** True when an exclusion rule asks about properties: only then the property's record has to be read. */
export function asksForProperty(context: Pick<TenantContext, 'exclusionRules'>): boolean {
  return context.exclusionRules.some((rule) => rule.type === 'property');
}

/**
 * Whether the system makes a ProPay for a target now (B-12, M-127 to M-131): the gates in their order, then the horizon of a visit and
 * the tenant's switch. Null where the target is not one: the job is not mirrored, or it is the wrong kind of target for the job.
 */
export function decideCreation(
  given: ProPayState,
  context: TenantContext,
  property: PropertyNames | null,
  todayDate: LocalDate,
): CreationDecision | null {
  const state = located(given, context);
  const { job, visit } = subjectOf(state);
  if (job === null || job.fields.recurring !== (state.target.milestoneId !== null)) return null;
  if (state.linked?.heldBy) return no('already_has_propay');
  const eligibility = eligibilityOf(state, context, property);
  if (eligibility.outcome === 'does-not-apply')
    return no(codeOf(eligibility.reason, [job, visit], context), [], eligibility.matchedRuleIds ?? []);
  if (eligibility.outcome === 'cannot-tell')
    return no(eligibility.missing.includes('recurrence') ? 'recurrence_changed' : 'no_budget', eligibility.missing);
  if (poolFor(context, placeOf(state.records, state.target)) === null) return no('awaiting_generation', ['pool']);
  if (!context.autoCreate) return no('auto_create_off');
  if (visit !== null && !isDue(state, visit, addDays(todayDate, context.horizonDays))) return no('awaiting_generation');
  return { create: true };
}

function no(code: string, missing: readonly string[] = [], ruleIds: readonly string[] = []): CreationDecision {
  return { create: false, code, missing, ruleIds };
}

/** The parts of a ProPay that say what its budget is, beside the source. */
export type BudgetChoice = Pick<ProPay, 'budgetType' | 'ownBudget' | 'adjustment' | 'replacedBudget'>;

/** What a creation by hand says for itself (B-16): a job taken in although a rule excludes it, a budget of its own. */
export interface HandOptions extends GateOptions {
  readonly includedManually?: boolean;
  readonly budget?: BudgetChoice;
}

/** The gates of B-12 for a target. By hand, fewer gates bind (B-16). */
export function eligibilityOf(
  read: ProPayState,
  context: TenantContext,
  property: PropertyNames | null,
  options: HandOptions = {},
): Eligibility {
  const state = located(read, context);
  const { job, visit } = subjectOf(state);
  if (job === null) return { outcome: 'does-not-apply', reason: 'job_canceled' };
  const { laborShare, modification, ...incentive } = incentiveHere(state, context);
  const given = options.budget;
  const own = given === undefined ? null : { ...given, ...NOT_MADE_YET };
  const type = given?.budgetType ?? incentive.budgetType;
  const records = visit === null && phaseModeFor(job, context.phases) !== 'off' ? budgetedParts(state.records) : state.records;
  const { budget } = sourceBudget(type, records, state.target, { own, laborShare });
  return checkEligibility(
    {
      job: {
        ...eligibilityJob(state, job, visit, context, property),
        ...(options.includedManually ? { includedManually: true } : {}),
      },
      launch:
        context.launch.mode === 'not_set'
          ? context.launch
          : { ...context.launch, includeInProgressAtLaunch: context.includeInProgressAtLaunch },
      rules: context.exclusionRules as readonly ExclusionRule[],
      hasProPay:
        Boolean(state.linked?.heldBy) ||
        (state.proPay !== null && (state.proPay.status !== 'Deleted' || !options.includedManually)),
      budget,
      settingModification: modification,
      adjustment: given?.adjustment ?? null,
    },
    options,
  );
}

/** The milestones that have a budget: a phase without one waits for it, and keeps nothing else waiting (B-112). */
function budgetedParts(records: ProPayState['records']): ProPayState['records'] {
  const budgeted = new Set(records.budgets.filter(isLive).map(({ fields }) => fields.milestoneId));
  const hasBudget = ({ id, own }: MirrorRecord<'milestone'>): boolean => budgeted.has(id) || own.overrides.budget !== null;
  return { ...records, milestones: records.milestones.filter(hasBudget) };
}

/** The name of a ProPay whose gates are asked before it has one. */
const NOT_MADE_YET = { id: 'new', revision: 1 };

function subjectOf(state: ProPayState) {
  const { records, target } = state;
  const visit = target.milestoneId === null ? null : (records.milestones.find((one) => one.id === target.milestoneId) ?? null);
  const job = target.milestoneId !== null && visit === null ? null : records.job;
  return { job, visit };
}

function eligibilityJob(
  state: ProPayState,
  job: MirrorRecord<'job'>,
  visit: MirrorRecord<'milestone'> | null,
  context: TenantContext,
  property: PropertyNames | null,
): EligibilityJob {
  const { fields } = job;
  const zone = zoneOf(context, fields.branchId);
  const completedAt = visit === null ? fields.completedAt : visit.fields.completedAt;
  const begun = workBegun(state, context);
  return {
    canceled: [job, ...(visit === null ? [] : [visit])].some((one) => isCanceled(one) || outOfScopeOf(one, context) !== null),
    recurring: otherKindExists(state) ? null : fields.recurring,
    overhead: isOverhead(context, job, visit),
    callbackOf: recognisedBy(state, context, begun) === null ? null : (originalOf(job) ?? 'unknown'),
    workDate: begun.workDate,
    completedDate: completedAt === null ? null : localDateOf(completedAt, zone),
    excludedManually: job.own.excluded !== null,
    includedManually: job.own.included !== null,
    inProgram: isInProgram(context, placeOf(state.records, state.target)),
    ...excludableOf(job, visit, property),
  };
}

/** A job, or a visit of it, as exclusion rules look at it (B-17). */
export function excludableOf(
  { fields }: Pick<MirrorRecord<'job'>, 'fields'>,
  visit: Pick<MirrorRecord<'milestone'>, 'fields'> | null,
  property: PropertyNames | null,
): ExcludableJob {
  return {
    serviceType: fields.serviceType,
    invoiceType: fields.invoiceType,
    milestone: visit === null ? null : { serviceType: visit.fields.serviceType, invoiceType: visit.fields.invoiceType },
    name: fields.name,
    propertyId: property?.sourceId ?? null,
    propertyNumber: property?.number ?? null,
    customFields: fields.customFields,
  };
}

/** When the work of a target began or is to begin (B-13), in the zone of its job. */
export function workBegun(state: ProPayState, context: Pick<TenantContext, 'branches' | 'zone'>): WorkBegun {
  const { job, visit } = subjectOf(state);
  const workDate = workDateOf(firstEntryDate(state), visit?.fields.scheduledDate ?? null, job?.fields.startDate ?? null);
  return { workDate, zone: zoneOf(context, job?.fields.branchId ?? null) };
}

/** Canceled, gone, merged, ignored or out of scope at the source (gate 1). */
export function isCanceled(record: MirrorRecord<'job'> | MirrorRecord<'milestone'>): boolean {
  return !isLive(record) || record.fields.status === 'canceled';
}

/**
 * M-138: the job or visit was canceled or deleted at the source, or the same work has its ProPay under a linked job. One that only
 * left the scope keeps its ProPay.
 */
export function isGoneAtSource(state: ProPayState): boolean {
  if (state.linked?.heldBy) return true;
  const { job, milestones } = state.records;
  const visit = milestones.find((one) => one.id === state.target.milestoneId);
  return [job, visit ?? null].some(
    (record) =>
      record !== null && isCanceled(record) && record.outOfScope === null && !record.sourceIgnored && record.aliasOf === null,
  );
}

/** a ProPay of the other kind exists, so the recurrence flag has flipped; a manager keeps it, or cancels it to make the new kind. */
function otherKindExists(state: ProPayState): boolean {
  const forVisit = state.target.milestoneId !== null;
  return state.proPays.some((proPay) => (proPay.milestoneId !== null) !== forVisit && !GIVEN_UP.has(proPay.status));
}

const GIVEN_UP: ReadonlySet<string> = new Set(['Canceled', 'Deleted']);

/** The day of the first time on a target, of whatever kind; null without any. */
export function firstEntryDate(state: ProPayState): LocalDate | null {
  const dates = state.records.entries
    .filter((entry) => isLive(entry) && entry.fields.attribution === 'job')
    .map((entry) => entry.fields.workDate);
  return dates.sort()[0] ?? null;
}

/** M-129: a visit gets its ProPay when it has time, is finished, or is scheduled up to the horizon. */
function isDue(state: ProPayState, visit: MirrorRecord<'milestone'>, horizonDate: LocalDate): boolean {
  const { status, scheduledDate } = visit.fields;
  return status === 'completed' || firstEntryDate(state) !== null || (scheduledDate !== null && scheduledDate <= horizonDate);
}

function codeOf(
  reason: IneligibleReason,
  records: readonly (MirrorRecord<'job'> | MirrorRecord<'milestone'> | null)[],
  context: SuppliedTypes,
): string {
  if (reason !== 'job_canceled') return reason;
  const known = records.filter((record) => record !== null);
  if (known.some((record) => record.sourceIgnored)) return 'source_ignored';
  return known.some((record) => outOfScopeOf(record, context) !== null) ? 'out_of_scope_now' : reason;
}

/** The incentive settings in force where a target's work is (B-21). */
export function incentiveHere(state: ProPayState, context: TenantContext): IncentiveInForce {
  const { records, target } = located(state, context);
  return incentiveOf(context, placeOf(records, target));
}

/** A new ProPay as creation makes it (B-16): pool, definitions, phases and incentive settings copied (B-21, B-55, B-81, B-110), all else as the source says. */
export function newProPay(
  read: ProPayState,
  context: TenantContext,
  made: Pick<ProPay, 'id' | 'reference' | 'n' | 'createdAt' | 'createdBy' | 'listDate'> & Partial<BudgetChoice>,
): ProPay {
  const state = located(read, context);
  const { job, visit } = subjectOf(state);
  const pool = poolFor(context, placeOf(state.records, state.target));
  const incentive = incentiveHere(state, context);
  const phaseMode = job === null || visit !== null ? 'off' : phaseModeFor(job, context.phases);
  if (job === null || pool === null) throw new Error('a ProPay is made from a mirrored job and a pool');
  return {
    ...PROPAY_DEFAULTS,
    id: made.id,
    reference: made.reference,
    status: 'Active',
    jobId: state.target.jobId,
    milestoneId: state.target.milestoneId,
    n: made.n,
    title: visit === null ? job.fields.name : `${job.fields.name}: ${visit.fields.name}`,
    notes: null,
    budgetType: made.budgetType ?? incentive.budgetType,
    ownBudget: made.ownBudget ?? null,
    settingModification: incentive.modification,
    adjustment: made.adjustment ?? { type: 'none' },
    replacedBudget: made.replacedBudget ?? null,
    pool,
    manualPool: null,
    distribution: pool.distribution,
    ...(phaseMode === 'off' ? copyDefinitions(context) : {}),
    phaseMode,
    phaseRules: phaseMode === 'off' ? [] : context.phases.rules,
    excludedWorkerIds: [],
    crewLeadIds: null,
    otherIds: null,
    driveTimeInCost: null,
    wageBasis: 'at_start',
    leadPayCents: 0,
    revision: 1,
    approvals: 0,
    approval: null,
    createdAt: made.createdAt,
    createdBy: made.createdBy,
    canceledReason: null,
    branchId: job.fields.branchId,
    listDate: made.listDate,
  };
}
