import * as z from 'zod/mini';
import { holdbacksOf } from '#bonus/commands/approve.ts';
import { createLineItems } from '#bonus/line-items.ts';
import { isHandPicked } from '#bonus/pay-law/crew-share.ts';
import { lotsOf, sharesOfRelease, totalOf, withMovement } from '#bonus/phased/reserve.ts';
import { refuse } from '#kernel/errors.ts';
import { keepsReserve, RELEASE } from '#model/phase.ts';
import type { ReserveMovement } from '#model/reserve.ts';
import { type ItemsToMake, makeItems } from '#pay/make-items.ts';
import { newLineItem } from '#store/pay-repository.ts';
import { CHANGE_PROPAYS } from '../access.ts';
import { todayIn } from '../bonus/desk.ts';
import { lineItemView } from '../bonus/pay/views.ts';
import { withRetries } from '../bonus/propays/load.ts';
import type { ChangeRequest } from '../bonus/propays/write-change.ts';
import { viewerOf } from '../bonus/sight.ts';
import { basisPoints, idText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { savePhases } from './change.ts';
import { type LoadedPhases, loadForCommand } from './load.ts';
import { releasedSchema } from './shapes.ts';
import { phasesView } from './views.ts';

const body = z.strictObject({
  releaseBp: basisPoints,
  overrides: z.optional(z.array(z.strictObject({ workerId: idText, releaseBp: basisPoints })).check(z.maxLength(500))),
});

/** Pays out what is held back (B-115): one percentage for everybody, or a person's own; the rest stays. */
export const releaseReserve = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/release-reserve',
  group: 'phase-decisions',
  summary: 'Release the reserve of a phased ProPay, in part or in full',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { releaseBp: 5_000 },
  idempotency: 'required',
  answer: { status: 200, description: 'The phases, and the line items that the release made', schema: releasedSchema },
  handler: (request) =>
    withRetries(async () => {
      const { releaseBp, overrides = [] } = request.body;
      const byWorker = new Map(overrides.map((one) => [one.workerId, one.releaseBp]));
      if (byWorker.size !== overrides.length) throw invalidField('/overrides', 'names somebody twice');
      const read = await loadForCommand(request, request.params.id);
      if (!keepsReserve(read.loaded.proPay)) return refuse('wrong-state', { detail: 'This ProPay keeps no reserve.' });
      const payouts = sharesOfRelease(read.reserve.movements, releaseBp, byWorker);
      if (payouts.length === 0) return refuse('wrong-state', { detail: 'Nothing would be released.' });
      return release(request, read, payouts, { releaseBp, overrides });
    }),
});

async function release(
  request: ChangeRequest,
  read: LoadedPhases,
  payouts: ReturnType<typeof sharesOfRelease>,
  asked: z.infer<typeof body>,
): Promise<ApiAnswer | null> {
  const { ports, scope, actor } = request;
  const { loaded, reserve } = read;
  const { desk, proPay, result } = loaded;
  const n = reserve.movements.filter(({ kind }) => kind === 'release').length + 1;
  const shares = payouts.map((payout) => ({ ...payout, cents: 0 - payout.cents }));
  const movement: ReserveMovement = { kind: 'release', phaseId: null, n, shares, lineItemIds: [], by: actor.id, at: ports.now() };
  const { branchId } = result.place;
  const made = await makeItems(ports.table, scope, desk.context, {
    drafts: createLineItems({
      ...{ category: 'phase', approvalDate: todayIn(desk, branchId), payouts },
      ...{ leadPayouts: [], holdbacks: holdbacksOf(proPay.pool) },
    }),
    origin: {
      source: { kind: 'phase', proPayId: proPay.id, phaseId: RELEASE, approval: n },
      subjectId: `${proPay.id} ${RELEASE}`,
      approval: n,
      terms: proPay.pool,
      branchId,
      workFrom: result.startDate,
      workTo: null,
    },
    earnedBy: await earnedBehind(read, movement),
  });
  const items = made.items.map(({ item }) => item);
  const viewer = viewerOf(request, desk, result);
  return savePhases(request, read, {
    phases: [],
    reserve: withMovement(reserve, { ...movement, lineItemIds: items.map(({ id }) => id) }),
    made: items,
    action: 'propay.reserve_released',
    before: { reserveCents: totalOf(reserve.movements) },
    after: { ...asked, released: payouts, lineItemIds: items.map(({ id }) => id) },
    selfApproved: actor.workerId !== null && payouts.some(({ workerId }) => workerId === actor.workerId),
    staged: made.items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    answer: (parts) => ({
      ...phasesView(parts, viewer),
      lineItems: items.map((item) => lineItemView(item, desk, made.heads.get(item.workerId) ?? null)),
    }),
  });
}

/** Each person's time of the phases that the released money comes from: its weeks are the item's weeks (B-204). */
async function earnedBehind({ loaded, reserve }: LoadedPhases, movement: ReserveMovement): Promise<ItemsToMake['earnedBy']> {
  const lots = lotsOf([...reserve.movements, movement]).filter(({ released }) => released.has(movement.n));
  const { phases } = await loaded.workOut(loaded.proPay);
  const entries = phases.flatMap(({ next, worked }) => {
    const workerIds = new Set(lots.filter(({ phaseId }) => phaseId === next.id).map(({ workerId }) => workerId));
    return worked.assembled.time.entries.filter(({ workerId }) => workerIds.has(workerId));
  });
  const { formula } = loaded.proPay.distribution;
  const workerIds = entries.map(({ workerId }) => workerId);
  return { entries, crewShare: { formula, handPicked: isHandPicked([loaded.proPay], workerIds) } };
}
