import { type DifferenceDecision, decideDifference, nextDifference, saysSame } from '#bonus/commands/source-change.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readSources } from '#bonus/source-reading.ts';
import { refuse } from '#kernel/errors.ts';
import type { SourceDifference } from '#model/difference.ts';
import { isPhased } from '#model/phase.ts';
import type { ApprovalSummary, ProPay } from '#model/propay.ts';
import { differenceDecisionAction, putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { newLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { lineItemView } from '../../bonus/pay/views.ts';
import { type LoadedInputs, loadToChange, withRetries } from '../../bonus/propays/load.ts';
import { writeChange } from '../../bonus/propays/write-change.ts';
import { type ApiAnswer, defineRoute } from '../../route.ts';
import { adjustingItems, keepChange, type MeasuredChange } from './adjusting-items.ts';
import { decidePhases } from './decide-phases.ts';
import { requireSeen, viewOf } from './seen.ts';
import { decidedSchema } from './shapes.ts';
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
interface Measured extends MeasuredChange {
  readonly loaded: LoadedInputs;
  readonly approval: ApprovalSummary;
}

/** Reads everything anew, so that what is decided is what the sources say now, and decides it if it is what the caller saw. */
function decide(request: DecideRequest, id: string, verdict: 'accept' | 'dismiss', given: VerdictBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { ports, scope } = request;
    // Before the sources, so that an older reading of them never stands over a newer one.
    const known = await readDifference(ports.table, scope, id);
    const loaded = await loadToChange(request, id);
    if (isPhased(loaded.proPay)) return decidePhases(request, { loaded, known }, verdict, given);
    const measured = await measure(request, loaded, known);
    if (measured === null) return null;
    const { approval, difference } = measured;
    requireSeen(request, loaded, difference, given);
    const items = await readItemsOfApproval(ports.table, scope, approval.lineItemIds);
    const allowed = deductionsAllowed(loaded.desk.context, loaded.result.place.branchId);
    const decision = decideDifference(difference, { verdict, workerIds: given.workerIds ?? null }, items, allowed);
    return write(request, measured, decision, verdict, given.reason);
  });
}

async function measure(request: DecideRequest, loaded: LoadedInputs, known: SourceDifference | null): Promise<Measured | null> {
  const { scope } = request;
  const { table } = request.ports;
  const { proPay, result, state, desk } = loaded;
  const { approval } = proPay;
  if (approval === null) return refuse('wrong-state', { data: { status: proPay.status } });
  if (proPay.groupId !== null) return refuse('member-of-group', { data: { groupId: proPay.groupId } });
  const snapshot = (await readApprovalSnapshot(table, scope, proPay.id, approval.n)) as ApprovalSnapshot;
  const reading = await readSources(
    { ...state, result },
    { proPay, snapshot },
    desk.context,
    inputReaders(table, scope, request.ports.now()),
  );
  const of = { proPayId: proPay.id, approval: approval.n, branchId: result.place.branchId, seenAt: request.ports.now() };
  const difference = nextDifference(known, reading, of);
  if (difference === null) return refuse('wrong-state', { detail: 'The sources say what was approved.' });
  // What the stream has not brought yet is kept at once: who is refused finds the present figures.
  if (known !== null && saysSame(known, difference)) return { loaded, approval, snapshot, reading, difference: known };
  const outcome = await table.write(scope, [putDifferenceAction(scope, difference)]);
  if (!outcome.applied) return null;
  return { loaded, approval, snapshot, reading, difference: { ...difference, revision: difference.revision + 1 } };
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
  const { n } = approval;
  const of = { source: { kind: 'adjustment', proPayId: proPay.id, approval: n }, subjectId: proPay.id, approval: n } as const;
  const made = await adjustingItems(request, loaded, { ...measured, of }, decision.adjustments, reason);
  const lineItemIds = made.items.map(({ item }) => item.id);
  const snapshot = lineItemIds.length === 0 ? null : await keepChange(request, { ...measured, of }, decision);
  const next: ProPay = {
    ...proPay,
    approval: { ...approval, lineItemIds: [...approval.lineItemIds, ...lineItemIds] },
    revision: proPay.revision + 1,
  };
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
    answer: () => ({
      body: {
        ...viewOf(request, loaded, decision.next),
        lineItems: made.items.map(({ item }) => lineItemView(item, desk, made.heads.get(item.workerId) ?? null)),
      },
    }),
  });
}
