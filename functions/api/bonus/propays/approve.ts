import {
  type ApprovalDecision,
  approvalSummary,
  approvedProPay,
  decideApproval,
  itemsOfApproval,
  originOfProPay,
} from '#bonus/commands/approve.ts';
import { requireActive, requireUnphased } from '#bonus/commands/status.ts';
import { reworkJobsOf } from '#bonus/inputs/rework.ts';
import { calendarOfBranch } from '#bonus/pay/assignment.ts';
import { crewShareOf } from '#bonus/pay-law/crew-share.ts';
import { nextResult, sameResult, type WorkedOut } from '#bonus/work-out.ts';
import type { PayHead } from '#model/pay.ts';
import { readEarned } from '#pay/earned.ts';
import { newLineItem, readPayHeads } from '#store/pay-repository.ts';
import { approvalAction, updateResultAction } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { ApiProblem } from '../../problem.ts';
import type { ApiAnswer, ApiRequest } from '../../route.ts';
import { freshnessOf, todayIn } from '../desk.ts';
import { lineItemView } from '../pay/views.ts';
import { viewerOf } from '../sight.ts';
import { type ApproveBody, differenceOf } from './approver-sees.ts';
import { saveChange } from './change.ts';
import { type LoadedInputs, loadToChange, withRetries } from './load.ts';
import { snapshotOf } from './snapshot.ts';
import { resultView } from './views.ts';

type ApproveRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

/**
 * Approves one ProPay (B-86 to B-89): reads its inputs strongly, compares their version with the one the approver saw, decides, writes the
 * snapshot outside and everything else inside one transaction. An entry that is stored after the reading is not in it: it comes after the
 * approval and shows as a difference.
 */
export function approve(request: ApproveRequest, id: string, body: ApproveBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const loaded = await loadToChange(request, id);
    const { desk, proPay } = loaded;
    requireUnphased(proPay);
    requireActive(proPay);
    const worked = await loaded.workOut(proPay, { final: true });
    if (worked.assembled.inputsVersion !== body.inputsVersion) return inputsChanged(request, loaded, worked);
    const { branchId } = worked.assembled.place;
    const decision = decideApproval(
      {
        inputsVersion: body.inputsVersion,
        approvalDate: body.approvalDate ?? null,
        accept: body.accept ?? [],
        note: body.note ?? null,
      },
      { proPay, worked, freshness: freshnessOf(desk, worked.result.connectionIds), todayDate: todayIn(desk, branchId) },
    );
    return write(request, loaded, worked, decision, body.note ?? null);
  });
}

/** The approver saw other figures: the present ones are stored and sent along, and nothing is approved (fault 61). */
async function inputsChanged(request: ApproveRequest, loaded: LoadedInputs, worked: WorkedOut): Promise<null> {
  const { ports, scope } = request;
  const { desk, proPay, result } = loaded;
  const shown = await loaded.workOut(proPay);
  if (!sameResult(result, shown.result))
    await ports.table.write(scope, [
      updateResultAction(scope, proPay, nextResult(result, shown.result, ports.now()), result.calcRev),
    ]);
  const viewer = viewerOf(request, desk, result);
  const before = result.ifCompleted ?? result.figures;
  throw new ApiProblem('inputs-changed', {
    detail: 'The figures have changed since you saw them.',
    data: {
      inputsVersion: worked.assembled.inputsVersion,
      result: resultView(worked.result, worked.result.figures, viewer),
      difference: differenceOf(before, worked.result.figures),
    },
  });
}

async function write(
  request: ApproveRequest,
  loaded: LoadedInputs,
  worked: WorkedOut,
  decision: ApprovalDecision,
  note: string | null,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor } = request;
  const { desk, proPay } = loaded;
  const { table } = ports;
  const calendar = calendarOfBranch(desk.context, worked.assembled.place.branchId);
  const workerIds = [...new Set(decision.drafts.map((draft) => draft.workerId))];
  const found = await readPayHeads(table, scope, workerIds, calendar.calendarId);
  const heads = new Map<string, PayHead | null>(workerIds.map((workerId, at) => [workerId, found[at] ?? null]));
  const { entries } = worked.assembled.time;
  const crewShare = crewShareOf(proPay, worked.assembled);
  const earned = await readEarned(table, scope, desk.context, { workerIds, entries, crewShare });
  const items = itemsOfApproval(decision.drafts, originOfProPay(decision, proPay, worked, earned), calendar, heads);
  const snapshot = await writeSnapshot(table, scope, proPay.id, snapshotOf(loaded, worked, decision));
  const lineItemIds = items.map(({ item }) => item.id);
  const made = { by: actor.id, at: ports.now(), snapshotId: snapshot.digest, lineItemIds };
  const summary = { ...approvalSummary(decision, made), reworkJobIds: reworkJobsOf(loaded.state, proPay) };
  const { accepted, approvalDate, totalCents, approvedAt } = summary;
  return saveChange(request, loaded, {
    next: approvedProPay(proPay, summary, worked.assembled.choices),
    worked,
    action: 'propay.approved',
    reason: note,
    before: { status: proPay.status },
    after: { status: 'Approved', approvalDate, totalCents, inputsVersion: worked.assembled.inputsVersion, accepted },
    selfApproved: actor.workerId !== null && decision.drafts.some((draft) => draft.workerId === actor.workerId),
    extra: [
      approvalAction(scope, {
        sourceId: proPay.id,
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
    staged: items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    beside: () => ({ lineItems: items.map(({ item }) => lineItemView(item, desk, heads.get(item.workerId) ?? null)) }),
  });
}
