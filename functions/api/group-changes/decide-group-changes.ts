import { laterDrafts } from '#bonus/commands/later-items.ts';
import { type DifferenceDecision, decideDifference } from '#bonus/commands/source-change.ts';
import { traceGroupChange } from '#bonus/groups/trace-source-change.ts';
import { crewShareOfGroup } from '#bonus/pay-law/crew-share.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import type { Group } from '#model/group.ts';
import { type MadeItems, makeItems } from '#pay/make-items.ts';
import { differenceDecisionAction, putDifferenceAction } from '#store/difference-repository.ts';
import { updateGroupAction } from '#store/group-repository.ts';
import { newLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { todayIn } from '../bonus/desk.ts';
import { lineItemView } from '../bonus/pay/views.ts';
import { withRetries } from '../bonus/propays/load.ts';
import { decidedGroupSchema } from '../changes/source-changes/shapes.ts';
import { type DecideRequest, type VerdictBody, verdictRoute } from '../changes/source-changes/verdict.ts';
import { ApiProblem } from '../problem.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { type MeasuredGroup, measureGroup } from './measure.ts';
import { groupChangesView } from './read-group-changes.ts';

const answer = { status: 200, description: 'The decided difference and the items it made', schema: decidedGroupSchema };
/** Accepts a group's difference, all of it or some people's: adjusting line items, and the baseline of later differences (B-97). */
export const acceptGroupChanges = defineRoute({
  ...verdictRoute,
  group: 'group-changes',
  answer,
  path: '/v1/groups/{id}/source-changes/accept',
  summary: 'Accept what the sources of a group say now, as adjusting line items',
  idempotency: 'required',
  handler: (request) => decide(request, request.params.id, 'accept', request.body),
});

/** Dismisses a group's difference: no money moves, and only a further change opens a new one (B-96). */
export const dismissGroupChanges = defineRoute({
  ...verdictRoute,
  group: 'group-changes',
  answer,
  path: '/v1/groups/{id}/source-changes/dismiss',
  summary: 'Dismiss what the sources of a group say now',
  idempotency: 'accepted',
  handler: (request) => decide(request, request.params.id, 'dismiss', request.body),
});

type Verdict = 'accept' | 'dismiss';

function decide(request: DecideRequest, id: string, verdict: Verdict, given: VerdictBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const measured = await measureGroup(request, id);
    if (measured === null) return null;
    const { approval, difference, loaded } = measured;
    if (difference.state === 'Open' && difference.inputsVersion !== given.inputsVersion)
      throw new ApiProblem('inputs-changed', {
        detail: 'The sources have changed since you saw the difference.',
        data: { ...groupChangesView(request, loaded, difference) },
      });
    const items = await readItemsOfApproval(request.ports.table, request.scope, approval.lineItemIds);
    const allowed = deductionsAllowed(loaded.desk.context, branchOf(measured));
    const decision = decideDifference(difference, { verdict, workerIds: given.workerIds ?? null }, items, allowed);
    return write(request, measured, decision, verdict, given.reason);
  });
}

/** All members have one pay calendar (B-101), so the first one's branch names it, as at the approval. */
function branchOf({ loaded, members }: MeasuredGroup): string | null {
  const first = members.find(({ contribution }) => contribution.proPayId === loaded.result.proPayIds[0]);
  return first?.contribution.place.branchId ?? loaded.group.branchId;
}

async function write(
  request: DecideRequest,
  measured: MeasuredGroup,
  decision: DifferenceDecision,
  verdict: Verdict,
  reason: string,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor, command } = request;
  const { loaded, approval, difference } = measured;
  const { desk, group } = loaded;
  const made = await itemsOf(request, measured, decision, reason);
  const lineItemIds = made.items.map(({ item }) => item.id);
  const snapshot = lineItemIds.length === 0 ? null : await explainedBy(request, measured, decision);
  const next: Group = {
    ...group,
    approval: { ...approval, lineItemIds: [...approval.lineItemIds, ...lineItemIds] },
    revision: group.revision + 1,
  };
  const { deltaSeconds, deltaCents, state, inputsVersion, records, runId } = difference;
  const done = await command.commit({
    actions: [
      updateGroupAction(scope, next, group.revision),
      putDifferenceAction(scope, decision.next),
      differenceDecisionAction(scope, {
        ...{ proPayId: group.id, approval: approval.n, n: difference.revision, verdict, byWorker: decision.decided },
        ...{ records, runId, lineItemIds, reason, by: actor.id, at: ports.now(), snapshot },
      }),
    ],
    staged: made.items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    audit: {
      action: verdict === 'accept' ? 'group.source_change_accepted' : 'group.source_change_dismissed',
      entity: 'group',
      entityId: group.id,
      before: { state, inputsVersion, deltaSeconds, deltaCents },
      after: { state: decision.next.state, decided: decision.decided, adjustments: decision.adjustments },
      reason,
      ...(made.items.some(({ item }) => item.workerId === actor.workerId) ? { selfApproved: true as const } : {}),
    },
    answer: {
      body: {
        ...groupChangesView(request, loaded, decision.next),
        lineItems: made.items.map(({ item }) => lineItemView(item, desk, made.heads.get(item.workerId) ?? null)),
      },
      revision: next.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** The adjusting items, each on its worker's next open statement. */
async function itemsOf(
  request: DecideRequest,
  measured: MeasuredGroup,
  { adjustments }: DifferenceDecision,
  reason: string,
): Promise<MadeItems> {
  const { ports, scope } = request;
  const { loaded, approval, difference, snapshot, members } = measured;
  const { desk, group, result } = loaded;
  const branchId = branchOf(measured);
  const made = await makeItems(ports.table, scope, desk.context, {
    drafts: laterDrafts(adjustments, 'adjustment', todayIn(desk, branchId)),
    origin: {
      source: { kind: 'group-adjustment', groupId: group.id, approval: approval.n },
      subjectId: `${group.id} change ${difference.revision}`,
      approval: approval.n,
      terms: snapshot.settings,
      branchId,
      workFrom: result.startDate,
      workTo: result.lastDate,
    },
    earnedBy: {
      entries: members.flatMap(({ reading }) => reading.worked.assembled.time.entries),
      crewShare: crewShareOfGroup(
        snapshot.settings.distribution.formula,
        group,
        members.map(({ contribution }) => contribution),
        snapshot.members.map(({ proPay }) => proPay),
      ),
    },
  });
  return { ...made, items: made.items.map(({ item, freeOn }) => ({ item: { ...item, description: reason }, freeOn })) };
}

/** Keeps what the items were made of, for the explanation (B-5). */
function explainedBy(request: DecideRequest, measured: MeasuredGroup, { decided, adjustments }: DifferenceDecision) {
  const { snapshot, difference, approval } = measured;
  const { group, settings, nodes: steps } = snapshot;
  const { proPayId, records } = difference;
  const present = measured.members.map(({ contribution, reading }) => ({ contribution, calculation: reading.current }));
  const approved = snapshot.members;
  const decision = { n: difference.revision, records, decided, adjustments };
  const of = { proPayId, approval: approval.n, group, settings, approved, nodes: steps };
  const nodes = traceGroupChange({ ...of, present, ...decision });
  return writeSnapshot(request.ports.table, request.scope, proPayId, {
    version: 1,
    difference,
    members: present,
    ...decision,
    nodes,
  });
}
