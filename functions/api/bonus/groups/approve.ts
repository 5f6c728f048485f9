import { approvalSummary } from '#bonus/commands/approve.ts';
import {
  approvedGroup,
  approvedMember,
  decideGroupApproval,
  type GroupApproval,
  requireActiveGroup,
} from '#bonus/groups/approve.ts';
import { blockersOfGroup } from '#bonus/groups/blockers.ts';
import { nextGroupResult } from '#bonus/groups/result.ts';
import { type WorkedGroup, workOutGroup } from '#bonus/groups/work-out.ts';
import { reworkJobsOf } from '#bonus/inputs/rework.ts';
import { crewShareOfGroup } from '#bonus/pay-law/crew-share.ts';
import { nextResult } from '#bonus/work-out.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { digestOfContribution } from '#model/group-item.ts';
import type { LineItem } from '#model/pay.ts';
import { makeItems } from '#pay/make-items.ts';
import { actionOf } from '#store/conditions.ts';
import { changedContribution, updateGroupAction, updateGroupResultAction } from '#store/group-repository.ts';
import { newLineItem } from '#store/pay-repository.ts';
import { approvalAction, changedResult } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { ApiProblem } from '../../problem.ts';
import type { ApiAnswer } from '../../route.ts';
import { lineItemView } from '../pay/views.ts';
import { type ApproveBody, differenceOf } from '../propays/approver-sees.ts';
import { withRetries } from '../propays/load.ts';
import { resultView } from '../propays/views.ts';
import { viewerOfGroup } from '../sight.ts';
import { changedMember, type GroupCommand } from './change.ts';
import { viewOfGroup } from './get-group.ts';
import { type LoadedGroup, type LoadedMember, loadGroupToChange, loadMembers, momentOf } from './load.ts';
import { groupSnapshot } from './snapshot.ts';
import { partsOf } from './views.ts';

/**
 * Approves a group as a whole (B-104): every member is worked out anew from its own job and compared with what the approver saw; group,
 * members and items change together or not at all. What is stored after the reading comes after the approval and shows as a difference.
 */
export function approveGroup(request: GroupCommand, id: string, body: ApproveBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const loaded = await loadGroupToChange(request, id);
    const { group, desk } = loaded;
    requireActiveGroup(group);
    const members = await loadMembers(request, loaded);
    if (members === null) return null;
    const contributions = members.map(({ contribution }) => contribution);
    const worked = workOutGroup(group, contributions, desk.context, { final: true });
    if (worked.result.inputsVersion !== body.inputsVersion) return inputsChanged(request, loaded, members, worked);
    const moment = momentOf(loaded);
    const blockers = blockersOfGroup(group, contributions, worked, moment);
    const asked = { approvalDate: body.approvalDate ?? null, accept: body.accept ?? [] };
    const decision = decideGroupApproval(asked, group, worked, blockers, moment.todayDate);
    return write(request, loaded, members, worked, decision, body.note ?? null);
  });
}

/** The approver saw other figures: what the members leave by their present inputs is stored, and nothing is approved (fault 61). */
async function inputsChanged(
  request: GroupCommand,
  loaded: LoadedGroup,
  members: readonly LoadedMember[],
  worked: WorkedGroup,
): Promise<null> {
  const { ports, scope } = request;
  const moved = members.filter(({ contribution, stored }) => digestOfContribution(contribution) !== digestOfContribution(stored));
  await inParallel(moved, async ({ loaded: member, contribution, stored }) => {
    const shown = await member.workOut(member.proPay);
    const fresh = nextResult(member.result, shown.result, ports.now());
    await ports.table.write(scope, [
      actionOf(changedResult(scope, member.proPay, fresh, member.result.calcRev)),
      actionOf(changedContribution(scope, { ...contribution, calcRev: fresh.calcRev }, stored.calcRev)),
    ]);
  });
  const viewer = viewerOfGroup(request, loaded.desk, loaded);
  const before = loaded.result.ifCompleted ?? loaded.result.figures;
  throw new ApiProblem('inputs-changed', {
    detail: 'The figures have changed since you saw them.',
    data: {
      inputsVersion: worked.result.inputsVersion,
      result: resultView(worked.result, worked.result.figures, viewer),
      difference: differenceOf(before, worked.result.figures),
    },
  });
}

async function write(
  request: GroupCommand,
  loaded: LoadedGroup,
  members: readonly LoadedMember[],
  worked: WorkedGroup,
  decision: GroupApproval,
  note: string | null,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor, command } = request;
  const { group, desk } = loaded;
  const { table } = ports;
  const { items, heads } = await makeItems(table, scope, desk.context, itemsToMake(loaded, members, worked, decision));
  const snapshot = await writeSnapshot(table, scope, group.id, groupSnapshot(loaded, members, worked, decision));
  const lineItemIds = items.map(({ item }) => item.id);
  const made = { by: actor.id, at: ports.now(), snapshotId: snapshot.digest, lineItemIds };
  const summary = approvalSummary(decision, made);
  const next = approvedGroup(group, summary);
  const result = nextGroupResult(loaded.result, worked.result, ports.now());
  const { accepted, approvalDate, totalCents, approvedAt } = summary;
  const done = await command.commit({
    actions: [
      updateGroupAction(scope, next, group.revision),
      updateGroupResultAction(scope, group.id, result, loaded.result.calcRev),
      approvalAction(scope, {
        sourceId: group.id,
        n: decision.n,
        approvedAt,
        approvalDate,
        by: actor.id,
        accepted,
        note,
        totalCents,
        lineItemIds,
        snapshotDigest: snapshot.digest,
        snapshotChunks: snapshot.chunks,
      }),
    ],
    staged: [
      ...items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
      ...approvedMembers(request, loaded, members, decision, summary),
    ],
    audit: {
      action: 'group.approved',
      entity: 'group',
      entityId: group.id,
      before: { status: group.status },
      after: {
        status: next.status,
        approvalDate,
        totalCents,
        inputsVersion: worked.result.inputsVersion,
        accepted,
        memberIds: worked.result.proPayIds,
      },
      reason: note,
      ...(items.some(({ item }) => item.workerId === actor.workerId) ? { selfApproved: true as const } : {}),
    },
    answer: {
      body: {
        ...viewOfGroup(request, { ...loaded, group: next, result, members: members.map(({ contribution }) => contribution) }),
        lineItems: items.map(({ item }: { item: LineItem }) => lineItemView(item, desk, heads.get(item.workerId) ?? null)),
      },
      revision: next.revision,
    },
  });
  return done.applied ? done.answer : null;
}

/** The members as they are Approved with their group, each with its part of the money. */
function approvedMembers(
  { scope, ports }: GroupCommand,
  { group }: LoadedGroup,
  members: readonly LoadedMember[],
  { terms, final }: GroupApproval,
  summary: ReturnType<typeof approvalSummary>,
) {
  const parts = partsOf(
    group,
    members.map(({ contribution }) => contribution),
    terms,
    final.payouts,
  );
  const totals = Map.groupBy(parts, ({ proPayId }) => proPayId);
  return members.flatMap(({ loaded, worked }) => {
    const totalCents = (totals.get(loaded.proPay.id) ?? []).reduce((sum, { cents }) => sum + cents, 0);
    const own = { totalCents, reworkJobIds: reworkJobsOf(loaded.state, loaded.proPay) };
    const next = approvedMember(loaded.proPay, summary, own, worked.assembled.choices);
    return changedMember(scope, loaded, next, worked, null, ports.now()).staged;
  });
}

function itemsToMake(
  { group }: LoadedGroup,
  members: readonly LoadedMember[],
  { result, terms }: WorkedGroup,
  decision: GroupApproval,
) {
  const first = members.find(({ contribution }) => contribution.proPayId === result.proPayIds[0])!;
  return {
    drafts: decision.drafts,
    origin: {
      source: { kind: 'group' as const, groupId: group.id, approval: decision.n },
      subjectId: group.id,
      approval: decision.n,
      terms: decision.terms,
      // All members have one pay calendar (B-101), so any of their branches names it.
      branchId: first.contribution.place.branchId,
      workFrom: result.startDate,
      workTo: result.lastDate,
    },
    earnedBy: {
      entries: members.flatMap(({ worked }) => worked.assembled.time.entries),
      crewShare: crewShareOfGroup(
        terms!.distribution.formula,
        group,
        members.map(({ contribution }) => contribution),
        members.map(({ loaded }) => loaded.proPay),
      ),
    },
  };
}
