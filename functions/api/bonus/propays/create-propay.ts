import * as z from 'zod/mini';
import { budgetByHand } from '#bonus/commands/budget-by-hand.ts';
import { asksForProperty, type BudgetChoice, eligibilityOf, newProPay, todayOf } from '#bonus/creation.ts';
import type { Eligibility } from '#bonus/eligibility.ts';
import { divisionOf } from '#bonus/inputs/division-of.ts';
import { placeOf, poolFor } from '#bonus/inputs/incentives.ts';
import { managerInForce } from '#bonus/inputs/people.ts';
import { withProPay } from '#bonus/shown.ts';
import { nextResult, workOutProPay } from '#bonus/work-out.ts';
import { refuse } from '#kernel/errors.ts';
import { proPayId } from '#model/ids.ts';
import { jobKey } from '#model/keys.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import { proPayReference } from '#model/propay-item.ts';
import type { ProPayState } from '#model/propay-state.ts';
import { markingReaders, NOBODY_MARKED } from '#pay/marking-readers.ts';
import { placeInGroup, writeMembership } from '#pay/membership.ts';
import { changedPhase } from '#store/phase-repository.ts';
import { readJobHeader, readJobLevelProPays, readProPayState, readPropertyNames } from '#store/propay-inputs.ts';
import {
  blocksAction,
  bonusBlockAction,
  createProPayActions,
  deleteVerdictAction,
  keyOfTarget,
  markWorkerActions,
  takeNumbers,
} from '#store/propay-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { idText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { type Desk, openDesk } from '../desk.ts';
import { groupMade, makerOf } from '../groups/audit.ts';
import { oversees, requireOversight, seesProPay } from '../sight.ts';
import { givenBudgetOf, givenBudgetSchema } from './edge-budget.ts';
import { withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';
import { viewFor } from './views.ts';

const body = z.strictObject({
  jobId: idText,
  milestoneIds: z.optional(z.array(idText).check(z.maxLength(1))),
  budget: z.optional(givenBudgetSchema),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
});
type Body = z.infer<typeof body>;

/** Makes a ProPay by hand from a mirrored job, or from one visit of a recurring job (B-16). */
export const createProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays',
  group: 'bonus',
  summary: 'Make a ProPay by hand',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { jobId: 'kQ3vAbCdEfGhIjKl', reason: 'the rule is not meant for this job' },
  idempotency: 'accepted',
  answer: { status: 201, description: 'The new ProPay', schema: proPaySchema },
  handler: (request) => withRetries(() => create(request)),
});

type CreateRequest = ApiRequest<'/v1/propays', Record<never, never>, Body>;

async function create(request: CreateRequest) {
  const { ports, scope, actor, command } = request;
  const { table } = ports;
  const desk = await openDesk(request);
  const state = await readTarget(request, desk);
  const given = request.body.budget === undefined ? null : givenBudgetOf(request.body.budget);
  const budget = budgetByHand(given, state, desk.context);
  const overridden = await requireEligible(request, desk, state, budget);
  const n = state.proPay === null ? 1 : state.proPay.n + 1;
  const number = await takeNumbers(table, scope, 'PP', 1);
  const made = newProPay(state, desk.context, {
    id: proPayId({ ...state.target, n }),
    reference: proPayReference(number),
    n,
    createdAt: ports.now(),
    createdBy: actor.id,
    listDate: todayOf(ports.now(), desk.context, state),
    ...budget,
  });
  const fresh = { ...state, proPay: null, result: null };
  const placed = await placeInGroup(table, scope, made, fresh, desk.context);
  const proPay = { ...placed.proPay, revision: made.revision };
  const readers = markingReaders(table, scope, ports.now(), proPay.id, NOBODY_MARKED);
  const worked = await workOutProPay(fresh, proPay, desk.context, readers);
  if (!seesProPay(request, desk, worked.result)) throw notFound();
  requireOversight(request, worked.result);
  const result = nextResult(null, worked.result, ports.now());
  for (const action of markWorkerActions(scope, result.people.workerIds, proPay.id)) await table.write(scope, [action]);
  const change = { before: null, placed: { ...placed, proPay }, worked, calcRev: result.calcRev };
  const group = await writeMembership(scope, change, makerOf(request));
  const { milestoneId } = state.target;
  const job = state.records.job!;
  const visit = state.records.milestones.find((one) => one.id === milestoneId);
  const { by, at, reason } = { by: actor.id, at: ports.now(), reason: request.body.reason ?? null };
  const included: OwnFacts = { ...job.own, excluded: null, included: { by, at, reason } };
  const done = await command.commit({
    actions: [
      ...createProPayActions(scope, proPay, result),
      ...group.actions,
      ...(state.verdict === null ? [] : [deleteVerdictAction(scope, state.target)]),
      ...(visit === undefined || milestoneId === null
        ? []
        : [bonusBlockAction(keyOfTarget(scope, state.target), visit.bonus, withProPay(visit.bonus, proPay))]),
      blocksAction(jobKey(scope, job.id), {
        bonus: { seen: job.bonus, next: withProPay(job.bonus, proPay) },
        ...(overridden ? { own: { seen: job.own, next: included } } : {}),
      }),
    ],
    staged: worked.phases.map(({ next }) => changedPhase(scope, next)),
    audit: [
      {
        action: 'propay.created',
        entity: 'propay',
        entityId: proPay.id,
        before: null,
        after: { reference: proPay.reference, jobId: proPay.jobId, milestoneId, status: proPay.status, groupId: proPay.groupId },
        reason,
      },
      ...groupMade(group.made),
    ],
    answer: {
      status: 201,
      body: viewFor(request, desk, { proPay, result, difference: null }),
      headers: { location: `/v1/propays/${proPay.id}` },
      revision: proPay.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** The state of the job or of the chosen visit; a recurring job needs one visit to be named, another job none. */
async function readTarget(request: CreateRequest, desk: Desk): Promise<ProPayState> {
  const { ports, scope, body: given } = request;
  const { table } = ports;
  const milestoneId = given.milestoneIds?.[0] ?? null;
  const job = await readJobHeader(table, scope, given.jobId);
  if (job === null || job.tombstone !== null) throw notFound();
  const state = await readProPayState(table, scope, { jobId: given.jobId, milestoneId }, () => desk.context.driveTimeInCost);
  if (!isOwnWork(request, desk, state)) throw notFound();
  if (job.fields.recurring !== (milestoneId !== null))
    refuse('invalid-body', {
      field: 'milestoneIds',
      detail: job.fields.recurring ? 'name one visit of this recurring job' : 'this job has one ProPay over all its milestones',
    });
  if (milestoneId === null) return state;
  if (!state.records.milestones.some((one) => one.id === milestoneId)) throw notFound();
  return { ...state, proPays: [...state.proPays, ...(await readJobLevelProPays(table, scope, given.jobId))] };
}

/** Whether the work is the caller's to look after, asked before anything is told of it: to others it is not there (M-145). */
function isOwnWork(request: CreateRequest, { context }: Desk, { records, target }: ProPayState): boolean {
  const { job } = records;
  if (job === null) return false;
  const divisionId = divisionOf(job.fields, context);
  const manager = managerInForce({ ...job, fields: { ...job.fields, divisionId } }, context);
  const people = { workerIds: [], managerIds: manager === null ? [] : [manager.workerId], crewLeadIds: [], otherIds: [] };
  return oversees(request, { place: { ...placeOf(records, target), divisionId }, people });
}

/**
 * The gates that bind a creation by hand (B-16): 1 to 5, 7, 8, 10 and 11 hold for everybody; the exclusion may be overridden by an admin
 * with a reason; the program's scope is not asked; a missing budget may be given along. True where an exclusion was overridden.
 */
async function requireEligible(
  { actor, body: given, ports, scope }: CreateRequest,
  { context }: Desk,
  state: ProPayState,
  budget: BudgetChoice,
): Promise<boolean> {
  const admin = actor.role === 'owner' || actor.role === 'admin';
  if (state.proPay !== null && !(state.proPay.status === 'Deleted' && admin))
    refuse('not-eligible', { data: { reason: state.proPay.status === 'Deleted' ? 'propay_deleted' : 'already_has_propay' } });
  const property = asksForProperty(context) ? await readPropertyNames(ports.table, scope, state.records.job) : null;
  const ask = (includedManually: boolean) =>
    eligibilityOf({ ...state, proPay: null }, context, property, { skipProgramScope: true, includedManually, budget });
  const plain = ask(false);
  const excluded = plain.outcome === 'does-not-apply' && EXCLUDED.has(plain.reason);
  const overridden = excluded && admin && given.reason !== undefined;
  const eligibility = overridden ? ask(true) : plain;
  if (eligibility.outcome !== 'applies')
    refuse('not-eligible', {
      data: { reason: reasonOf(eligibility) },
      ...(excluded && !overridden ? { detail: 'An admin may create it with a reason.' } : {}),
    });
  if (poolFor(context, placeOf(state.records, state.target)) === null)
    refuse('not-eligible', { data: { reason: 'no_pool' }, detail: 'Make a bonus pool first: every ProPay copies one.' });
  return overridden;
}

const EXCLUDED: ReadonlySet<string> = new Set(['excluded_by_rule', 'excluded_manually']);

function reasonOf(eligibility: Exclude<Eligibility, { outcome: 'applies' }>): string {
  if (eligibility.outcome === 'does-not-apply') return eligibility.reason;
  return eligibility.missing.includes('recurrence') ? 'recurrence_changed' : 'no_budget';
}
