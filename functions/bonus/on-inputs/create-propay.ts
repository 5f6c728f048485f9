import { asksForProperty, type CreationDecision, decideCreation, newProPay, todayOf } from '#bonus/creation.ts';
import { nextResult, workOutProPay } from '#bonus/work-out.ts';
import type { Verdict } from '#model/propay.ts';
import { firstProPayId, proPayReference } from '#model/propay-item.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { markingReaders, NOBODY_MARKED } from '#pay/marking-readers.ts';
import { placeInGroup, writeMembership } from '#pay/membership.ts';
import { auditAction } from '#store/ledger.ts';
import { readPropertyNames } from '#store/propay-inputs.ts';
import { createProPayActions, deleteVerdictAction, markWorkerActions, putVerdictAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';
import { groupMade, systemMaker } from './group-audit.ts';
import { markRecords } from './mark-records.ts';
import { writePhases } from './settle-phases.ts';

/**
 * Makes the ProPay of a target that has none, or keeps the verdict why there is none (M-128 to M-130). The key of the first ProPay of a
 * target is always the same, so two creations at once leave one. False when another writer was met.
 */
export async function createOrExplain(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
): Promise<boolean> {
  const property = asksForProperty(context) ? await readPropertyNames(session.ports.table, scope, state.records.job) : null;
  const decision = decideCreation(state, context, property, todayOf(session.ports.now(), context, state));
  if (decision === null) return dropVerdict(session, scope, state);
  return decision.create ? create(session, scope, state, context) : explain(session, scope, state, context, decision);
}

async function create(session: BonusSession, scope: TenantScope, state: ProPayState, context: TenantContext): Promise<boolean> {
  const { table, now } = session.ports;
  const number = await session.nextNumber(scope, 'PP');
  const fresh = newProPay(state, context, {
    id: firstProPayId(state.target),
    reference: proPayReference(number),
    n: 1,
    createdAt: now(),
    createdBy: 'system',
    listDate: todayOf(now(), context, state),
  });
  const placed = await placeInGroup(table, scope, fresh, state, context);
  const proPay = { ...placed.proPay, revision: fresh.revision };
  const worked = await workOutProPay(state, proPay, context, markingReaders(table, scope, now(), proPay.id, NOBODY_MARKED));
  const result = nextResult(null, worked.result, now());
  for (const action of markWorkerActions(scope, result.people.workerIds, proPay.id)) await table.write(scope, [action]);
  const { reference, jobId, milestoneId, groupId } = proPay;
  const change = { before: null, placed: { ...placed, proPay }, worked, calcRev: result.calcRev };
  const group = await writeMembership(scope, change, systemMaker(session, scope));
  const outcome = await table.write(scope, [
    ...createProPayActions(scope, proPay, result),
    ...group.actions,
    ...groupMade(session, scope, group.made),
    auditAction(
      scope,
      systemEntry(session, {
        action: 'propay.created',
        entity: 'propay',
        entityId: proPay.id,
        before: null,
        after: { reference, jobId, milestoneId, status: proPay.status, ...(groupId === null ? {} : { groupId }) },
        reason: null,
      }),
    ),
    ...(state.verdict === null ? [] : [deleteVerdictAction(scope, state.target)]),
  ]);
  if (!outcome.applied || !(await writePhases(session, scope, state, proPay, worked))) return false;
  return markRecords(session, scope, { ...state, proPay, proPays: [...state.proPays, proPay] });
}

async function explain(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  decision: Extract<CreationDecision, { create: false }>,
): Promise<boolean> {
  const { job, milestones } = state.records;
  const visit = milestones.find((one) => one.id === state.target.milestoneId);
  const verdict: Verdict = {
    ...state.target,
    code: decision.code,
    missing: decision.missing,
    rules: context.exclusionRules.filter(({ id }) => decision.ruleIds.includes(id)).map(({ id, revision }) => ({ id, revision })),
    branchId: job?.fields.branchId ?? null,
    date: visit?.fields.scheduledDate ?? job?.fields.startDate ?? null,
    evaluatedAt: session.ports.now(),
  };
  const same = state.verdict !== null && factsOf(state.verdict) === factsOf(verdict);
  if (!same) await session.ports.table.write(scope, [putVerdictAction(scope, verdict)]);
  return markRecords(session, scope, state, { verdict: verdict.code, excludedBy: excludedBy(verdict, context) });
}

/** The kind of reason that people who worked there are told (B-20). */
function excludedBy({ code, rules }: Verdict, { exclusionRules }: TenantContext): string | null {
  if (code === 'excluded_manually') return 'manual';
  return code === 'excluded_by_rule' ? (exclusionRules.find(({ id }) => id === rules[0]?.id)?.type ?? null) : null;
}

const factsOf = ({ evaluatedAt: _at, ...facts }: Verdict): string =>
  JSON.stringify([facts.code, facts.missing, facts.rules, facts.branchId, facts.date]);

/** The target is none any more (the job's kind changed, or it is not mirrored): its verdict goes. */
async function dropVerdict(session: BonusSession, scope: TenantScope, state: ProPayState): Promise<boolean> {
  if (state.verdict !== null) await session.ports.table.write(scope, [deleteVerdictAction(scope, state.target)]);
  return markRecords(session, scope, state);
}
