import { laterDrafts } from '#bonus/commands/later-items.ts';
import { type DifferenceDecision, decideDifference, nextDifference, saysSame } from '#bonus/commands/source-change.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readSources, type SourceReading } from '#bonus/source-reading.ts';
import { traceChange } from '#bonus/trace-source-change.ts';
import { refuse } from '#kernel/errors.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { ApprovalSummary, ProPay } from '#model/propay.ts';
import { type MadeItems, makeItems } from '#pay/make-items.ts';
import { differenceDecisionAction, putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { newLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { readApprovalSnapshot, writeSnapshot } from '#store/snapshot-store.ts';
import { todayIn } from '../../bonus/desk.ts';
import { lineItemView } from '../../bonus/pay/views.ts';
import { type LoadedInputs, loadToChange, withRetries } from '../../bonus/propays/load.ts';
import { writeChange } from '../../bonus/propays/write-change.ts';
import { sightOf } from '../../bonus/sight.ts';
import { ApiProblem } from '../../problem.ts';
import { type ApiAnswer, defineRoute } from '../../route.ts';
import { decidedSchema, sourceChangesView } from './shapes.ts';
import { type DecideRequest, type VerdictBody, verdictRoute } from './verdict.ts';

const answer = { status: 200, description: 'The decided difference and the items it made', schema: decidedSchema };

/** Accepts a difference, all of it or some people's: it becomes adjusting line items and the baseline of later differences (B-97). */
export const acceptSourceChanges = defineRoute({
  ...verdictRoute,
  group: 'changes',
  answer,
  path: '/v1/propays/{id}/source-changes/accept',
  summary: 'Accept what the sources say now, as adjusting line items',
  idempotency: 'required',
  handler: (request) => decide(request, request.params.id, 'accept', request.body),
});

/** Dismisses a difference: no money moves, and only a further change opens a new one (B-96). */
export const dismissSourceChanges = defineRoute({
  ...verdictRoute,
  group: 'changes',
  answer,
  path: '/v1/propays/{id}/source-changes/dismiss',
  summary: 'Dismiss what the sources say now',
  idempotency: 'accepted',
  handler: (request) => decide(request, request.params.id, 'dismiss', request.body),
});

/** An approved ProPay with its sources as they are at this moment. */
interface Measured {
  readonly loaded: LoadedInputs;
  readonly approval: ApprovalSummary;
  readonly snapshot: ApprovalSnapshot;
  readonly reading: SourceReading;
  readonly difference: SourceDifference;
}

/** Reads everything anew, so that what is decided is what the sources say now, and decides it if it is what the caller saw. */
function decide(request: DecideRequest, id: string, verdict: 'accept' | 'dismiss', given: VerdictBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { ports, scope } = request;
    const measured = await measure(request, id);
    if (measured === null) return null;
    const { approval, difference, loaded } = measured;
    if (difference.state === 'Open' && difference.inputsVersion !== given.inputsVersion)
      throw new ApiProblem('inputs-changed', {
        detail: 'The sources have changed since you saw the difference.',
        data: { ...viewOf(request, loaded, difference) },
      });
    const items = await readItemsOfApproval(ports.table, scope, approval.lineItemIds);
    const allowed = deductionsAllowed(loaded.desk.context, loaded.result.place.branchId);
    const decision = decideDifference(difference, { verdict, workerIds: given.workerIds ?? null }, items, allowed);
    return write(request, measured, decision, verdict, given.reason);
  });
}

async function measure(request: DecideRequest, id: string): Promise<Measured | null> {
  const { table } = request.ports;
  const { scope } = request;
  // Before the sources, so that an older reading of them never stands over a newer one.
  const known = await readDifference(table, scope, id);
  const loaded = await loadToChange(request, id);
  const { proPay, result, state, desk } = loaded;
  const { approval } = proPay;
  if (approval === null) return refuse('wrong-state', { data: { status: proPay.status } });
  if (proPay.groupId !== null) return refuse('member-of-group', { data: { groupId: proPay.groupId } });
  const snapshot = (await readApprovalSnapshot(table, scope, id, approval.n)) as ApprovalSnapshot;
  const reading = await readSources(
    { ...state, result },
    { proPay, snapshot },
    desk.context,
    inputReaders(table, scope, request.ports.now()),
  );
  const of = { proPayId: id, approval: approval.n, branchId: result.place.branchId, seenAt: request.ports.now() };
  const difference = nextDifference(known, reading, of);
  if (difference === null) return refuse('wrong-state', { detail: 'The sources say what was approved.' });
  // What the stream has not brought yet is kept at once: who is refused finds the present figures.
  if (known !== null && saysSame(known, difference)) return { loaded, approval, snapshot, reading, difference: known };
  const outcome = await table.write(scope, [putDifferenceAction(scope, difference)]);
  if (!outcome.applied) return null;
  return { loaded, approval, snapshot, reading, difference: { ...difference, revision: difference.revision + 1 } };
}

function viewOf(request: DecideRequest, { desk, proPay, result }: LoadedInputs, difference: SourceDifference) {
  const viewer = { ...sightOf(request, desk), workerId: request.actor.workerId };
  const approved = { inputsVersion: result.inputsVersion, currency: desk.context.currency };
  return { propayId: proPay.id, ...sourceChangesView(approved, difference, viewer) };
}

async function write(
  request: DecideRequest,
  measured: Measured,
  decision: DifferenceDecision,
  verdict: 'accept' | 'dismiss',
  reason: string,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor } = request;
  const { loaded, approval, difference } = measured;
  const { desk, proPay } = loaded;
  const made = await itemsOf(request, measured, decision, reason);
  const lineItemIds = made.items.map(({ item }) => item.id);
  const snapshot = lineItemIds.length === 0 ? null : await explainedBy(request, measured, decision);
  const next: ProPay = {
    ...proPay,
    approval: { ...approval, lineItemIds: [...approval.lineItemIds, ...lineItemIds] },
    revision: proPay.revision + 1,
  };
  const view = viewOf(request, loaded, decision.next);
  const { deltaSeconds, deltaCents, state, inputsVersion, records, runId } = difference;
  return writeChange(request, loaded, {
    next,
    worked: null,
    action: verdict === 'accept' ? 'propay.source_change_accepted' : 'propay.source_change_dismissed',
    reason,
    before: { state, inputsVersion, deltaSeconds, deltaCents },
    after: { state: decision.next.state, decided: decision.decided, adjustments: decision.adjustments },
    extra: [
      putDifferenceAction(scope, decision.next),
      differenceDecisionAction(scope, {
        ...{ proPayId: proPay.id, approval: approval.n, n: difference.revision, verdict, byWorker: decision.decided },
        ...{ records, runId, lineItemIds, reason, by: actor.id, at: ports.now(), snapshot },
      }),
    ],
    staged: made.items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    answer: {
      body: {
        ...view,
        lineItems: made.items.map(({ item }) => lineItemView(item, desk, made.heads.get(item.workerId) ?? null)),
      },
    },
  });
}

/** The adjusting items, each on its worker's next open statement. */
async function itemsOf(
  request: DecideRequest,
  { loaded, approval, difference, reading }: Measured,
  { adjustments }: DifferenceDecision,
  reason: string,
): Promise<MadeItems> {
  const { ports, scope } = request;
  const { desk, proPay, result } = loaded;
  const { branchId } = result.place;
  const { time } = reading.worked.assembled;
  const made = await makeItems(ports.table, scope, desk.context, {
    drafts: laterDrafts(adjustments, 'adjustment', todayIn(desk, branchId)),
    origin: {
      source: { kind: 'adjustment', proPayId: proPay.id, approval: approval.n },
      subjectId: `${proPay.id} change ${difference.revision}`,
      approval: approval.n,
      terms: proPay.pool,
      branchId,
      workFrom: time.startDate,
      workTo: time.lastDate,
    },
    earnedBy: { entries: time.entries, formula: proPay.distribution.formula },
  });
  return { ...made, items: made.items.map(({ item, freeOn }) => ({ item: { ...item, description: reason }, freeOn })) };
}

/** Keeps what the items were made of, for the explanation (B-5). */
function explainedBy(request: DecideRequest, measured: Measured, { decided, adjustments }: DifferenceDecision) {
  const { snapshot, reading, difference, approval, loaded } = measured;
  const { proPayId, records } = difference;
  const { current, canceled } = reading;
  const { calculation, nodes: approvedNodes } = snapshot;
  const nodes = traceChange({
    ...{ proPayId, approval: approval.n, n: difference.revision, approved: { calculation, nodes: approvedNodes } },
    ...{ current, canceled, records, decided, adjustments },
  });
  const kept = { version: 1, difference, calculation: current, canceled, decided, adjustments, nodes };
  return writeSnapshot(request.ports.table, request.scope, loaded.proPay.id, kept);
}
