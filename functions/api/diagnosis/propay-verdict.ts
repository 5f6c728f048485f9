import { asksForProperty, decideCreation, excludableOf, type PropertyNames, todayOf } from '#bonus/creation.ts';
import { originalOf } from '#bonus/inputs/callback-of.ts';
import { type ExclusionRule, matchedText } from '#bonus/rules/exclusion-rules.ts';
import { type Diagnosis, describe, type SupplierEvidence } from '#mirror/diagnose.ts';
import { isVerdictCode, type VerdictCode } from '#mirror/diagnose-texts.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState, ProPayTarget } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { readJobLevelProPays, readProPayState, readPropertyNames } from '#store/propay-inputs.ts';
import type { Gathering } from './gather.ts';

/**
 * Why a mirrored job or milestone has no ProPay (V-19 to V-28), or which one it has (V-20, V-21): decided now, by the gates that also
 * decide creation, not read from what they said some time ago.
 */
export async function proPayVerdict(
  gathering: Gathering,
  record: MirrorRecord,
  context: TenantContext,
  supplier: SupplierEvidence,
): Promise<Diagnosis> {
  const target = targetOf(record);
  const { table, scope } = gathering;
  const read = await readProPayState(table, scope, target, () => false);
  // Of a job that was one-off before, the ProPay is the job's: it keeps the visit's back.
  const ofJob = target.milestoneId === null ? [] : await readJobLevelProPays(table, scope, target.jobId);
  const state = { ...read, proPays: [...read.proPays, ...ofJob] };
  const make = (code: VerdictCode, evidence: Readonly<Record<string, unknown>>): Diagnosis => ({
    ...describe(code, supplier.source),
    evidence: { connectionId: supplier.connectionId, ...evidence },
    supplier,
    record,
  });
  const job = state.records.job;
  const names = asksForProperty(context) ? await readPropertyNames(table, scope, job) : null;
  const decision = decideCreation(state, context, names, todayOf(gathering.now, context, state));
  // V-19 stands before the ProPay that there is or was: what the source says of the work comes first.
  if (decision !== null && !decision.create && SOURCE_CODES.has(decision.code))
    return make(decision.code as VerdictCode, sourceEvidence(state));
  if (state.proPay !== null) return make(codeOf(state.proPay), proPayEvidence(state.proPay));
  // A milestone of a one-off job has no ProPay of its own: the job's counts.
  if (target.milestoneId !== null && job !== null && !job.fields.recurring)
    return proPayVerdict(gathering, job, context, supplier);
  // A recurring job has its ProPays on its milestones; so has every target that could have one this very moment.
  if (decision === null || decision.create) return make('awaiting_generation', { recurring: job?.fields.recurring ?? null });
  const code = isVerdictCode(decision.code) ? decision.code : 'awaiting_generation';
  return make(code, {
    rule: decision.ruleIds[0] ?? null,
    ruleIds: decision.ruleIds,
    missing: decision.missing,
    ...gateEvidence(code, context, job),
    ...ruleEvidence(decision.ruleIds[0], context, state, names),
  });
}

/** Codes of V-19. */
const SOURCE_CODES: ReadonlySet<string> = new Set(['job_canceled', 'source_ignored', 'out_of_scope_now']);

/** What the source says of the work, and the run that brought it. */
function sourceEvidence({ records, target }: ProPayState): Readonly<Record<string, unknown>> {
  const visit = records.milestones.find(({ id }) => id === target.milestoneId) ?? null;
  const known = [visit, records.job].filter((record) => record !== null);
  const told = known.find(
    ({ fields, sourceIgnored, outOfScope }) => sourceIgnored || outOfScope !== null || fields.status === 'canceled',
  );
  const record = told ?? known[0];
  if (record === undefined) return {};
  const { fields, sourceStatus, outOfScope, sourceIgnored, lastChangedRunId, lastChangedAt } = record;
  return { status: fields.status, value: sourceStatus, outOfScope, sourceIgnored, runId: lastChangedRunId, at: lastChangedAt };
}

function targetOf(record: MirrorRecord): ProPayTarget {
  return record.entity === 'milestone'
    ? { jobId: (record as MirrorRecord<'milestone'>).fields.jobId, milestoneId: record.id }
    : { jobId: record.id, milestoneId: null };
}

function codeOf({ status }: ProPay): VerdictCode {
  if (status === 'Canceled') return 'propay_canceled';
  return status === 'Deleted' ? 'propay_deleted' : 'already_has_propay';
}

function proPayEvidence(proPay: ProPay): Readonly<Record<string, unknown>> {
  const { id, reference, status, createdAt, canceledReason } = proPay;
  return { proPayId: id, reference, status, at: createdAt, reason: canceledReason };
}

/** The first rule that excludes the work, with what it asks for and the value that it met (V-24). */
function ruleEvidence(
  ruleId: string | undefined,
  context: TenantContext,
  { records, target }: ProPayState,
  names: PropertyNames | null,
): Readonly<Record<string, unknown>> {
  const rule = context.exclusionRules.find(({ id }) => id === ruleId);
  if (rule === undefined || records.job === null) return {};
  const visit = records.milestones.find((one) => one.id === target.milestoneId) ?? null;
  const { id: _id, ...condition } = rule;
  return { ...condition, matchedValue: matchedText(excludableOf(records.job, visit, names), rule as ExclusionRule) };
}

/** The setting that a gate looked at. */
function gateEvidence(
  code: VerdictCode,
  context: TenantContext,
  job: MirrorRecord<'job'> | null,
): Readonly<Record<string, unknown>> {
  if (code === 'before_launch_date' && context.launch.mode === 'date') return { launchDate: context.launch.date };
  if (code === 'excluded_manually') return { ...job?.own.excluded };
  if (code === 'callback') return { originalJobId: job === null ? null : originalOf(job) };
  if (code === 'no_budget') return { budgetType: context.budgetType };
  if (code === 'awaiting_generation') return { horizonDays: context.horizonDays };
  return {};
}
