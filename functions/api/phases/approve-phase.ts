import * as z from 'zod/mini';
import { type ApprovalDecision, approvalSummary, decideApproval } from '#bonus/commands/approve.ts';
import { approvedPhase, requireApprovable } from '#bonus/commands/phase.ts';
import { crewShareOf } from '#bonus/pay-law/crew-share.ts';
import { sharesOfApproval, withMovement } from '#bonus/phased/reserve.ts';
import { isChanged } from '#bonus/phased/work-out-phases.ts';
import { nextResult, type WorkedOut } from '#bonus/work-out.ts';
import { keepsReserve, type Phase, phaseSourceId } from '#model/phase.ts';
import type { Reserve } from '#model/reserve.ts';
import { type MadeItems, makeItems } from '#pay/make-items.ts';
import { newLineItem } from '#store/pay-repository.ts';
import { changedPhase } from '#store/phase-repository.ts';
import { approvalAction, updateResultAction } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { CHANGE_PROPAYS } from '../access.ts';
import { approveBody } from '../bonus/bodies.ts';
import { freshnessOf, todayIn } from '../bonus/desk.ts';
import { lineItemView } from '../bonus/pay/views.ts';
import { type ApproveBody, differenceOf } from '../bonus/propays/approver-sees.ts';
import { withRetries } from '../bonus/propays/load.ts';
import { snapshotOf } from '../bonus/propays/snapshot.ts';
import { resultView } from '../bonus/propays/views.ts';
import type { ChangeRequest } from '../bonus/propays/write-change.ts';
import { viewerOf } from '../bonus/sight.ts';
import { ApiProblem } from '../problem.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { writeParts } from '../write-effect.ts';
import { savePhases } from './change.ts';
import { asProPay, type LoadedPhases, loadForCommand, workedPhaseIn, workOutPhase } from './load.ts';
import { decidedPhaseSchema } from './shapes.ts';
import { phaseViewIn } from './views.ts';

/** Approves one phase: its payouts become line items (B-113), or go into the reserve, which a loss draws on (B-114). */
export const approvePhase = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/phases/{phaseId}/approve',
  group: 'phase-decisions',
  summary: 'Approve a phase: into line items, or into the reserve',
  access: CHANGE_PROPAYS,
  body: z.strictObject(approveBody),
  bodyExample: { inputsVersion: 'mJ3…' },
  idempotency: 'required',
  answer: { status: 200, description: 'The phase and the line items it made', schema: decidedPhaseSchema },
  handler: (request) => approve(request, request.params, request.body),
});

interface PhaseName {
  readonly id: string;
  readonly phaseId: string;
}

function approve(request: ChangeRequest, { id, phaseId }: PhaseName, body: ApproveBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const read = await loadForCommand(request, id);
    const { loaded } = read;
    const shown = await loaded.workOut(loaded.proPay);
    const phase = workedPhaseIn(shown, phaseId).next;
    requireApprovable(phase);
    const worked = await workOutPhase(request, loaded, phase, { final: true });
    if (worked.assembled.inputsVersion !== body.inputsVersion) return inputsChanged(request, read, shown, phase, worked);
    const decision = decideApproval(
      {
        inputsVersion: body.inputsVersion,
        approvalDate: body.approvalDate ?? null,
        accept: body.accept ?? [],
        note: body.note ?? null,
      },
      {
        proPay: asProPay(loaded, phase).proPay,
        worked,
        freshness: freshnessOf(loaded.desk, worked.result.connectionIds),
        todayDate: todayIn(loaded.desk, worked.assembled.place.branchId),
        category: 'phase',
      },
    );
    return write(request, read, phase, worked, decision, body.note ?? null);
  });
}

/** The approver saw other figures: the present ones are stored and sent along, and nothing is approved (fault 61). */
async function inputsChanged(
  { ports, scope, actor, reach }: ChangeRequest,
  { loaded }: LoadedPhases,
  shown: WorkedOut,
  phase: Phase,
  worked: WorkedOut,
): Promise<null> {
  const { desk, proPay, result } = loaded;
  await writeParts(ports, scope, {
    actions: [updateResultAction(scope, proPay, nextResult(result, shown.result, ports.now()), result.calcRev)],
    staged: shown.phases.filter(isChanged).map(({ next }) => changedPhase(scope, next)),
    last: [],
  });
  const stored = loaded.state.phases.find((one) => one.id === phase.id && one.proPayId === proPay.id)?.result;
  const viewer = viewerOf({ actor, reach }, desk, result);
  throw new ApiProblem('inputs-changed', {
    detail: 'The figures have changed since you saw them.',
    data: {
      inputsVersion: worked.assembled.inputsVersion,
      result: resultView(worked.result, worked.result.figures, viewer),
      difference: differenceOf(stored?.ifCompleted ?? stored?.figures ?? null, worked.result.figures),
    },
  });
}

async function write(
  request: ChangeRequest,
  read: LoadedPhases,
  phase: Phase,
  worked: WorkedOut,
  decision: ApprovalDecision,
  note: string | null,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor } = request;
  const { loaded } = read;
  const { desk, proPay } = loaded;
  const sourceId = phaseSourceId(phase);
  const at = ports.now();
  const { reserve, made } = keepsReserve(proPay)
    ? { reserve: filledReserve(read.reserve, phase, decision, { by: actor.id, at }), made: NOTHING_MADE }
    : {
        reserve: read.reserve,
        made: await makeItems(ports.table, scope, desk.context, itemsToMake(read, phase, worked, decision)),
      };
  const movement = reserve === read.reserve ? null : reserve.movements.at(-1)!;
  const lineItemIds = made.items.map(({ item }) => item.id);
  const snapshot = await writeSnapshot(
    ports.table,
    scope,
    sourceId,
    snapshotOf({ ...loaded, ...asProPay(loaded, phase) }, worked, decision),
  );
  const summary = {
    ...approvalSummary(decision, { by: actor.id, at, snapshotId: snapshot.digest, lineItemIds }),
    ...(keepsReserve(proPay) ? { totalCents: (movement?.shares ?? []).reduce((sum, { cents }) => sum + cents, 0) } : {}),
  };
  const { burden, overtimeCost } = worked.assembled.choices;
  const { accepted, approvalDate, totalCents, approvedAt } = summary;
  return savePhases(request, read, {
    proPay: { lockedChoices: proPay.lockedChoices ?? { burden, overtimeCost }, listDate: approvalDate },
    phases: [approvedPhase(phase, worked, summary)],
    reserve,
    made: made.items.map(({ item }) => item),
    action: 'phase.approved',
    reason: note,
    before: { phaseId: phase.id, status: phase.status },
    after: {
      phaseId: phase.id,
      status: 'Approved',
      approvalDate,
      totalCents,
      inputsVersion: worked.assembled.inputsVersion,
      accepted,
    },
    selfApproved: actor.workerId !== null && decision.final.payouts.some(({ workerId }) => workerId === actor.workerId),
    extra: [
      approvalAction(scope, {
        ...{ sourceId, n: decision.n, approvedAt, approvalDate, by: actor.id, accepted, note, totalCents, lineItemIds },
        ...{ snapshotDigest: snapshot.digest, snapshotChunks: snapshot.chunks },
      }),
    ],
    staged: made.items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    answer: (parts) => ({
      ...phaseViewIn(request, parts, phase.id),
      lineItems: made.items.map(({ item }) => lineItemView(item, desk, made.heads.get(item.workerId) ?? null)),
    }),
  });
}

const NOTHING_MADE: MadeItems = { items: [], heads: new Map() };

/** The reserve after a phase's approval: approvals count in the order in which they are made (B-114). */
function filledReserve(
  reserve: Reserve,
  phase: Phase,
  { n, final }: ApprovalDecision,
  { by, at }: { readonly by: string; readonly at: string },
): Reserve {
  const shares = sharesOfApproval(reserve.movements, final);
  return withMovement(reserve, { kind: 'approval', phaseId: phase.id, n, shares, lineItemIds: [], by, at });
}

function itemsToMake({ loaded }: LoadedPhases, phase: Phase, { assembled }: WorkedOut, { drafts, n }: ApprovalDecision) {
  const { proPay } = loaded;
  const { place, time } = assembled;
  return {
    drafts,
    origin: {
      source: { kind: 'phase', proPayId: proPay.id, phaseId: phase.id, approval: n },
      subjectId: phaseSourceId(phase),
      approval: n,
      terms: proPay.pool,
      branchId: place.branchId,
      workFrom: time.startDate,
      workTo: time.lastDate,
    },
    earnedBy: { entries: time.entries, crewShare: crewShareOf(proPay, assembled) },
  } as const;
}
