import { moneyOfCallback } from '#bonus/commands/callback.ts';
import { laterDrafts } from '#bonus/commands/later-items.ts';
import { addUpTime } from '#bonus/groups/contribution.ts';
import { calendarOfBranch, placeItem } from '#bonus/pay/assignment.ts';
import { NOT_SHARED } from '#bonus/pay-law/crew-share.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import type { Payout } from '#bonus/shapes.ts';
import { callbackNodes, traceCallback } from '#bonus/trace-callback.ts';
import type { Callback } from '#model/callback.ts';
import type { Contribution, Group } from '#model/group.ts';
import type { ItemSource, LineItem, PayHead } from '#model/pay.ts';
import type { ApprovalSummary, ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { putCallbackAction } from '#store/callback-repository.ts';
import { changedContribution, updateGroupAction } from '#store/group-repository.ts';
import { changedLineItem, newLineItem, readHeadsOfWorkers } from '#store/pay-repository.ts';
import { updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import type { StagedWrite, Table, WriteAction } from '#store/table.ts';
import type { ApprovedOriginal, AssessedCallback, OriginalGroup } from './assess-callback.ts';
import { makeItems } from './make-items.ts';

/** Who applies a callback, and why. */
export interface Applier {
  readonly by: string;
  readonly reason: string | null;
}

/** An item that a callback made, and the step that explains it. */
export interface CallbackItem {
  readonly lineItemId: string;
  readonly payout: Payout;
  readonly node: string;
}

/** Everything that applying a callback writes, but for the audit entry; the callback and the ProPay as they are afterwards. */
export interface Application {
  readonly callback: Callback;
  readonly proPay: ProPay;
  readonly result: ApprovedOriginal['result'];
  readonly items: readonly LineItem[];
  readonly heads: ReadonlyMap<string, PayHead | null>;
  readonly actions: readonly WriteAction[];
  readonly staged: readonly StagedWrite[];
}

/** Works out what an assessed callback takes (B-153) and everything that has to be written for it, in one transaction. */
export async function applyCallback(
  table: Table,
  scope: TenantScope,
  original: ApprovedOriginal,
  callback: Callback,
  assessed: AssessedCallback,
  applier: Applier,
): Promise<Application> {
  const { proPay, result, approval, group, items, context, todayDate, now } = original;
  const subjectId = group?.group.id ?? proPay.id;
  const { branchId } = result.place;
  const money = moneyOfCallback(callback, assessed.assessment, items, {
    ...{ by: applier.by, at: now, todayDate },
    deductionsAllowed: deductionsAllowed(context, branchId),
  });
  const made = await makeItems(table, scope, context, {
    drafts: laterDrafts(money.deductions, 'callback', todayDate),
    origin: {
      source: sourceOf(original, callback),
      subjectId: `${callback.id} ${callback.revision}`,
      approval,
      terms: group?.snapshot.settings ?? proPay.pool,
      branchId,
      workFrom: assessed.workFrom,
      workTo: assessed.workTo,
    },
    earnedBy: { entries: [], crewShare: NOT_SHARED },
  });
  const remainders = await placed(table, scope, original, money.remainders);
  const explained = {
    ...{ proPayId: assessed.basis.scopeId, callback, ...assessed.basis },
    ...{ parts: money.parts, reserve: assessed.reserve },
  };
  const nodes = callbackNodes(explained);
  const explainedItems: readonly CallbackItem[] = [
    ...remainders.map(({ item }) => explainedItem(item, nodes.reserve)),
    ...made.items.map(({ item }) => explainedItem(item, nodes.deduction)),
  ];
  const kept = { version: 1, callbackId: callback.id, nodes: traceCallback(explained), items: explainedItems };
  const newItems = [...remainders, ...made.items];
  const lineItemIds = newItems.map(({ item }) => item.id);
  const applied: Callback = {
    ...callback,
    state: 'Applied',
    proPayId: proPay.id,
    approval,
    assessment: { ...assessed.assessment, byWorker: money.parts },
    missing: [],
    decision: { by: applier.by, at: now, reason: applier.reason, unlinked: false },
    lineItemIds,
    snapshot: await writeSnapshot(table, scope, subjectId, kept),
  };
  const approved =
    group === null ? approvedAlone(scope, original, lineItemIds) : approvedInGroup(scope, original, group, assessed, applied);
  return {
    callback: { ...applied, revision: applied.revision + 1 },
    proPay: approved.proPay,
    result: approved.result,
    items: newItems.map(({ item }) => item),
    heads: made.heads,
    actions: [putCallbackAction(scope, applied), ...approved.actions],
    staged: [
      ...approved.staged,
      ...money.voided.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
      ...newItems.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    ],
  };
}

type Approved = Pick<Application, 'proPay' | 'result' | 'actions' | 'staged'>;

/** The approval with the items that the callback made. */
function approvedAlone(scope: TenantScope, { proPay, result }: ApprovedOriginal, lineItemIds: readonly string[]): Approved {
  const next: ProPay = { ...proPay, approval: withItems(proPay.approval!, lineItemIds), revision: proPay.revision + 1 };
  const following = { ...result, calcRev: result.calcRev + 1, cfgRev: next.revision };
  return {
    proPay: next,
    result: following,
    actions: [updateProPayAction(scope, next, proPay.revision), updateResultAction(scope, next, following, result.calcRev)],
    staged: [],
  };
}

/** The same of a group, whose member keeps what the rework was and what it took. */
function approvedInGroup(
  scope: TenantScope,
  { proPay, result }: ApprovedOriginal,
  { group, members }: OriginalGroup,
  { assessment, rework }: AssessedCallback,
  applied: Callback,
): Approved {
  const next: Group = { ...group, approval: withItems(group.approval!, applied.lineItemIds), revision: group.revision + 1 };
  const stored = members.find(({ proPayId }) => proPayId === proPay.id)!;
  const contribution: Contribution = {
    ...stored,
    calcRev: stored.calcRev + 1,
    rework: {
      callbackIds: [...(stored.rework?.callbackIds ?? []), applied.id],
      time: addUpTime({ entries: rework, excludedWorkerIds: [] }),
      appliedSeconds: (stored.rework?.appliedSeconds ?? 0) + assessment.reworkSeconds,
      parts: [...(stored.rework?.parts ?? []), ...applied.assessment!.byWorker],
    },
  };
  return {
    proPay,
    result,
    actions: [updateGroupAction(scope, next, group.revision)],
    staged: [changedContribution(scope, contribution, stored.calcRev)],
  };
}

function withItems(approval: ApprovalSummary, lineItemIds: readonly string[]): ApprovalSummary {
  return { ...approval, lineItemIds: [...approval.lineItemIds, ...lineItemIds] };
}

function sourceOf({ proPay, group }: ApprovedOriginal, callback: Callback): ItemSource {
  const of = { proPayId: proPay.id, callbackId: callback.id };
  return group === null ? { kind: 'callback', ...of } : { kind: 'group-callback', groupId: group.group.id, ...of };
}

/** Remainders stand where the items stood that they replace. */
async function placed(table: Table, scope: TenantScope, { context, result }: ApprovedOriginal, remainders: readonly LineItem[]) {
  const calendar = calendarOfBranch(context, result.place.branchId);
  const workerIds = remainders.map(({ workerId }) => workerId);
  const heads = await readHeadsOfWorkers(table, scope, workerIds, calendar.calendarId);
  return remainders.map((item) => ({
    item,
    freeOn: placeItem(item, calendar.calendar, heads.get(item.workerId) ?? null).freeOn,
  }));
}

function explainedItem(item: LineItem, nodeOf: (payout: Payout) => string): CallbackItem {
  const payout: Payout = { workerId: item.workerId, role: item.role!, cents: item.amountCents };
  return { lineItemId: item.id, payout, node: nodeOf(payout) };
}
